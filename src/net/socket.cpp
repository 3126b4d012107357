#include "net/socket.hpp"

#include "net/engine.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace makechat::net {

namespace {

constexpr std::size_t parts_per_call_max = 256;  // of IOV_MAX 1024; 4 KiB of stack

/// A coroutine's sleep until `begin(handler)` has completed; the handler gets the error and a size.
template <class Begin>
class Operation {
public:
    Operation(Socket::Engine& engine, Begin begin) : engine_(engine), begin_(std::move(begin)) {}

    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> waiter) {
        waiter_ = waiter;
        begin_([this, use = EngineUse(engine_)](const boost::system::error_code& error, std::size_t size = 0) {
            ok_ = !error;
            size_ = size;
            waiter_.resume();
        });
    }
    std::size_t await_resume() const noexcept { return ok_ ? std::max<std::size_t>(size_, 1) : 0; }

private:
    Socket::Engine& engine_;
    Begin begin_;
    std::coroutine_handle<> waiter_;
    std::size_t size_ = 0;
    bool ok_ = false;
};

bool would_wait(int error) { return error == EAGAIN || error == EWOULDBLOCK; }

/// send costs less than sendmsg, and most that is sent is one piece.
long send_one(int descriptor, const iovec& piece) {
    for (;;) {
        const auto sent = ::send(descriptor, piece.iov_base, piece.iov_len, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent >= 0) return sent;
        if (errno == EINTR) continue;
        return would_wait(errno) ? Socket::would_block : Socket::broken;
    }
}

/// One sendmsg; the caller has no more than parts_per_call_max parts.
long send_some(int descriptor, std::span<const std::string_view> parts, std::size_t& offered) {
    std::array<iovec, parts_per_call_max> pieces;
    std::size_t count = 0;
    offered = 0;
    const char* end = nullptr;
    for (const auto part : parts) {
        // Neighbours in memory are one piece: a message of sixteen pieces costs the kernel more than one of their size.
        if (part.data() == end && count > 0) pieces[count - 1].iov_len += part.size();
        else pieces[count++] = {const_cast<char*>(part.data()), part.size()};  // sendmsg does not write to it
        end = part.data() + part.size();
        offered += part.size();
    }
    if (count == 1) return send_one(descriptor, pieces[0]);
    msghdr message{};
    message.msg_iov = pieces.data();
    message.msg_iovlen = count;
    for (;;) {
        const auto sent = sendmsg(descriptor, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent >= 0) return sent;
        if (errno == EINTR) continue;
        return would_wait(errno) ? Socket::would_block : Socket::broken;
    }
}

}  // namespace

Socket::Engine::Engine(Loop& on, int descriptor, const asio::generic::stream_protocol& protocol, const Peer& from,
                       std::shared_ptr<Quota> counted_by)
    : loop(on), stream(on.engine().context), quota(std::move(counted_by)), peer(from) {
    boost::system::error_code error;
    stream.assign(protocol, descriptor, error);
    stream.native_non_blocking(true, error);
    if (protocol.family() == AF_UNIX) return;
    const int yes = 1;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
}

Socket::Engine::~Engine() { close(); }

void Socket::Engine::close() {
    boost::system::error_code error;
    stream.close(error);
    if (quota) std::exchange(quota, nullptr)->leave(peer);
}

Socket::Socket(Engine* engine) : engine_(engine) {}

Socket Socket::adopt(Loop& loop, int descriptor) {
    int family = AF_UNIX;
    socklen_t size = sizeof family;
    getsockopt(descriptor, SOL_SOCKET, SO_DOMAIN, &family, &size);
    const int protocol = family == AF_UNIX ? 0 : static_cast<int>(IPPROTO_TCP);
    return Socket{new Engine(loop, descriptor, {family, protocol}, Peer{}, nullptr)};
}

Socket::Socket(Socket&& other) noexcept : engine_(std::exchange(other.engine_, nullptr)) {}

Socket& Socket::operator=(Socket&& other) noexcept {
    if (this != &other) {
        close();
        EngineUse::drop(std::exchange(engine_, std::exchange(other.engine_, nullptr)));
    }
    return *this;
}

Socket::~Socket() {
    close();
    EngineUse::drop(engine_);
}

Task<std::size_t> Socket::read_some(std::span<char> into) {
    auto& stream = engine_->stream;
    if (into.empty()) co_return 0;
    Operation received(*engine_, [&stream, into](auto done) {
        stream.async_receive(asio::buffer(into.data(), into.size()), std::move(done));
    });
    const std::size_t size = co_await received;
    co_return size;
}

Task<bool> Socket::write(std::string_view head, std::string_view body) {
    auto& stream = engine_->stream;
    std::array<std::string_view, 2> parts{head, body};
    for (;;) {
        auto sent = try_write(parts);
        if (sent == broken) co_return false;
        for (auto& part : parts) {
            const auto gone = std::min(part.size(), static_cast<std::size_t>(std::max(sent, 0L)));
            part.remove_prefix(gone);
            sent -= static_cast<long>(gone);
        }
        if (parts[0].empty() && parts[1].empty()) co_return true;
        Operation writable(*engine_,
                           [&stream](auto done) { stream.async_wait(Engine::Stream::wait_write, std::move(done)); });
        const std::size_t ready = co_await writable;
        if (ready == 0) co_return false;
    }
}

long Socket::try_read(std::span<char> into) {
    if (!is_open()) return broken;
    for (;;) {
        const auto got = recv(engine_->stream.native_handle(), into.data(), into.size(), MSG_DONTWAIT);
        if (got >= 0) return got;
        if (errno == EINTR) continue;
        return would_wait(errno) ? would_block : broken;
    }
}

long Socket::try_write(std::span<const std::string_view> parts) {
    if (!is_open()) return broken;
    long total = 0;
    do {
        const auto now = parts.first(std::min(parts.size(), parts_per_call_max));
        parts = parts.subspan(now.size());
        std::size_t offered = 0;
        const auto sent = send_some(engine_->stream.native_handle(), now, offered);
        if (sent == broken) return broken;
        if (sent == would_block) return total > 0 ? total : would_block;
        total += sent;
        if (static_cast<std::size_t>(sent) < offered) break;
    } while (!parts.empty());
    return total;
}

void Socket::when_readable(std::shared_ptr<Waiter> keep) {
    engine_->stream.async_wait(Engine::Stream::wait_read, [use = EngineUse(*engine_), keep = std::move(keep)](
                                                              const boost::system::error_code& error) {
        if (!error && use->stream.is_open()) keep->on_readable();
    });
}

void Socket::when_writable(std::shared_ptr<Waiter> keep) {
    engine_->stream.async_wait(Engine::Stream::wait_write, [use = EngineUse(*engine_), keep = std::move(keep)](
                                                               const boost::system::error_code& error) {
        if (!error && use->stream.is_open()) keep->on_writable();
    });
}

void Socket::interrupt() {
    if (!is_open()) return;
    boost::system::error_code error;
    engine_->stream.cancel(error);
}

void Socket::end_sending() {
    if (!is_open()) return;
    boost::system::error_code error;
    engine_->stream.shutdown(Engine::Stream::shutdown_send, error);
}

void Socket::close() {
    if (engine_) engine_->close();
}

bool Socket::is_open() const { return engine_ && engine_->stream.is_open(); }

std::string Socket::remote_address() const { return engine_->peer.text(); }

Loop& Socket::loop() const { return engine_->loop; }

}  // namespace makechat::net
