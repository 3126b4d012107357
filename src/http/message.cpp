#include "http/message.hpp"

#include <algorithm>

namespace makechat::http {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

bool same_name(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view Head::field(std::string_view name) const {
    for (const auto& [each, value] : fields) {
        if (same_name(each, name)) return value;
    }
    return {};
}

bool Head::has_field(std::string_view name) const {
    return std::ranges::any_of(fields, [name](const auto& field) { return same_name(field.first, name); });
}

std::string Head::list(std::string_view name) const {
    std::string list;
    for (const auto& [each, value] : fields) {
        if (same_name(each, name)) list.append(list.empty() ? "" : ", ").append(value);
    }
    return list;
}

std::string_view name_of(Method method) {
    switch (method) {
        case Method::get: return "GET";
        case Method::head: return "HEAD";
        case Method::post: return "POST";
        case Method::put: return "PUT";
        case Method::patch: return "PATCH";
        case Method::delete_: return "DELETE";
        case Method::options: return "OPTIONS";
        case Method::other: break;
    }
    return "OTHER";
}

}  // namespace makechat::http
