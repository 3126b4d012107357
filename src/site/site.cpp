#include "site/site.hpp"

#include "http/media.hpp"
#include "http/query.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

namespace makechat::site {
namespace {

constexpr std::string_view document_path = "/index.html";

/// Nothing runs but our own files, nothing is loaded from elsewhere but pictures, and nobody frames us.
constexpr std::string_view policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https: http:; font-src 'self'; "
    "media-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'";

/// With a segment of any text where "*" stands.
constexpr std::string_view pages[] = {
    "/",      "/login",  "/register", "/setup",      "/room/*",         "/room/*/members",   "/room/*/settings",
    "/rooms", "/direct", "/settings", "/settings/*", "/makechat/admin", "/makechat/admin/*",
};

using Move = std::pair<std::string_view, std::string_view>;
/// The first makechat's addresses.
constexpr Move moved[] = {{"/dashboard", "/"}, {"/makechat", "/makechat/admin"}, {"/index.html", "/"}};

/// Of one; two are no spelling of any page.
std::string_view without_slash(std::string_view path) {
    if (path.size() > 1 && path.ends_with('/') && !path.ends_with("//")) path.remove_suffix(1);
    return path;
}

bool fits(std::string_view pattern, std::string_view path) {
    const auto star = pattern.find('*');
    if (star == std::string_view::npos) return pattern == path;
    if (!path.starts_with(pattern.substr(0, star))) return false;
    path.remove_prefix(star);
    const auto segment = std::min(path.find('/'), path.size());
    return segment > 0 && path.substr(segment) == pattern.substr(star + 1);
}

bool is_read(http::Method method) { return method == http::Method::get || method == http::Method::head; }

/// A person's browser, going to an address; a program that takes anything gets the API's answer.
bool is_navigation(const http::Head& head) {
    return is_read(head.method) && head.list("Accept").contains("text/html") && head.path != "/api" &&
           !head.path.starts_with("/api/");
}

/// Whether the client has this form already (RFC 9110, 13.1.2): any of a list, weak or strong.
bool has(const http::Head& head, std::string_view etag) {
    const auto known = head.list("If-None-Match");
    return known == "*" || known.contains(etag);
}

void protect(http::Reply& reply) {
    reply.fields.emplace_back("Content-Security-Policy", policy);
    reply.fields.emplace_back("X-Frame-Options", "DENY");
    reply.fields.emplace_back("Referrer-Policy", "same-origin");
    reply.fields.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
}

http::Reply redirect(std::string_view to) {
    http::Reply reply;
    reply.status = 302;
    reply.route = "page";
    reply.fields.emplace_back("Location", to);
    reply.fields.emplace_back("Cache-Control", "no-cache");
    protect(reply);
    return reply;
}

/// The smallest form that the client takes, and its coding; empty: as it is.
std::pair<std::string_view, std::string_view> form_for(const http::Head& head, const File& file) {
    const auto codings = head.list("Accept-Encoding");
    if (!file.brotli.empty() && http::admits_brotli(codings)) return {file.brotli, "br"};
    if (!file.gzip.empty() && http::admits_gzip(codings)) return {file.gzip, "gzip"};
    return {file.plain, {}};
}

}  // namespace

bool is_page(std::string_view path) {
    path = without_slash(path);
    return std::ranges::any_of(pages, [&](std::string_view page) { return fits(page, path); });
}

std::variant<http::Reply, std::unique_ptr<http::Exchange>> Site::admit(const http::Head& head) {
    if (is_read(head.method)) {
        const auto path = without_slash(head.path);
        if (const auto* move = std::ranges::find(moved, path, &Move::first); move != std::end(moved))
            return counted(redirect(move->second));
        const auto decoded = http::percent_decode(head.path);
        if (const auto* file = decoded ? files_.find(*decoded) : nullptr) return counted(answer(head, *file, 200));
        if (is_page(path)) return counted(document(head, 200));
    }
    auto admitted = api_.admit(head);
    const auto* reply = std::get_if<http::Reply>(&admitted);
    if (reply && reply->status == 404 && is_navigation(head)) return document(head, 404);
    return admitted;
}

http::Reply Site::document(const http::Head& head, int status) const {
    if (const auto* file = files_.find(document_path)) return answer(head, *file, status);
    return api_.refuse(404, "This program was built without its web client.");
}

http::Reply Site::answer(const http::Head& head, const File& file, int status) const {
    http::Reply reply;
    reply.status = status;
    reply.route = file.is_immutable ? "asset" : "page";
    reply.fields.emplace_back("Content-Type", file.type);
    reply.fields.emplace_back("Cache-Control", file.is_immutable ? "public, max-age=31536000, immutable" : "no-cache");
    reply.fields.emplace_back("ETag", file.etag);
    reply.fields.emplace_back("Vary", "Accept-Encoding");
    protect(reply);
    if (status == 200 && has(head, file.etag)) {
        reply.status = 304;
        return reply;
    }
    const auto [bytes, coding] = form_for(head, file);
    if (!coding.empty()) reply.fields.emplace_back("Content-Encoding", coding);
    reply.body = bytes;
    return reply;
}

http::Reply Site::counted(http::Reply reply) const {
    counted_(reply.status);
    return reply;
}

}  // namespace makechat::site
