#include "net/loop.hpp"

#include "net/engine.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

namespace makechat::net {

namespace {
constexpr std::size_t receive_bytes = 512 * 1024;
}

Sweepable::Sweepable(Loop& loop) : loop_(loop) {
    auto& first = loop_.engine_->first;
    next_ = first;
    if (next_) next_->previous_ = this;
    first = this;  // in front: one that begins during a sweep waits for the next
}

Sweepable::~Sweepable() {
    auto& engine = *loop_.engine_;
    if (engine.next_to_sweep == this) engine.next_to_sweep = next_;
    if (next_) next_->previous_ = previous_;
    (previous_ ? previous_->next_ : engine.first) = next_;
    engine.held_bytes -= held_bytes_;
}

bool Sweepable::hold(std::size_t bytes) {
    auto& engine = *loop_.engine_;
    if (bytes < limits::held_bytes_counted_min) bytes = 0;
    if (held_bytes_ == 0) held_since_ = engine.sweeps;
    const bool more = bytes > held_bytes_;
    engine.held_bytes += bytes - held_bytes_;
    held_bytes_ = static_cast<std::uint32_t>(bytes);
    if (more && engine.held_bytes > engine.held_bytes_max) {
        if (engine.no_room) engine.ask_to_let_go(*this);  // the others were asked since the last sweep
        else engine.make_room();
    }
    return !more || engine.held_bytes <= engine.held_bytes_max;
}

/// A slow one that has just begun is let be where others have been slow for long.
void Loop::Engine::make_room() {
    if (std::exchange(making_room, true)) return;  // by who lets go: his last words count, too
    std::vector<std::pair<std::uint64_t, Sweepable*>> heaviest;
    for (auto* each = first; each; each = each->next_) {
        const std::uint64_t age = sweeps - each->held_since_;
        if (each->held_bytes_ > 0) heaviest.emplace_back((age + 1) * each->held_bytes_, each);
    }
    std::ranges::sort(heaviest, std::greater{});
    const auto enough = held_bytes_max - held_bytes_max / 8;
    for (const auto& [weight, each] : heaviest) {
        if (held_bytes <= enough) break;
        let_go(*each);
    }
    no_room = held_bytes > held_bytes_max;
    making_room = false;
}

void Loop::Engine::ask_to_let_go(Sweepable& one) {
    if (std::exchange(making_room, true)) return;
    let_go(one);
    making_room = false;
}

void Loop::Engine::let_go(Sweepable& one) {
    if (!one.let_go()) return;
    held_bytes -=
        one.held_bytes_;  // at once, though it may take a turn of the loop: nobody else goes for the same bytes
    one.held_bytes_ = 0;
}

void Loop::Engine::wake() {
    if (std::exchange(woken, true)) return;
    asio::post(context, [this] { run_posted(); });
}

bool Loop::Engine::run_posted() {
    std::vector<std::function<void()>> work;
    {
        const std::scoped_lock lock(guard);
        work.swap(posted);
        woken = false;
        if (stopping) context.stop();
    }
    for (auto& each : work) each();
    return !work.empty();
}

void Loop::Engine::sweep_later() {
    timer.expires_after(sweep_every);
    timer.async_wait([this](const boost::system::error_code& error) {
        if (error) return;
        sweep();
        sweep_later();
    });
}

void Loop::Engine::sweep() {
    const std::chrono::nanoseconds now = std::chrono::steady_clock::now().time_since_epoch();
    ++sweeps;
    no_room = false;
    next_to_sweep = first;
    while (next_to_sweep) {
        Sweepable& each = *next_to_sweep;
        next_to_sweep = each.next_;
        each.sweep(now);
    }
}

Loop::Loop(std::chrono::milliseconds sweep_every, std::size_t held_bytes_max)
    : engine_(std::make_unique<Engine>(sweep_every, held_bytes_max)) {
    engine_->sweep_later();
}

Loop::~Loop() {
    // What was posted too late to run may own sockets, which must not outlive the context.
    std::vector<std::function<void()>> late;
    do {
        late.clear();
        const std::scoped_lock lock(engine_->guard);
        late.swap(engine_->posted);
    } while (!late.empty());
}

void Loop::post(std::function<void()> work) {
    const std::scoped_lock lock(engine_->guard);
    engine_->posted.push_back(std::move(work));
    engine_->wake();
}

void Loop::run() {
    auto* const outer = std::exchange(Executor::current(), this);
    engine_->context.restart();
    engine_->context.run();
    // What came between the order to stop and now, and what that asks for.
    while (engine_->run_posted()) {}
    const std::scoped_lock lock(engine_->guard);
    engine_->stopping = false;
    Executor::current() = outer;
}

void Loop::stop() {
    const std::scoped_lock lock(engine_->guard);
    engine_->stopping = true;
    engine_->wake();
}

std::chrono::nanoseconds Loop::now() const { return std::chrono::steady_clock::now().time_since_epoch(); }

std::size_t Loop::held_bytes() const { return engine_->held_bytes; }

std::span<char> Loop::receive_buffer() {
    auto& buffer = engine_->receive_buffer;
    if (!buffer) buffer = std::make_unique_for_overwrite<char[]>(receive_bytes);  // pages come as they are used
    return {buffer.get(), receive_bytes};
}

}  // namespace makechat::net
