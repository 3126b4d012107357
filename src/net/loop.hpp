#pragma once

#include "base/task.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <span>

namespace makechat::net {

class Loop;

/// Something that must act on time without a timer of its own: the loop calls it about once a second while it is alive.
class Sweepable {
public:
    explicit Sweepable(Loop& loop);
    Sweepable(const Sweepable&) = delete;
    Sweepable& operator=(const Sweepable&) = delete;
    virtual ~Sweepable();

    /// `now` is monotonic. May end the object itself or others.
    virtual void sweep(std::chrono::nanoseconds now) = 0;

private:
    friend class Loop;
    Loop& loop_;
    Sweepable* next_ = nullptr;
    Sweepable* previous_ = nullptr;
};

/// One thread's event loop: sockets, posted work and the sweep. Make it, then call `run` on the thread that it shall be.
/// Everything of a loop but `post` and `stop` belongs to its thread.
class Loop final : public Executor {
public:
    /// `sweep_every`: how often Sweepables are called; tests are less patient.
    explicit Loop(std::chrono::milliseconds sweep_every = std::chrono::seconds{1});
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

    /// For net/, http/ and ws/ .cpp files alone: the io_context, by a type that this header does not know.
    struct Engine;
    Engine& engine() { return *engine_; }

private:
    friend class Sweepable;
    std::unique_ptr<Engine> engine_;
};

}  // namespace makechat::net
