#pragma once

#include "base/limits.hpp"
#include "base/task.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>

namespace makechat::net {

class Loop;

/// Something that must act on time without a timer of its own: the loop calls it about once a second while it is alive.
/// It also tells the loop what memory it keeps for a peer that is slow to send or to read, so that many slow ones together
/// cannot take all there is.
class Sweepable {
public:
    explicit Sweepable(Loop& loop);
    Sweepable(const Sweepable&) = delete;
    Sweepable& operator=(const Sweepable&) = delete;
    virtual ~Sweepable();

    /// `now` is monotonic. May end the object itself or others.
    virtual void sweep(std::chrono::nanoseconds now) = 0;

    [[nodiscard]] std::size_t held_bytes() const { return held_bytes_; }

protected:
    /// It keeps `bytes` for its peer now; less than limits::held_bytes_counted_min is nothing. When all of the loop keep
    /// more than the loop's bound together, those who have kept most for longest are told to let go, until an eighth is free.
    /// False: that was not enough, so take in no more. It may be told itself, within this call.
    bool hold(std::size_t bytes);

private:
    /// The memory is wanted: give it up, now or as soon as this call is over, and tell the peer if that can be. False: it
    /// cannot. Must end nothing within the call.
    virtual bool let_go() { return false; }

    friend class Loop;
    Loop& loop_;
    Sweepable* next_ = nullptr;
    Sweepable* previous_ = nullptr;
    std::uint32_t held_bytes_ = 0;
    std::uint32_t held_since_ = 0;  ///< in sweeps of the loop
};

/// One thread's event loop: sockets, posted work and the sweep. Make it, then call `run` on the thread that it shall be.
/// Everything of a loop but `post` and `stop` belongs to its thread.
class Loop final : public Executor {
public:
    /// `sweep_every`: how often Sweepables are called; tests are less patient.
    /// `held_bytes_max`: what its Sweepables may hold together.
    explicit Loop(std::chrono::milliseconds sweep_every = std::chrono::seconds{1},
                  std::size_t held_bytes_max = limits::held_bytes_per_loop_max);
    /// Nothing may wait in it any more: end what lives on the loop first. Runs after `run` has returned.
    ~Loop() override;

    /// Threads: any.
    void post(std::function<void()> work) override;

    /// Serves until `stop`. Sets Executor::current() for this thread. What was posted before `stop` still runs.
    /// May be called again afterwards.
    void run();
    /// Threads: any.
    void stop();

    /// Monotonic.
    [[nodiscard]] std::chrono::nanoseconds now() const;

    /// Where live connections receive (512 KiB, one for all): what it holds is lost at the next event.
    std::span<char> receive_buffer();

    /// What its Sweepables hold.
    [[nodiscard]] std::size_t held_bytes() const;

    /// For net/, http/ and ws/ .cpp files alone: the io_context, by a type that this header does not know.
    struct Engine;
    Engine& engine() { return *engine_; }

private:
    friend class Sweepable;
    std::unique_ptr<Engine> engine_;
};

}  // namespace makechat::net
