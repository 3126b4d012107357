// The JSON of a request: any bytes give fields or a refusal that may be shown to people, and what was read is JSON still.
#include "api/fields.hpp"

#include "base/json_text.hpp"
#include "base/limits.hpp"
#include "base/utf8.hpp"
#include "require.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace {

using makechat::Code;
using makechat::api::Fields;

template <class T>
void check_refusal(const makechat::Result<T>& result) {
    if (result) return;
    require(result.error().code == Code::missing || result.error().code == Code::bad_parameter);
    require(makechat::is_valid_utf8(result.error().text));
}

/// An object that was taken out is itself a body, and compact already.
void check_object(const Fields& fields, std::string_view key) {
    const auto object = fields.optional_object(key);
    check_refusal(object);
    if (!object || !*object) return;
    std::string again = "{";
    makechat::append_json_string(again, key);
    again += ":" + **object + "}";
    const auto parsed = Fields::parse(again);
    require(parsed.has_value());
    const auto same = parsed->optional_object(key);
    require(same && *same && **same == **object);
}

void check_readers(const Fields& fields, std::string_view key) {
    const auto text = fields.text(key);
    check_refusal(text);
    if (text) require(makechat::is_valid_utf8(*text) && fields.has(key));
    const auto optional_text = fields.optional_text(key);
    check_refusal(optional_text);
    require(text.has_value() == (optional_text && *optional_text));
    check_refusal(fields.integer(key));
    check_refusal(fields.optional_boolean(key));
    const auto reference = fields.reference(key);
    check_refusal(reference);
    if (text) require(reference && *reference == *text);
    const auto optional_reference = fields.optional_reference(key);
    check_refusal(optional_reference);
    require(reference.has_value() == (optional_reference && *optional_reference));
    const auto references = fields.references(key);
    check_refusal(references);
    if (references) require(!text && !reference);
    check_object(fields, key);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string body(reinterpret_cast<const char*>(data), size);
    const auto fields = Fields::parse(body);
    if (!fields) {
        require(fields.error().code == Code::malformed_json || fields.error().code == Code::bad_parameter);
        require(makechat::is_valid_utf8(fields.error().text) && !fields.error().text.empty());
        return 0;
    }
    require(makechat::is_valid_utf8(body));
    for (const std::string_view key : {"a", "name", "text", "room", "seq", "is_open", "users", "settings", ""})
        check_readers(*fields, key);
    return 0;
}
