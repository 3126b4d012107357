#pragma once

#include "chat/entry.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace makechat::sqlite {

/// The number by which a kind of body is stored, for ever.
std::int64_t kind_of(const chat::Body& body);

/// Whether the body is read off a message: its row says what it is now.
bool speaks_of_message(std::int64_t kind);

/// A body as JSON, without passwords, and without messages: of an entry about one, only what is not the message's is
/// here; empty when that is nothing.
std::string to_body_text(const chat::Body& body);

/// The body that `json` was made of. Its message, where it has one, is the caller's to fill in. A key that is not there
/// reads as empty, so that older entries can be read when a body has grown. Throws Failure for what is not such a body.
chat::Body parse_body(std::int64_t kind, std::string_view json);

}  // namespace makechat::sqlite
