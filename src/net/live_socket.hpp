#pragma once

#include "net/loop.hpp"
#include "net/outbox.hpp"
#include "net/socket.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace makechat::net {

/// A socket that lives for hours and sleeps most of them: what a WebSocket and an event stream have in common. It sends at
/// once what the kernel takes, keeps the rest in its outbox, reads into the loop's one buffer, and has no timer, coroutine
/// or buffer of its own. While more than a quarter of limits::outbox_bytes_max waits, nothing is read: who sends without
/// reading cannot make the server collect answers for him.
///
/// What waits for a peer that does not read is counted (Sweepable::hold). Where all slow ones of a loop together keep too
/// much, those who keep most for longest end as if they had reached their own bound.
///
/// It is open, then closing (its last bytes are on their way, the peer may still send), then ended. Threads: its loop's.
class LiveSocket : public Socket::Waiter, public Sweepable, public std::enable_shared_from_this<LiveSocket> {
public:
    [[nodiscard]] bool is_open() const { return phase_ == Phase::open; }
    /// What the peer has not taken yet.
    [[nodiscard]] std::size_t waiting_bytes() const { return outbox_.size(); }
    [[nodiscard]] std::string remote_address() const { return socket_.remote_address(); }
    [[nodiscard]] Loop& loop() const { return socket_.loop(); }

    void on_readable() final;
    void on_writable() final;
    void sweep(std::chrono::nanoseconds now) final;

    /// The owner keeps so many bytes for the peer, behind what waits here.
    void count_queued(std::size_t bytes);

protected:
    explicit LiveSocket(Socket socket);

    /// Begins to read, and from then on keeps itself alive until it has ended.
    void start() { read_on(); }
    /// False: it is not open, or has just ceased to be.
    bool push(std::span<const std::string_view> parts);
    /// Sends its last bytes and is closing. It ends when the peer does, by `end`, or after limits::close_wait_max.
    void push_last(std::string_view part);
    /// While closing, when all has gone out: the peer sees the end, and what it still sends is read, so that the kernel
    /// does not throw our last bytes away with its own.
    void end_sending() { socket_.end_sending(); }
    /// No more from here. `on_ended` comes from the loop, never within this call. May be called twice.
    void end();
    /// While `held`, nothing more is read: who sends faster than he can be answered waits in the kernel. What has been
    /// read already is still given to on_bytes.
    void hold_reading(bool held);
    /// Of a message from the peer, which is not whole yet.
    void count_partial(std::size_t bytes);
    /// Not silent: a sign of life, of which kind the derived class knows.
    void stir() { stirred_ = true; }

    virtual void on_bytes(std::span<char> bytes) = 0;
    /// All that had to wait has gone out.
    virtual void on_drained() = 0;
    /// While open: more than limits::outbox_bytes_max waited, or more than there is room for, and has been dropped but for
    /// the part that had begun to go out. May come within any call to any connection of the loop.
    virtual void on_overflow() = 0;
    /// While open, in each sweep.
    virtual void on_sweep(std::chrono::nanoseconds /*now*/) {}
    /// While open: limits::ping_after without `stir` or progress of what waits; again after as long.
    virtual void on_silence() = 0;
    /// Once, whatever the reason.
    virtual void on_ended() = 0;

private:
    enum class Phase : std::uint8_t { open, closing, ended };

    void settle(Outbox::Sent sent);
    void count();
    bool let_go() final;
    void read_on();
    [[nodiscard]] bool may_read() const;

    Socket socket_;
    Outbox outbox_;
    std::chrono::nanoseconds since_{0};  ///< when it was last stirred; while closing: when that began
    std::uint32_t queued_bytes_ = 0;
    std::uint32_t partial_bytes_ = 0;
    Phase phase_ = Phase::open;
    bool stirred_ = true;
    bool held_ = false;
    bool waits_to_read_ = false;
    bool waits_to_write_ = false;
};

}  // namespace makechat::net
