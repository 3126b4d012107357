#include "net/listener.hpp"

#include "base/limits.hpp"
#include "base/log.hpp"
#include "net/accept_trouble.hpp"
#include "net/binding.hpp"
#include "net/engine.hpp"

#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <mutex>
#include <optional>
#include <utility>

namespace makechat::net {

namespace {

Peer peer_of(const SocketAddress& from) {
    Peer peer;
    if (from.any.sa_family == AF_INET6) {
        std::memcpy(peer.bytes.data(), &from.six.sin6_addr, peer.bytes.size());
        peer.known = true;
    } else if (from.any.sa_family == AF_INET) {
        peer.bytes[10] = peer.bytes[11] = 0xff;
        std::memcpy(peer.bytes.data() + 12, &from.four.sin_addr, 4);
        peer.known = true;
    }
    return peer;
}

/// What has arrived is read first: closing over unread bytes resets the connection, and the answer would be lost with it.
void turn_away(int descriptor, const std::string& answer) {
    std::array<char, 4096> request;
    [[maybe_unused]] auto ignored = recv(descriptor, request.data(), request.size(), MSG_DONTWAIT);
    ignored = send(descriptor, answer.data(), answer.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    shutdown(descriptor, SHUT_WR);
    ::close(descriptor);
}

bool is_about_the_newcomer(int error) {
    switch (error) {  // accept(2): errors of the new connection, and what a firewall may say
        case EINTR:
        case ECONNABORTED:
        case EPROTO:
        case EPERM:
        case ENETDOWN:
        case ENOPROTOOPT:
        case EHOSTDOWN:
        case ENONET:
        case EHOSTUNREACH:
        case EOPNOTSUPP:
        case ENETUNREACH:
        case ETIMEDOUT: return true;
        default: return false;
    }
}

}  // namespace

struct Listener::Kind {
    int family;
    int protocol;
};

/// What the acceptors of all loops have in common. Threads: any.
struct Listener::Shared {
    Shared(ListenOptions with, Accepted then) : options(std::move(with)), accepted(std::move(then)) {}

    void tell_paused(int error, std::chrono::nanoseconds now) {
        const std::scoped_lock lock(guard_);
        if (!trouble_.failed(now)) return;
        log::error(std::string("Cannot accept connections: ") + std::strerror(error) +
                   ". Trying again every second; the connections that there are live on.");
    }
    void tell_resumed() {
        const std::scoped_lock lock(guard_);
        if (trouble_.worked()) log::info("Connections are accepted again.");
    }

    const ListenOptions options;
    const Accepted accepted;

private:
    std::mutex guard_;
    AcceptTrouble trouble_;  ///< guarded by guard_
};

/// The part of a listener that lives on one loop.
class Listener::Acceptor : public std::enable_shared_from_this<Acceptor> {
public:
    Acceptor(Loop& loop, Descriptor descriptor, Kind kind, std::shared_ptr<Shared> shared)
        : loop_(loop),
          descriptor_(std::move(descriptor)),
          kind_(kind),
          shared_(std::move(shared)),
          waiting_(loop.engine().context) {}

    Loop& loop() { return loop_; }

    void begin() {
        boost::system::error_code error;
        waiting_.assign(descriptor_.release(), error);
        retry_.emplace(*this);
        wait();
    }

    void end() {
        boost::system::error_code error;
        waiting_.close(error);
        retry_.reset();
    }

private:
    /// Goes on after descriptors were out.
    struct Retry final : Sweepable {
        explicit Retry(Acceptor& owner) : Sweepable(owner.loop_), acceptor(owner) {}
        void sweep(std::chrono::nanoseconds) override {
            if (acceptor.paused_) acceptor.accept_some();
        }
        Acceptor& acceptor;
    };

    void wait() {
        paused_ = false;
        waiting_.async_wait(asio::posix::descriptor_base::wait_read,
                            [self = shared_from_this()](const boost::system::error_code& error) {
                                if (!error && self->waiting_.is_open()) self->accept_some();
                            });
    }

    void accept_some() {
        for (int i = 0; i < limits::accepts_per_turn_max; ++i) {
            SocketAddress from{};
            socklen_t size = sizeof from;
            const int descriptor = accept4(waiting_.native_handle(), &from.any, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
            if (descriptor >= 0) {
                take(descriptor, peer_of(from));
                if (!waiting_.is_open()) return;  // stopped by the callee
            } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
                break;
            } else if (!is_about_the_newcomer(errno)) {
                return pause(errno);
            }
        }
        wait();
    }

    void take(int descriptor, const Peer& peer) {
        if (paused_) shared_->tell_resumed();
        const auto& quota = shared_->options.quota;
        if (quota && !quota->enter(peer)) return turn_away(descriptor, shared_->options.refusal);
        auto* const engine = new Socket::Engine(loop_, descriptor, {kind_.family, kind_.protocol}, peer, quota);
        shared_->accepted(Socket{engine});
    }

    void pause(int error) {
        paused_ = true;
        shared_->tell_paused(error, loop_.now());
    }

    Loop& loop_;
    Descriptor descriptor_;
    const Kind kind_;
    std::shared_ptr<Shared> shared_;
    asio::posix::basic_stream_descriptor<asio::io_context::executor_type> waiting_;
    std::optional<Retry> retry_;
    bool paused_ = false;
};

Listener::Listener(Address address, std::string path) : address_(std::move(address)), path_(std::move(path)) {}
Listener::Listener(Listener&&) noexcept = default;
Listener& Listener::operator=(Listener&& other) noexcept {
    stop();
    address_ = std::move(other.address_);
    path_ = std::exchange(other.path_, {});
    acceptors_ = std::exchange(other.acceptors_, {});
    return *this;
}
Listener::~Listener() { stop(); }

void Listener::add(Loop& loop, int descriptor, Kind kind, std::shared_ptr<Shared> shared) {
    auto acceptor = std::make_shared<Acceptor>(loop, Descriptor{descriptor}, kind, std::move(shared));
    acceptors_.push_back(acceptor);
    loop.post([acceptor] { acceptor->begin(); });
}

Result<Listener> Listener::open(std::span<Loop* const> loops, const Address& address, ListenOptions options,
                                Accepted accepted) {
    auto where = address;
    auto descriptors = listen_on(where, loops.size());
    if (!descriptors) return fail(descriptors.error());
    const auto shared = std::make_shared<Shared>(std::move(options), std::move(accepted));
    Listener listener{where, {}};
    for (std::size_t i = 0; i < loops.size(); ++i) {
        listener.add(*loops[i], (*descriptors)[i].release(), {family_of(where), IPPROTO_TCP}, shared);
    }
    return listener;
}

Result<Listener> Listener::open_unix(Loop& loop, const std::string& path, Accepted accepted) {
    auto descriptor = listen_on_path(path);
    if (!descriptor) return fail(descriptor.error());
    Listener listener{{}, path};
    constexpr auto most = limits::control_connections_max;
    ListenOptions options{std::make_shared<Quota>(most, most), {}};
    listener.add(loop, descriptor->release(), {AF_UNIX, 0},
                 std::make_shared<Shared>(std::move(options), std::move(accepted)));
    return listener;
}

void Listener::stop() {
    if (!path_.empty()) unlink(path_.c_str());
    path_.clear();
    for (auto& acceptor : std::exchange(acceptors_, {})) {
        auto& loop = acceptor->loop();
        loop.post([ending = std::move(acceptor)] { ending->end(); });
    }
}

}  // namespace makechat::net
