#include "http/query.hpp"

#include "base/utf8.hpp"

#include <algorithm>

namespace makechat::http {

namespace {

int value_of_hex(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool is_unreserved(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' ||
           c == '_' || c == '~';
}

std::unexpected<Error> bad(std::string_view why) {
    return fail({Code::bad_parameter, "The URL is not valid: " + std::string(why)});
}

Result<std::string> decode(std::string_view text, bool plus_is_space) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += plus_is_space && text[i] == '+' ? ' ' : text[i];
            continue;
        }
        const int high = i + 1 < text.size() ? value_of_hex(text[i + 1]) : -1;
        const int low = i + 2 < text.size() ? value_of_hex(text[i + 2]) : -1;
        if (high < 0 || low < 0) return bad("two hex digits must follow a '%'.");
        out += static_cast<char>(high * 16 + low);
        i += 2;
    }
    if (!is_valid_utf8(out)) return bad("it is not UTF-8.");
    return out;
}

}  // namespace

Result<std::string> percent_decode(std::string_view text) { return decode(text, false); }

Result<Parameters> parse_query(std::string_view query) {
    Parameters parameters;
    while (!query.empty()) {
        const auto part = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(part.size() + 1, query.size()));
        if (part.empty()) continue;
        const auto equals = std::min(part.find('='), part.size());
        auto name = decode(part.substr(0, equals), true);
        if (!name) return fail(name.error());
        auto value = decode(part.substr(std::min(equals + 1, part.size())), true);
        if (!value) return fail(value.error());
        parameters.emplace_back(std::move(*name), std::move(*value));
    }
    return parameters;
}

std::string percent_encode(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (is_unreserved(c)) out += c;
        else out.append({'%', digits[byte >> 4U], digits[byte & 0xFU]});
    }
    return out;
}

}  // namespace makechat::http
