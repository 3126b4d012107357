#pragma once

#include "http/deadlines.hpp"
#include "http/message.hpp"
#include "net/loop.hpp"
#include "net/socket.hpp"

#include <cstddef>
#include <memory>
#include <string>

namespace makechat::http {

/// The HTTP/1.1 connections of one loop: reads requests, has them answered in their order, writes. What is asked of a
/// handler comes in http/message.hpp.
///
/// Threads: the loop's, but for `count`. Ends after its loop has run, or when `count` is 0.
class Connections {
public:
    Connections(net::Loop& loop, Handler& handler, Deadlines deadlines = {});
    ~Connections();

    /// Serves requests on `socket` until either side ends it.
    void serve(net::Socket socket);

    /// No more requests: who has not sent a whole head is closed now, other requests are answered with `Connection: close`.
    void stop();
    /// For who is not done when the time to stop is over.
    void close_all();

    /// Connections that are served; those that were taken over no longer are. Threads: any.
    [[nodiscard]] std::size_t count() const;

    struct Shared;

private:
    std::unique_ptr<Shared> shared_;
};

/// What net::Listener sends to a connection that there is no room for.
std::string no_room_answer();

}  // namespace makechat::http
