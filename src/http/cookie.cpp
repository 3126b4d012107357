#include "http/cookie.hpp"

#include <algorithm>

namespace makechat::http {

std::string_view cookie(std::string_view header, std::string_view name) {
    while (!header.empty()) {
        auto pair = header.substr(0, header.find(';'));
        header.remove_prefix(std::min(pair.size() + 1, header.size()));
        pair.remove_prefix(std::min(pair.find_first_not_of(" \t"), pair.size()));
        pair = pair.substr(0, pair.find_last_not_of(" \t") + 1);
        if (!pair.starts_with(name) || pair.substr(name.size(), 1) != "=") continue;
        auto value = pair.substr(name.size() + 1);
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
        return value;
    }
    return {};
}

}  // namespace makechat::http
