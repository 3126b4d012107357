#pragma once

#include "base/task.hpp"
#include "net/loop.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace makechat::net {

/// One accepted stream socket (TCP or Unix), in two ways of use that are never mixed: `read_some` and `write` for a
/// coroutine, or `try_*` and `when_*` for a live connection that must not keep a coroutine or a buffer while it is idle.
/// Threads: its loop's. One reader and one writer at a time.
class Socket {
public:
    struct Engine;
    explicit Socket(Engine* engine);
    /// Takes over `descriptor`, a connected stream socket (of socketpair, for one).
    static Socket adopt(Loop& loop, int descriptor);
    Socket(Socket&&) noexcept;  ///< only while nothing waits in read_some or write
    Socket& operator=(Socket&&) noexcept;
    ~Socket();  ///< closes

    /// At least one byte, or 0 when the peer has ended, the connection broke, or `close` was called.
    Task<std::size_t> read_some(std::span<char> into);
    /// All of `head` and then all of `body`, in one system call where it fits; false when the connection broke.
    Task<bool> write(std::string_view head, std::string_view body = {});

    static constexpr long would_block = -1;
    static constexpr long broken = -2;
    /// What is there now: > 0 bytes; 0 when the peer has ended; would_block; broken.
    long try_read(std::span<char> into);
    /// What goes out now, of all parts in order, in one system call: bytes taken, would_block, or broken.
    long try_write(std::span<const std::string_view> parts);

    class Waiter {
    public:
        virtual ~Waiter() = default;
        virtual void on_readable() = 0;
        virtual void on_writable() = 0;
    };
    /// Calls waiter once, when there is something to read (or the end). Not called after `close`. `keep` stays alive so long.
    void when_readable(std::shared_ptr<Waiter> keep);
    void when_writable(std::shared_ptr<Waiter> keep);

    /// Ends what waits in read_some (as 0) and write (as false), and leaves the socket open: to tell a peer that is too
    /// slow why it is left. Also what when_readable and when_writable wait for is forgotten.
    void interrupt();
    /// The peer sees the end of what we send; it may still send.
    void end_sending();
    /// No more from here; what waits ends. May be called twice.
    void close();
    [[nodiscard]] bool is_open() const;
    /// "127.0.0.1", "::1"; empty for a Unix socket.
    [[nodiscard]] std::string remote_address() const;
    [[nodiscard]] Loop& loop() const;

private:
    Engine* engine_;  ///< shared with what waits, so that closing never pulls it away from under a callback
};

}  // namespace makechat::net
