#include "api/errors.hpp"

#include "support/refusal.hpp"

#include <gtest/gtest.h>

#include <string>

namespace makechat::api {
namespace {

std::string field_of(const http::Reply& reply, std::string_view name) {
    for (const auto& [each, value] : reply.fields) {
        if (http::same_name(each, name)) return value;
    }
    return {};
}

/// As api.md's table has them.
struct Row {
    Code code;
    int status;
    std::string_view title;
};
const Row rows[] = {
    {Code::missing, 400, "Missing parameter"},
    {Code::bad_parameter, 400, "Bad parameter"},
    {Code::malformed_json, 400, "Malformed JSON"},
    {Code::bad_username, 400, "Bad username"},
    {Code::bad_email, 400, "Bad email"},
    {Code::bad_password, 400, "Bad password"},
    {Code::unauthenticated, 401, "Not authentificated"},
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
    {Code::stale, 503, "Overloaded"},
};

TEST(Errors, have_the_status_and_title_of_the_contract) {
    static_assert(std::size(rows) == static_cast<std::size_t>(Code::stale) + 1, "one row per Code");
    for (const auto& row : rows) {
        SCOPED_TRACE(row.title);
        EXPECT_EQ(status_of(row.code), row.status);
        EXPECT_EQ(title_of(row.code), row.title);
        EXPECT_EQ(refusal({row.code, "Why."}).status, row.status);
    }
}

TEST(Errors, of_the_manual_are_the_old_servers_to_the_byte) {
    struct Case {
        std::string_view name;
        http::Reply reply;
        std::string_view body;
        std::size_t content_length;
    };
    const Case cases[] = {
        {"not authentificated", refusal({Code::unauthenticated, "Please provide an auth token or login."}),
         "{\n    \"description\": \"Please provide an auth token or login.\",\n    \"title\": \"Not authentificated\"\n}",
         99},
        {"admin required", refusal({Code::forbidden, "Admin required."}),
         "{\n    \"description\": \"Admin required.\",\n    \"title\": \"Permission Denied\"\n}", 74},
        {"missing parameter", refusal({Code::missing, "The 'name' parameter is required."}),
         "{\n    \"description\": \"The 'name' parameter is required.\",\n    \"title\": \"Missing parameter\"\n}", 92},
        {"not acceptable", not_acceptable(),
         "{\n"
         "    \"description\": \"This API only supports responses encoded as JSON.\",\n"
         "    \"link\": {\n"
         "        \"href\": \"http://docs.examples.com/api/json\",\n"
         "        \"rel\": \"help\",\n"
         "        \"text\": \"Documentation related to this error\"\n"
         "    },\n"
         "    \"title\": \"Media type not acceptable\"\n"
         "}",
         267},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        EXPECT_EQ(c.reply.body, c.body);
        EXPECT_EQ(c.reply.body.size(), c.content_length);
        EXPECT_EQ(field_of(c.reply, "Content-Type"), "application/json");
        EXPECT_EQ(c.reply.fields.size(), 1U);
    }
}

TEST(Errors, escape_what_people_wrote) {
    EXPECT_EQ(refusal({Code::bad_parameter, "a \"b\" \\ \n\x01 \xC3\xA9"}).body,
              "{\n    \"description\": \"a \\\"b\\\" \\\\ \\n\\u0001 \xC3\xA9\",\n    \"title\": \"Bad parameter\"\n}");
}

TEST(Errors, say_when_to_come_back_where_that_helps) {
    struct Case {
        std::string_view name;
        Error error;
        std::string_view retry_after;
    };
    const Case cases[] = {
        {"a rate limit names its wait", {Code::too_many, "", 17}, "17"},
        {"a second at least", {Code::too_many, "", 0}, "1"},
        {"a full queue", {Code::overloaded, "", 1}, "1"},
        {"a server that stops", {Code::maintenance, "", 30}, "30"},
        {"a decision that never ended", {Code::stale, "", 0}, "1"},
        {"a refusal that time does not heal", {Code::forbidden, "", 5}, ""},
        {"a bug", {Code::internal, "", 5}, ""},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        EXPECT_EQ(field_of(refusal(c.error), "Retry-After"), c.retry_after);
    }
}

TEST(OnlyAllows, has_no_body_and_no_type) {
    for (const int status : {405, 204}) {
        const auto reply = only_allows(status, "GET, POST, OPTIONS");
        EXPECT_EQ(reply.status, status);
        EXPECT_EQ(reply.body, "");
        ASSERT_EQ(reply.fields.size(), 1U);
        EXPECT_EQ(reply.fields.front().first, "allow") << "in lower case, as the old server wrote it";
        EXPECT_EQ(reply.fields.front().second, "GET, POST, OPTIONS");
    }
}

TEST(StandardRefusal, has_the_reason_phrase_as_title) {
    struct Case {
        int status;
        std::string_view title;
    };
    const Case cases[] = {
        {400, "Bad Request"},
        {408, "Request Timeout"},
        {411, "Length Required"},
        {414, "URI Too Long"},
        {417, "Expectation Failed"},
        {426, "Upgrade Required"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal error"},
        {501, "Not Implemented"},
        {505, "HTTP Version Not Supported"},
        {413, "Request body is too large"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.status);
        const auto reply = standard_refusal(c.status, "Why.");
        EXPECT_EQ(reply.status, c.status);
        EXPECT_EQ(reply.body, "{\n    \"description\": \"Why.\",\n    \"title\": \"" + std::string(c.title) + "\"\n}");
        EXPECT_EQ(field_of(reply, "Retry-After"), "");
    }
    EXPECT_EQ(field_of(standard_refusal(503, "Full."), "Retry-After"), "1");
}

}  // namespace
}  // namespace makechat::api
