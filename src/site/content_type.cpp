#include "site/content_type.hpp"

#include "http/message.hpp"

#include <algorithm>
#include <utility>

namespace makechat::site {
namespace {

using Row = std::pair<std::string_view, std::string_view>;
constexpr Row types[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json; charset=utf-8"},
    {".webmanifest", "application/manifest+json; charset=utf-8"},
    {".txt", "text/plain; charset=utf-8"},
    {".svg", "image/svg+xml; charset=utf-8"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".jpeg", "image/jpeg"},
    {".webp", "image/webp"},
    {".avif", "image/avif"},
    {".gif", "image/gif"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".mp3", "audio/mpeg"},
    {".ogg", "audio/ogg"},
};

}  // namespace

std::string_view content_type_of(std::string_view path) {
    const auto name = path.substr(path.rfind('/') + 1);
    const auto dot = std::min(name.rfind('.'), name.size());
    const auto row =
        std::ranges::find_if(types, [&](const Row& each) { return http::same_name(each.first, name.substr(dot)); });
    return row == std::end(types) ? "application/octet-stream" : row->second;
}

bool is_text(std::string_view content_type) { return content_type.contains("charset="); }

}  // namespace makechat::site
