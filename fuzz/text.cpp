// What people write: UTF-8 is what RFC 3629 says, a folded name folds to itself, JSON carries any text there and back, and
// the rules for names let nothing through that would look like something else or break a line.
#include "base/fold.hpp"
#include "base/json_text.hpp"
#include "base/limits.hpp"
#include "base/utf8.hpp"
#include "chat/names.hpp"
#include "require.hpp"

#include <simdjson.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace {

using namespace makechat;

/// The code point at the front, which it takes off; none: not UTF-8. Spelled out after RFC 3629, 4.
std::optional<char32_t> take_code_point(std::string_view& text) {
    const auto byte = [&text](std::size_t i) -> unsigned {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    const unsigned first = byte(0);
    const std::size_t size = first < 0x80        ? 1
                             : first >> 5U == 6  ? 2
                             : first >> 4U == 14 ? 3
                             : first >> 3U == 30 ? 4
                                                 : 0;
    if (size == 0) return std::nullopt;
    char32_t point = size == 1 ? first : first & (0xFFU >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) {
        if (byte(i) >> 6U != 2) return std::nullopt;
        point = point << 6U | (byte(i) & 0x3FU);
    }
    constexpr char32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (point < least[size] || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) return std::nullopt;
    text.remove_prefix(size);
    return point;
}

/// How many code points; none: not UTF-8.
std::optional<std::size_t> count(std::string_view text) {
    std::size_t points = 0;
    for (; !text.empty(); ++points)
        if (!take_code_point(text)) return std::nullopt;
    return points;
}

bool has_control(std::string_view text) {
    while (!text.empty()) {
        const auto point = *take_code_point(text);
        if (point < 0x20 || (point >= 0x7F && point < 0xA0)) return true;
    }
    return false;
}

void check_json(std::string_view text) {
    std::string json;
    append_json_string(json, text);
    static simdjson::dom::parser parser;
    std::string_view again;
    require(parser.parse("[" + json + "]").at(0).get(again) == simdjson::SUCCESS && again == text);
    require(!json.contains('\n') && !json.contains('\0'));
}

void check_names(std::string_view text, std::size_t points) {
    const auto refused = [](const Result<bool>& result) {
        if (!result) require(is_valid_utf8(result.error().text) && !result.error().text.empty());
        return !result;
    };
    if (!refused(chat::check_username(text))) {
        require(!text.empty() && text.size() <= limits::username_chars_max);
        require(std::ranges::all_of(text, chat::is_username_char));
    }
    if (!refused(chat::check_email(text))) require(std::ranges::count(text, '@') == 1 && !has_control(text));
    if (!refused(chat::check_name("name", text))) {
        require(points > 0 && points <= limits::name_chars_max && !has_control(text));
        const auto key = fold(text);
        require(!key.empty() && key.front() != ' ' && key.back() != ' ');
    }
    require(refused(chat::check_line("topic", text, 20)) == (points > 20 || has_control(text)));
    refused(chat::check_password(text));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    const auto points = count(text);
    require(is_valid_utf8(text) == points.has_value());
    if (!points) {
        require(!chat::check_line("topic", text, size) && !chat::check_email(text) && !chat::check_text(text));
        return 0;
    }
    require(count_code_points(text) == *points);
    require(chat::check_text(text).has_value() == (!text.empty() && text.size() <= limits::text_bytes_max));
    const auto key = fold(text);
    require(is_valid_utf8(key) && fold(key) == key);
    check_json(text);
    check_names(text, *points);
    return 0;
}
