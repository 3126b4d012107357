#include "http/media.hpp"

#include "http/message.hpp"

#include <algorithm>
#include <optional>
#include <span>

namespace makechat::http {

namespace {

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// What stands before the next `mark`, trimmed; `rest` goes on behind it.
std::string_view cut(std::string_view& rest, char mark) {
    const auto end = std::min(rest.find(mark), rest.size());
    const auto part = trimmed(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return part;
}

/// Whether a qvalue (RFC 9110, 12.4.2) is not zero. How much more than zero is nothing to us: there is one form of each
/// answer.
bool is_wanted(std::string_view parameters) {
    while (!parameters.empty()) {
        auto value = cut(parameters, ';');
        const auto name = cut(value, '=');
        if (same_name(name, "q")) return value.find_first_not_of("0.") != std::string_view::npos;
    }
    return true;
}

/// What a list says about the most exact of `names` that it holds; none: it holds none of them.
std::optional<bool> wanted(std::string_view list, std::span<const std::string_view> names_exact_first) {
    std::optional<bool> answer;
    auto best = names_exact_first.size();
    while (!list.empty()) {
        auto item = cut(list, ',');
        const auto name = cut(item, ';');
        for (std::size_t i = 0; i < best; ++i) {
            if (!same_name(name, names_exact_first[i])) continue;
            best = i;
            answer = is_wanted(item);
        }
    }
    return answer;
}

}  // namespace

bool admits_json(std::string_view accept) {
    constexpr std::string_view names[] = {"application/json", "application/*", "*/*"};
    return trimmed(accept).empty() || wanted(accept, names).value_or(false);
}

bool is_json(std::string_view content_type) { return same_name(cut(content_type, ';'), "application/json"); }

bool admits_gzip(std::string_view accept_encoding) {
    constexpr std::string_view names[] = {"gzip", "x-gzip", "*"};
    return wanted(accept_encoding, names).value_or(false);
}

bool admits_brotli(std::string_view accept_encoding) {
    constexpr std::string_view names[] = {"br", "*"};
    return wanted(accept_encoding, names).value_or(false);
}

}  // namespace makechat::http
