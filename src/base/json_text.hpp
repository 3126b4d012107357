#pragma once

#include "base/id.hpp"
#include "base/time.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace makechat {

/// Appends `text` as a JSON string, quotes included. `text` must be valid UTF-8; only what RFC 8259 demands is escaped.
void append_json_string(std::string& out, std::string_view text);

/// Writes JSON in the old server's form: one line, ": " and ", ". Keys come in the order of the calls.
///
///     JsonText json;
///     json.begin_object().key("name").string("room1").key("is_open").boolean(true).end_object();
class JsonText {
public:
    JsonText& begin_object() { return open('{'); }
    JsonText& end_object() { return close('}'); }
    JsonText& begin_array() { return open('['); }
    JsonText& end_array() { return close(']'); }
    JsonText& key(std::string_view name);
    JsonText& string(std::string_view text);
    JsonText& number(std::int64_t value);
    JsonText& boolean(bool value);
    JsonText& null();
    /// Text that is JSON already.
    JsonText& raw(std::string_view json);

    /// {"$oid": "5706dac4d55cfe00010944ad"}
    template <class Tag>
    JsonText& id(const Id<Tag>& id) {
        return oid(to_hex(id));
    }
    /// {"$date": "2026-11-23T05:50:22.123Z"}
    JsonText& date(Time time);

    [[nodiscard]] const std::string& text() const { return text_; }
    [[nodiscard]] std::string take() { return std::move(text_); }

private:
    JsonText& open(char bracket);
    JsonText& close(char bracket);
    JsonText& oid(std::string_view hex);
    void separate();

    std::string text_;
    bool first_ = true;  ///< nothing stands before in this array or object
    bool after_key_ = false;
};

}  // namespace makechat
