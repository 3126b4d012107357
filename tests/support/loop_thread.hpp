#pragma once

#include "base/limits.hpp"
#include "net/loop.hpp"
#include "net/socket.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

namespace makechat {

/// A loop on a thread of its own. Unless a test asks for more, its sweep comes only when the test calls it.
class LoopThread {
public:
    explicit LoopThread(std::chrono::milliseconds sweep_every = std::chrono::hours{1},
                        std::size_t held_bytes_max = limits::held_bytes_per_loop_max)
        : loop_(sweep_every, held_bytes_max), thread_([this] { loop_.run(); }) {}
    LoopThread(const LoopThread&) = delete;
    LoopThread& operator=(const LoopThread&) = delete;
    ~LoopThread() {
        loop_.stop();
        thread_.join();
    }

    net::Loop& loop() { return loop_; }

    /// Runs `work` on the loop's thread and waits for what it returns.
    template <class Work>
    auto call(Work work) {
        // Shared: the result can be there before the loop has let go of the task.
        const auto task = std::make_shared<std::packaged_task<decltype(work())()>>(std::move(work));
        auto result = task->get_future();
        loop_.post([task] { (*task)(); });
        return result.get();
    }

    /// Asks on the loop's thread, again and again; false when it has not become true in ten seconds.
    bool until(const std::function<bool()>& condition) {
        for (int i = 0; i < 10'000; ++i) {
            if (call(condition)) return true;
            std::this_thread::sleep_for(std::chrono::milliseconds{1});
        }
        return false;
    }

private:
    net::Loop loop_;
    std::thread thread_;
};

/// The far end of a socket that a loop serves: a client on the test's thread, patient for ten seconds.
class Peer {
public:
    /// `buffer_bytes`: what the kernel holds for a peer that does not read; 0: its own choice.
    explicit Peer(int buffer_bytes = 0) {
        std::array<int, 2> ends{};
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) std::abort();
        own_ = ends[0];
        other_ = ends[1];
        if (buffer_bytes == 0) return;
        for (const int end : ends) setsockopt(end, SOL_SOCKET, SO_SNDBUF, &buffer_bytes, sizeof buffer_bytes);
    }
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;
    ~Peer() {
        close();
        if (other_ >= 0) ::close(other_);
    }

    /// The near end, for the loop. Call once, on its thread.
    net::Socket accept(net::Loop& loop) { return net::Socket::adopt(loop, std::exchange(other_, -1)); }

    /// False when the other side has gone or takes no more.
    bool write(std::string_view bytes) {
        while (!bytes.empty()) {
            if (!ready(POLLOUT)) return false;
            const auto sent = send(own_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
            if (sent < 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }

    /// As many bytes as the other side takes now.
    std::size_t write_some(std::string_view bytes) {
        const auto sent = send(own_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        return sent < 0 ? 0 : static_cast<std::size_t>(sent);
    }

    /// What is there now.
    std::string read_some() {
        std::string bytes(64 * 1024, '\0');
        const auto got = recv(own_, bytes.data(), bytes.size(), MSG_DONTWAIT);
        bytes.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
        return bytes;
    }

    /// Exactly `size` bytes; fewer at the end, or when patience ends.
    std::string read(std::size_t size) {
        std::string bytes(size, '\0');
        std::size_t got = 0;
        while (got < size && ready(POLLIN)) {
            const auto more = recv(own_, bytes.data() + got, size - got, 0);
            if (more <= 0) break;
            got += static_cast<std::size_t>(more);
        }
        bytes.resize(got);
        return bytes;
    }

    /// The other side has ended, and nothing more came before.
    bool at_end() {
        char byte;
        return ready(POLLIN) && recv(own_, &byte, 1, 0) <= 0;
    }

    /// The other side sees the end; it can still be read from.
    void end_sending() { shutdown(own_, SHUT_WR); }

    void close() {
        if (own_ >= 0) ::close(std::exchange(own_, -1));
    }

private:
    bool ready(short what) {
        pollfd waiting{own_, what, 0};
        return poll(&waiting, 1, 10'000) == 1;
    }

    int own_ = -1;
    int other_ = -1;
};

}  // namespace makechat
