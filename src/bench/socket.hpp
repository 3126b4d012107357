#pragma once

#include "base/result.hpp"

#include <netinet/in.h>
#include <sys/epoll.h>

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace makechat::bench {

/// A descriptor that is closed by its owner.
class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    ~Descriptor();
    [[nodiscard]] int number() const { return number_; }
    explicit operator bool() const { return number_ >= 0; }

private:
    int number_ = -1;
};

struct Pipe {
    Descriptor reading;
    Descriptor writing;
    /// No program that is started has it open. Error: internal.
    static Result<Pipe> make();
};

/// Where the server listens; IPv4, loopback as a rule.
struct Endpoint {
    std::string host = "127.0.0.1";  ///< as it is named in requests
    std::uint16_t port = 0;
    in_addr address{htonl(INADDR_LOOPBACK)};  ///< of `host`
};

/// Error: bad_parameter (no address of that name).
Result<Endpoint> find_endpoint(const std::string& host, std::uint16_t port);

/// What the kernel may hold of what a peer sends to a client that does not read.
enum class Buffers : bool {
    usual,
    small,  ///< some KiB on both sides: what is more waits in the peer itself
};

/// Begins to connect; writable when it is there. A client's socket resets when it is closed, so that ten thousand of them
/// leave no ten thousand ports in TIME_WAIT for the next measurement. Error: internal.
Result<Descriptor> begin_connect(const Endpoint& to, Buffers buffers = Buffers::usual);
/// What the peer has sent and nobody has read: what lies at `socket`, and, when the peer is on this machine, what the kernel
/// has still to bring over; what is on its way may count twice.
std::size_t unread_bytes(const Descriptor& socket);
/// Listens on 127.0.0.1 at a port that the kernel picks.
Result<Descriptor> listen_anywhere(Endpoint& at);
/// A port that nobody listens on now.
std::uint16_t free_port();
/// Raises the limit of this process on descriptors as far as it may, and says how far that is.
std::size_t descriptors_allowed();
inline constexpr std::size_t descriptors_kept = 500;  ///< of these, for everything but the sockets, on either side
/// So many sockets a measurement may open.
std::size_t sockets_allowed();

/// epoll(7), level-triggered.
class Poller {
public:
    Poller();
    void add(int descriptor, std::uint32_t events, std::uint32_t tag);
    void change(int descriptor, std::uint32_t events, std::uint32_t tag);
    /// Those that are ready, at most as many as fit; none after `timeout_ms`.
    std::span<const epoll_event> wait(int timeout_ms);

private:
    Descriptor descriptor_;
    std::vector<epoll_event> ready_;
};

}  // namespace makechat::bench
