// Cursors: what was not made by this server is refused, whatever it looks like, and each has one spelling in ASCII.
#include "chat/replay.hpp"
#include "require.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace {

/// libsodium reads each byte from 0x80 on as '_', which forges nothing.
std::string as_read(std::string text) {
    std::ranges::replace_if(text, [](char c) { return static_cast<signed char>(c) < 0; }, '_');
    return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const makechat::chat::Cursors cursors{makechat::SecretHash{1, 2, 3}};
    const std::string bytes(reinterpret_cast<const char*>(data), size);
    const auto position = cursors.read(bytes);
    if (position) require(cursors.write(*position) == as_read(bytes));
    else require(position.error().code == makechat::Code::bad_parameter);

    std::int64_t value = 0;
    std::memcpy(&value, data, std::min(size, sizeof value));
    auto cursor = cursors.write({value});
    require(cursor.size() == 22);
    const auto again = cursors.read(cursor);
    require(again && again->value == value);
    if (size < sizeof value + 2) return 0;
    // One character changed, added or left out: no cursor.
    auto& character = cursor[data[8] % cursor.size()];
    const char was = character;
    character = static_cast<char>(data[9]);
    require(cursors.read(cursor).has_value() == (as_read({character}) == std::string{was}));
    character = was;
    require(!cursors.read(cursor + static_cast<char>(data[9])));
    cursor.pop_back();
    require(!cursors.read(cursor));
    return 0;
}
