#pragma once

#include "http/message.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace makechat::http {

/// What a reply's head says beside the reply's own fields.
struct HeadContext {
    std::string_view date;  ///< as Date writes it
    std::string_view request_id;
    bool keep_alive = true;
};

/// Appends status line and header. Control characters in a field's value, from which another header could be made, become
/// spaces. Content-Length is that of reply.body, unless the status forbids one or the reply takes the connection over.
void append_head(std::string& out, const Reply& reply, const HeadContext& context);

/// Whether answers of this status have no body, and say nothing of its length (RFC 9110, 6.4.1).
bool is_bodiless(int status);

/// "Sun, 06 Nov 1994 08:49:37 GMT", made once a second. Threads: one.
class Date {
public:
    std::string_view now();

private:
    std::chrono::sys_seconds second_{};
    std::string text_;
};

}  // namespace makechat::http
