#pragma once

#include "base/limits.hpp"
#include "net/socket.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace makechat::net {

/// What short writes left unsent to one live connection. Past limits::outbox_bytes_max it is dropped and `send` says so:
/// the connection closes with "resync", the client returns with its cursor and misses nothing. The publisher never waits.
/// Threads: the connection's loop.
class Outbox {
public:
    enum class Sent { all, waits, overflow, broken };

    /// Sends `parts` in one system call and keeps what does not go out. `waits`: the caller asks for when_writable (once;
    /// not for each send) and then calls `drain`. While something waits, parts only join it: a stalled reader costs no
    /// system calls. After `overflow` only the rest of the part that has begun to go out still waits, so that the peer can
    /// make sense of a last part behind it. After `broken` nothing waits.
    Sent send(Socket& socket, std::span<const std::string_view> parts);
    /// Sends what waits, as far as it goes.
    Sent drain(Socket& socket);

    /// Keeps no more than the rest of the part that has begun to go out, as after `overflow`.
    void drop() {
        if (!empty()) keep_begun_part();
    }

    [[nodiscard]] bool empty() const { return waiting_ == nullptr; }
    /// Memory, which is more than what waits.
    [[nodiscard]] std::size_t held_bytes() const {
        return waiting_ ? waiting_->bytes.capacity() + waiting_->ends.capacity() * sizeof(std::uint32_t) : 0;
    }
    [[nodiscard]] std::size_t size() const { return waiting_ ? waiting_->bytes.size() - waiting_->gone : 0; }

private:
    struct Waiting {
        std::string bytes;
        std::size_t gone = 0;             ///< so many at the front have been sent
        std::vector<std::uint32_t> ends;  ///< where in `bytes` each part ends; those before `gone` may be missing
    };

    void keep(std::span<const std::string_view> parts, std::size_t skip);
    void keep_begun_part();

    std::unique_ptr<Waiting> waiting_;  ///< an idle connection keeps no buffer
};

}  // namespace makechat::net
