#pragma once

// Asio, for the .cpp files of net/, http/ and ws/ alone: it takes seconds to compile.

#include "net/loop.hpp"
#include "net/quota.hpp"
#include "net/socket.hpp"

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace makechat::net {

namespace asio = boost::asio;

struct Loop::Engine {
    using Timer = asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>,
                                             asio::io_context::executor_type>;

    Engine(std::chrono::milliseconds every, std::size_t bytes_max) : sweep_every(every), held_bytes_max(bytes_max) {}

    void wake();        ///< guarded by `guard`
    bool run_posted();  ///< false: there was nothing
    void sweep_later();
    void sweep();
    void make_room();
    void ask_to_let_go(Sweepable& one);
    void let_go(Sweepable& one);

    const std::chrono::milliseconds sweep_every;
    const std::size_t held_bytes_max;

    // The loop's thread.
    Sweepable* first = nullptr;
    Sweepable* next_to_sweep = nullptr;  ///< moved on when it ends during the sweep
    std::unique_ptr<char[]> receive_buffer;
    std::uint32_t sweeps = 0;
    std::size_t held_bytes = 0;
    bool making_room = false;
    bool no_room = false;  ///< for this second: nobody could let go of more

    // All threads.
    std::mutex guard;
    std::vector<std::function<void()>> posted;
    bool woken = false;
    bool stopping = false;

    // Descriptors are used by the loop's thread alone, so Asio need not lock them; posting stays safe. Last members: what
    // waits when a loop is destroyed is destroyed with them and may still use the rest.
    asio::io_context context{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO};
    asio::executor_work_guard<asio::io_context::executor_type> held_open{context.get_executor()};
    Timer timer{context};
};

struct Socket::Engine {
    using Stream = asio::basic_stream_socket<asio::generic::stream_protocol, asio::io_context::executor_type>;

    Engine(Loop& on, int descriptor, const asio::generic::stream_protocol& protocol, const Peer& from,
           std::shared_ptr<Quota> counted_by);
    ~Engine();
    void close();

    Loop& loop;
    Stream stream;
    std::shared_ptr<Quota> quota;  ///< counts this connection until it closes; may be null
    Peer peer;
    std::uint32_t uses = 1;
};

/// Keeps a Socket's engine while an operation waits, whatever becomes of the Socket.
class EngineUse {
public:
    explicit EngineUse(Socket::Engine& engine) : engine_(&engine) { ++engine.uses; }
    EngineUse(EngineUse&& other) noexcept : engine_(std::exchange(other.engine_, nullptr)) {}
    EngineUse& operator=(EngineUse&&) = delete;
    ~EngineUse() { drop(engine_); }
    Socket::Engine* operator->() const { return engine_; }

    static void drop(Socket::Engine* engine) {
        if (engine && --engine->uses == 0) delete engine;
    }

private:
    Socket::Engine* engine_;
};

}  // namespace makechat::net
