#include "api/errors.hpp"

#include "base/json_text.hpp"

#include <algorithm>
#include <iterator>

namespace makechat::api {
namespace {

struct ErrorRow {
    Code code;
    int status;
    std::string_view title;
};

constexpr ErrorRow error_rows[] = {
    {Code::missing, 400, "Missing parameter"},
    {Code::bad_parameter, 400, "Bad parameter"},
    {Code::malformed_json, 400, "Malformed JSON"},
    {Code::bad_username, 400, "Bad username"},
    {Code::bad_email, 400, "Bad email"},
    {Code::bad_password, 400, "Bad password"},
    {Code::unauthenticated, 401, "Not authentificated"},  // sic: the manual's spelling
    {Code::bad_login, 401, "Bad login attempt"},
    {Code::forbidden, 403, "Permission Denied"},
    {Code::not_found, 404, "Not Found"},
    {Code::not_acceptable, 406, "Media type not acceptable"},
    {Code::exists, 409, "Already exists"},
    {Code::conflict, 409, "Conflict"},
    {Code::too_large, 413, "Request body is too large"},
    {Code::too_many, 429, "Too many requests"},
    {Code::internal, 500, "Internal error"},
    {Code::overloaded, 503, "Overloaded"},
    {Code::maintenance, 503, "Maintenance"},
    {Code::stale, 503, "Overloaded"},  // a decision never lets it out; if one did, trying again is right
};

constexpr bool in_order_of_code() {
    for (std::size_t i = 0; i < std::size(error_rows); ++i) {
        if (error_rows[i].code != static_cast<Code>(i)) return false;
    }
    return std::size(error_rows) == static_cast<std::size_t>(Code::stale) + 1;
}
static_assert(in_order_of_code(), "one row per Code");

struct StandardRow {
    int status;
    std::string_view reason;
};
// clang-format off
constexpr StandardRow standard_rows[] = {
    {400, "Bad Request"},
    {408, "Request Timeout"},
    {411, "Length Required"},
    {413, "Request body is too large"},
    {414, "URI Too Long"},
    {417, "Expectation Failed"},
    {426, "Upgrade Required"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal error"},
    {501, "Not Implemented"},
    {503, "Overloaded"},
    {505, "HTTP Version Not Supported"},
};
// clang-format on

const ErrorRow& row_of(Code code) { return error_rows[static_cast<std::size_t>(code)]; }

std::string body_of(std::string_view title, std::string_view description) {
    std::string body = "{\n    \"description\": ";
    append_json_string(body, description);
    body.append(",\n    \"title\": ");
    append_json_string(body, title);
    return body.append("\n}");
}

http::Reply with_body(int status, std::string body) {
    http::Reply reply;
    reply.status = status;
    reply.fields.emplace_back("Content-Type", "application/json");
    reply.body = std::move(body);
    return reply;
}

}  // namespace

int status_of(Code code) { return row_of(code).status; }
std::string_view title_of(Code code) { return row_of(code).title; }

http::Reply refusal(const Error& error) {
    const auto& row = row_of(error.code);
    auto reply = with_body(row.status, body_of(row.title, error.text));
    if (row.status == 429 || row.status == 503)
        reply.fields.emplace_back("Retry-After", std::to_string(std::max(1, error.retry_after_s)));
    return reply;
}

http::Reply not_acceptable() {
    return with_body(406, R"({
    "description": "This API only supports responses encoded as JSON.",
    "link": {
        "href": "http://docs.examples.com/api/json",
        "rel": "help",
        "text": "Documentation related to this error"
    },
    "title": "Media type not acceptable"
})");
}

http::Reply only_allows(int status, std::string allow) {
    http::Reply reply;
    reply.status = status;
    reply.fields.emplace_back("allow", std::move(allow));
    return reply;
}

http::Reply standard_refusal(int status, std::string_view why) {
    const auto* row = std::ranges::find(standard_rows, status, &StandardRow::status);
    auto reply = with_body(status, body_of(row == std::end(standard_rows) ? "Bad Request" : row->reason, why));
    if (status == 503) reply.fields.emplace_back("Retry-After", "1");
    return reply;
}

}  // namespace makechat::api
