#include "api/fields.hpp"

#include "base/limits.hpp"
#include "base/utf8.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/stream_parser.hpp>
#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>

namespace makechat::api {

struct Fields::Document {
    simdjson::dom::parser parser;
    simdjson::dom::object object;
};

namespace {

using simdjson::dom::element;

/// Where the text stops being JSON: simdjson does not say, so the slower parser is asked.
Error malformed(std::string_view body) {
    boost::json::stream_parser parser;
    boost::system::error_code error;
    std::size_t at = parser.write_some(body.data(), body.size(), error);
    if (!error && parser.done() && at == body.size())
        return {Code::bad_parameter, "The body has a number that is too large."};  // JSON all the same
    if (!error && !parser.done()) at = body.size();  // it ends too early; else something stands behind the value
    const auto before = body.substr(0, at);
    const auto line = 1 + std::ranges::count(before, '\n');
    const auto line_start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
    const bool utf8 = is_valid_utf8(before);
    const auto column = 1 + (utf8 ? count_code_points(before.substr(line_start)) : at - line_start);
    return {Code::malformed_json, fmt::format("The body is not valid JSON at line {}, column {}.", line, column)};
}

Error too_deep() {
    return {Code::bad_parameter, fmt::format("The body is nested deeper than {} levels.", limits::json_depth_max)};
}

std::optional<std::string_view> repeated_key(const simdjson::dom::object& object) {
    std::vector<std::string_view> keys;
    for (const auto field : object) keys.push_back(field.key);
    std::ranges::sort(keys);  // a body has room for tens of thousands: comparing each with each would hold up the loop
    const auto repeated = std::ranges::adjacent_find(keys);
    if (repeated == keys.end()) return std::nullopt;
    return *repeated;
}

std::optional<element> find(const simdjson::dom::object& object, std::string_view key) {
    element value;
    if (object.at_key(key).get(value) != simdjson::SUCCESS) return std::nullopt;
    return value;
}

std::optional<std::string> reference_in(const element& value) {
    std::string_view text;
    if (value.get(text) == simdjson::SUCCESS) return std::string{text};
    simdjson::dom::object object;
    if (value.get(object) == simdjson::SUCCESS && object.size() == 1 &&
        object.at_key("$oid").get(text) == simdjson::SUCCESS)
        return std::string{text};
    return std::nullopt;
}

constexpr std::string_view is_a_reference = R"(is an id: {"$oid": "24 hexadecimal digits"} or the digits alone)";

}  // namespace

Error missing(std::string_view key) { return {Code::missing, fmt::format("The '{}' parameter is required.", key)}; }
Error bad(std::string_view key, std::string_view rule) {
    return {Code::bad_parameter, fmt::format("The '{}' parameter {}.", key, rule)};
}

Fields::Fields(std::unique_ptr<Document> document) : document_(std::move(document)) {}
Fields::Fields(Fields&&) noexcept = default;
Fields& Fields::operator=(Fields&&) noexcept = default;
Fields::~Fields() = default;

void Fields::drop() { document_.reset(); }

Result<Fields> Fields::parse(std::string_view body) {
    if (body.empty()) body = "{}";
    auto document = std::make_unique<Document>();
    // The parser's stacks are made for this depth before it sees a byte; one level is the parser's own.
    if (document->parser.allocate(body.size(), limits::json_depth_max + 1) != simdjson::SUCCESS)
        return fail({Code::overloaded, "There is no memory for this request at the moment.", 1});
    element root;
    const auto error = document->parser.parse(body.data(), body.size()).get(root);
    if (error == simdjson::DEPTH_ERROR) return fail(too_deep());
    if (error != simdjson::SUCCESS) return fail(malformed(body));
    if (root.get(document->object) != simdjson::SUCCESS)
        return fail({Code::bad_parameter, "The body is not a JSON object."});
    if (const auto key = repeated_key(document->object)) return fail(bad(*key, "stands twice in the body"));
    return Fields{std::move(document)};
}

bool Fields::has(std::string_view key) const { return find(document_->object, key).has_value(); }

Result<std::optional<std::string>> Fields::optional_text(std::string_view key) const {
    const auto value = find(document_->object, key);
    if (!value) return std::optional<std::string>{};
    std::string_view text;
    if (value->get(text) != simdjson::SUCCESS) return fail(bad(key, "is a string"));
    return std::optional{std::string{text}};
}

Result<std::string> Fields::text(std::string_view key) const {
    auto text = optional_text(key);
    if (!text) return fail(text.error());
    if (!*text) return fail(missing(key));
    return std::move(**text);
}

Result<std::int64_t> Fields::integer(std::string_view key) const {
    const auto value = find(document_->object, key);
    if (!value) return fail(missing(key));
    std::int64_t number = 0;
    if (value->get(number) != simdjson::SUCCESS) return fail(bad(key, "is a whole number"));
    return number;
}

Result<std::optional<bool>> Fields::optional_boolean(std::string_view key) const {
    const auto value = find(document_->object, key);
    if (!value) return std::optional<bool>{};
    bool boolean = false;
    if (value->get(boolean) != simdjson::SUCCESS) return fail(bad(key, "is true or false"));
    return std::optional{boolean};
}

Result<std::optional<std::string>> Fields::optional_reference(std::string_view key) const {
    const auto value = find(document_->object, key);
    if (!value || value->is_null()) return std::optional<std::string>{};
    auto text = reference_in(*value);
    if (!text) return fail(bad(key, is_a_reference));
    return text;
}

Result<std::string> Fields::reference(std::string_view key) const {
    auto text = optional_reference(key);
    if (!text) return fail(text.error());
    if (!*text) return fail(missing(key));
    return std::move(**text);
}

Result<std::vector<std::string>> Fields::references(std::string_view key) const {
    const auto value = find(document_->object, key);
    if (!value) return fail(missing(key));
    simdjson::dom::array array;
    if (value->get(array) != simdjson::SUCCESS) return fail(bad(key, "is a list of ids"));
    std::vector<std::string> texts;
    for (const auto item : array) {
        auto text = reference_in(item);
        if (!text) return fail(bad(key, "is a list of ids"));
        texts.push_back(std::move(*text));
    }
    return texts;
}

Result<std::optional<std::string>> Fields::optional_object(std::string_view key) const {
    const auto value = find(document_->object, key);
    if (!value) return std::optional<std::string>{};
    simdjson::dom::object object;
    if (value->get(object) != simdjson::SUCCESS) return fail(bad(key, "is an object"));
    return std::optional{std::string{simdjson::minify(object)}};
}

}  // namespace makechat::api
