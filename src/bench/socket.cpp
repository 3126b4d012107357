#include "bench/socket.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

namespace makechat::bench {
namespace {

constexpr std::size_t ready_max = 1'024;

std::unexpected<Error> cannot(const char* what) {
    return fail({Code::internal, std::string("Cannot ") + what + ": " + std::strerror(errno)});
}

sockaddr_in address_of(const Endpoint& endpoint) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(endpoint.port);
    address.sin_addr = endpoint.address;
    return address;
}

/// Before it connects. The peer's send buffer is as large as some segments, which are 64 KiB on loopback.
void take_little(const Descriptor& socket) {
    const int segment_bytes = 536;  // what every TCP takes
    setsockopt(socket.number(), IPPROTO_TCP, TCP_MAXSEG, &segment_bytes, sizeof segment_bytes);
    const int bytes = 4 * 1024;
    setsockopt(socket.number(), SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

/// "0100007F:1F90", as proc(5) writes it in /proc/net/tcp.
std::string in_proc(const sockaddr_in& address) {
    return fmt::format("{:08X}:{:04X}", address.sin_addr.s_addr, ntohs(address.sin_port));
}

/// What waits in the kernel to be sent from `from` to `to`; 0 when `from` is not on this machine.
std::size_t unsent_bytes(const std::string& from, const std::string& to) {
    std::ifstream table{"/proc/net/tcp"};
    for (std::string line; std::getline(table, line);) {
        std::istringstream words{line};
        std::string number;
        std::string local;
        std::string remote;
        std::string state;
        std::string queues;
        words >> number >> local >> remote >> state >> queues;
        if (local == from && remote == to) return std::stoull(queues, nullptr, 16);
    }
    return 0;
}

}  // namespace

Descriptor::~Descriptor() {
    if (number_ >= 0) close(number_);
}

Result<Endpoint> find_endpoint(const std::string& host, std::uint16_t port) {
    const addrinfo wanted{.ai_family = AF_INET, .ai_socktype = SOCK_STREAM};
    addrinfo* found = nullptr;
    const int error = getaddrinfo(host.c_str(), nullptr, &wanted, &found);
    if (error != 0)
        return fail({Code::bad_parameter, fmt::format("'{}' has no IPv4 address: {}", host, gai_strerror(error))});
    sockaddr_in address{};
    std::memcpy(&address, found->ai_addr, sizeof address);
    freeaddrinfo(found);
    return Endpoint{host, port, address.sin_addr};
}

Result<Pipe> Pipe::make() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0) return cannot("make a pipe");
    return Pipe{Descriptor{ends[0]}, Descriptor{ends[1]}};
}

Result<Descriptor> begin_connect(const Endpoint& to, Buffers buffers) {
    Descriptor descriptor{socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    if (!descriptor) return cannot("open a socket");
    const linger reset{.l_onoff = 1, .l_linger = 0};
    setsockopt(descriptor.number(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    const int on = 1;
    setsockopt(descriptor.number(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (buffers == Buffers::small) take_little(descriptor);
    const auto address = address_of(to);
    const auto* any = reinterpret_cast<const sockaddr*>(&address);
    if (connect(descriptor.number(), any, sizeof address) < 0 && errno != EINPROGRESS) return cannot("connect");
    return descriptor;
}

std::size_t unread_bytes(const Descriptor& socket) {
    int here = 0;
    ioctl(socket.number(), FIONREAD, &here);
    sockaddr_in own{};
    sockaddr_in peer{};
    socklen_t own_size = sizeof own;
    socklen_t peer_size = sizeof peer;
    if (getsockname(socket.number(), reinterpret_cast<sockaddr*>(&own), &own_size) < 0 ||
        getpeername(socket.number(), reinterpret_cast<sockaddr*>(&peer), &peer_size) < 0)
        return static_cast<std::size_t>(here);
    return static_cast<std::size_t>(here) + unsent_bytes(in_proc(peer), in_proc(own));
}

Result<Descriptor> listen_anywhere(Endpoint& at) {
    Descriptor descriptor{socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    at = {};
    auto address = address_of(at);
    auto* any = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof address;
    if (!descriptor || bind(descriptor.number(), any, size) < 0 || listen(descriptor.number(), SOMAXCONN) < 0 ||
        getsockname(descriptor.number(), any, &size) < 0)
        return cannot("listen");
    at.port = ntohs(address.sin_port);
    return descriptor;
}

std::uint16_t free_port() {
    Endpoint at;
    const auto listening = listen_anywhere(at);
    return at.port;
}

std::size_t descriptors_allowed() {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur;
}

std::size_t sockets_allowed() {
    const auto allowed = descriptors_allowed();
    return allowed - std::min(allowed, descriptors_kept);
}

Poller::Poller() : descriptor_(epoll_create1(EPOLL_CLOEXEC)), ready_(ready_max) {}

void Poller::add(int descriptor, std::uint32_t events, std::uint32_t tag) {
    epoll_event event{.events = events, .data = {.u32 = tag}};
    epoll_ctl(descriptor_.number(), EPOLL_CTL_ADD, descriptor, &event);
}

void Poller::change(int descriptor, std::uint32_t events, std::uint32_t tag) {
    epoll_event event{.events = events, .data = {.u32 = tag}};
    epoll_ctl(descriptor_.number(), EPOLL_CTL_MOD, descriptor, &event);
}

std::span<const epoll_event> Poller::wait(int timeout_ms) {
    const int count = epoll_wait(descriptor_.number(), ready_.data(), static_cast<int>(ready_.size()), timeout_ms);
    return std::span(ready_).first(static_cast<std::size_t>(std::max(count, 0)));
}

}  // namespace makechat::bench
