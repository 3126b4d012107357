#include "api/call.hpp"

#include "http/query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace makechat::api {
namespace {

http::Reply success(int status, std::string json) {
    http::Reply reply;
    reply.status = status;
    reply.fields = {{"Content-Type", "application/json; charset=utf-8"},
                    {"Cache-Control", "max-age=86400, must-revalidate, no-store"},
                    {"Vary", "Accept-Encoding"}};
    reply.body = std::move(json);
    return reply;
}

std::string link_to(const Call& call, std::size_t offset, std::string_view relation) {
    return fmt::format("<{}?{}>; rel=\"{}\"", call.head.path, call.query.with("offset", offset), relation);
}

}  // namespace

std::optional<std::string_view> Query::find(std::string_view name) const {
    const auto found = std::ranges::find(pairs_, name, &std::pair<std::string, std::string>::first);
    if (found == pairs_.end()) return std::nullopt;
    return found->second;
}

std::vector<std::string_view> Query::all(std::string_view name) const {
    std::vector<std::string_view> values;
    for (const auto& [key, value] : pairs_) {
        if (key == name) values.emplace_back(value);
    }
    return values;
}

std::string Query::with(std::string_view name, std::size_t value) const {
    std::string text;
    for (const auto& [key, old] : pairs_) {
        if (key != name) text += http::percent_encode(key) + "=" + http::percent_encode(old) + "&";
    }
    return text + fmt::format("{}={}", name, value);
}

Result<std::optional<std::int64_t>> Query::number(std::string_view name) const {
    const auto text = find(name);
    if (!text) return std::optional<std::int64_t>{};
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (text->empty() || error != std::errc{} || end != text->data() + text->size() || value < 0)
        return fail(bad(name, "is a whole number of at least 0"));
    return std::optional{value};
}

Result<std::optional<bool>> Query::boolean(std::string_view name) const {
    const auto text = find(name);
    if (!text) return std::optional<bool>{};
    if (*text != "true" && *text != "false") return fail(bad(name, "is 'true' or 'false'"));
    return std::optional{*text == "true"};
}

Result<chat::UserId> to_user(const chat::Accounts& accounts, std::string_view name, std::string_view text) {
    if (const auto id = parse_id<chat::UserId>(text)) {
        if (accounts.find(*id)) return *id;
    } else if (const auto user = accounts.find_name(text)) {
        return user->id;
    }
    return fail({Code::not_found, fmt::format("The '{}' parameter names nobody.", name)});
}

Result<Page> page_of(const Query& query, std::size_t limit, std::size_t limit_max) {
    const auto offset = query.number("offset");
    if (!offset) return fail(offset.error());
    const auto wanted = query.number("limit");
    if (!wanted || *wanted == std::optional<std::int64_t>{0})
        return fail(bad("limit", "is a whole number of at least 1"));
    Page page{0, limit};
    if (*offset) page.offset = static_cast<std::size_t>(**offset);
    if (*wanted) page.limit = static_cast<std::size_t>(**wanted);
    page.limit = std::min(page.limit, limit_max);
    return page;
}

http::Reply ok(std::string json) { return success(200, std::move(json)); }
http::Reply created(std::string json) { return success(201, std::move(json)); }
http::Reply status_ok() { return ok(R"({"status": "ok"})"); }

http::Reply ok_page(const Call& call, std::string json, Page page, std::size_t total) {
    auto reply = ok(std::move(json));
    reply.fields.emplace_back("X-Total-Count", std::to_string(total));
    std::string links;
    if (page.offset + page.limit < total) links = link_to(call, page.offset + page.limit, "next");
    if (page.offset > 0) {
        if (!links.empty()) links += ", ";
        links += link_to(call, page.offset - std::min(page.offset, page.limit), "prev");
    }
    if (!links.empty()) reply.fields.emplace_back("Link", std::move(links));
    return reply;
}

}  // namespace makechat::api
