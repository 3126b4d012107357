#include "base/json_text.hpp"

#include <array>
#include <charconv>

namespace makechat {

void append_json_string(std::string& out, std::string_view text) {
    constexpr std::string_view hex = "0123456789abcdef";
    out.push_back('"');
    std::size_t clean_from = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && c != '"' && c != '\\') continue;
        out.append(text, clean_from, i - clean_from);
        clean_from = i + 1;
        switch (c) {
            case '"': out.append("\\\""); break;
            case '\\': out.append("\\\\"); break;
            case '\n': out.append("\\n"); break;
            case '\r': out.append("\\r"); break;
            case '\t': out.append("\\t"); break;
            default:
                out.append("\\u00");
                out.push_back(hex[byte >> 4U]);
                out.push_back(hex[byte & 0x0FU]);
        }
    }
    out.append(text, clean_from);
    out.push_back('"');
}

void JsonText::separate() {
    if (!first_ && !after_key_) text_.append(", ");
    first_ = false;
    after_key_ = false;
}

JsonText& JsonText::open(char bracket) {
    separate();
    text_.push_back(bracket);
    first_ = true;
    return *this;
}

JsonText& JsonText::close(char bracket) {
    text_.push_back(bracket);
    first_ = false;
    return *this;
}

JsonText& JsonText::key(std::string_view name) {
    separate();
    append_json_string(text_, name);
    text_.append(": ");
    after_key_ = true;
    return *this;
}

JsonText& JsonText::string(std::string_view text) {
    separate();
    append_json_string(text_, text);
    return *this;
}

JsonText& JsonText::number(std::int64_t value) {
    separate();
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    text_.append(digits.data(), end);
    return *this;
}

JsonText& JsonText::boolean(bool value) { return raw(value ? "true" : "false"); }

JsonText& JsonText::null() { return raw("null"); }

JsonText& JsonText::raw(std::string_view json) {
    separate();
    text_.append(json);
    return *this;
}

JsonText& JsonText::oid(std::string_view hex) {
    separate();
    text_.append(R"({"$oid": ")").append(hex).append("\"}");
    return *this;
}

JsonText& JsonText::date(Time time) {
    separate();
    text_.append(R"({"$date": ")").append(to_iso8601(time)).append("\"}");
    return *this;
}

}  // namespace makechat
