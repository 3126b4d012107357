// Mentions: of any text, names that stand in it behind an '@', each once, and none that no account could have.
#include "chat/mentions.hpp"

#include "base/limits.hpp"
#include "base/utf8.hpp"
#include "require.hpp"

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

namespace {

bool is_name_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (!makechat::is_valid_utf8(text)) return 0;  // is refused before
    const auto found = makechat::chat::find_mentions(text);
    require(found.names.size() <= makechat::limits::mentions_max);
    std::set<std::string> seen;
    for (const auto& name : found.names) {
        require(!name.empty());
        require(std::ranges::all_of(name, is_name_char));
        require(text.contains("@" + name));
        require(seen.insert(name).second);
    }
    if (found.all || found.here) require(text.contains('@'));
    // In a fence there is nobody.
    if (!text.contains("~~~")) {
        const auto fenced = makechat::chat::find_mentions("~~~\n" + std::string(text) + "\n~~~");
        require(fenced.names.empty() && !fenced.all && !fenced.here);
    }
    return 0;
}
