#pragma once

#include "base/task.hpp"
#include "net/socket.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace makechat::http {

enum class Method { get, head, post, put, patch, delete_, options, other };

/// "GET"; OTHER for what we have no name for, whatever the client called it: fit for the log.
std::string_view name_of(Method method);

/// Names of fields, and the words in many of them, are the same in any case.
bool same_name(std::string_view a, std::string_view b);

/// A request without its body. The views are valid until the request has been answered.
struct Head {
    Method method = Method::other;
    std::string_view target;  ///< as sent, at most limits::target_bytes_max
    std::string_view path;    ///< of it, still percent-encoded, without the query
    std::string_view query;   ///< without '?', still percent-encoded
    std::vector<std::pair<std::string_view, std::string_view>> fields;
    bool is_http_1_1 = true;  ///< else 1.0
    bool has_body = false;  ///< Content-Length > 0, or chunked. None at all is an empty body, as curl -X POST sends it
    std::string_view peer;  ///< the address that the connection comes from; empty for a Unix socket
    std::string_view request_id;

    /// The first field of that name (any case); empty when there is none.
    [[nodiscard]] std::string_view field(std::string_view name) const;
    [[nodiscard]] bool has_field(std::string_view name) const;
    /// All fields of that name as one list, for those that may stand on several lines (RFC 9110, 5.3).
    [[nodiscard]] std::string list(std::string_view name) const;
};

struct Reply {
    int status = 200;
    /// Names are literals. Server, Date, Content-Length, Connection and X-Request-Id come with the writing, and so does
    /// gzip with its Content-Encoding, where the request allows it and no field here says otherwise (a Content-Encoding,
    /// a type that is no text). A Connection given here is sent as it is, and ends the connection.
    std::vector<std::pair<std::string_view, std::string>> fields;
    std::string body;
    std::string client;      ///< for the access log, where a trusted proxy says who it is; empty: the peer
    std::string_view route;  ///< for the access log: the pattern ("/api/rooms/{id}"), never the path itself

    /// When set: after this head, without Content-Length and body, the socket is the callee's, and so are the bytes that
    /// came behind the request. A Connection field is given with it (Upgrade), else it is `close`. Not called for HEAD, and
    /// not when the head could not be sent.
    std::function<void(net::Socket socket, std::string received)> take_over;
};

/// One admitted request on its way to an answer.
class Exchange {
public:
    virtual ~Exchange() = default;
    [[nodiscard]] virtual std::size_t body_bytes_max() const = 0;
    /// The refusal of a body over the bound.
    virtual Reply body_too_large() = 0;
    /// Called once, with the whole body. The Head that was admitted is still valid. A throw is answered by refuse(500).
    virtual Task<Reply> answer(std::string body) = 0;
};

/// Who answers. `admit` sees the head before any byte of the body has been read, so that who may not is refused first.
/// Threads: the connection's loop.
class Handler {
public:
    virtual ~Handler() = default;
    virtual std::variant<Reply, std::unique_ptr<Exchange>> admit(const Head& head) = 0;
    /// The answer to what is not even a request: 400, 408, 414, 417, 431, 501, 505; to one that there is no memory for: 503, with
    /// Retry-After; and to a bug in answering: 500. `why` is for the person who sent it; of a 500 it names the id that is
    /// also in the log.
    virtual Reply refuse(int status, std::string_view why) = 0;
};

}  // namespace makechat::http
