#include "net/listener.hpp"

#include "base/log.hpp"
#include "net/engine.hpp"

#include <arpa/inet.h>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>

namespace makechat::net {

namespace {

constexpr int backlog = 4096;         // the kernel lowers it to net.core.somaxconn
constexpr int accepts_per_turn = 64;  // then the connections that there are get their turn
constexpr int free_port_tries = 16;

std::unexpected<Error> conflict(std::string text) { return fail({Code::conflict, std::move(text)}); }

/// A descriptor that closes unless it is released.
class Descriptor {
public:
    explicit Descriptor(int value) : value_(value) {}
    Descriptor(Descriptor&& other) noexcept : value_(other.release()) {}
    Descriptor& operator=(Descriptor&&) = delete;
    ~Descriptor() {
        if (value_ >= 0) ::close(value_);
    }
    [[nodiscard]] int get() const { return value_; }
    int release() { return std::exchange(value_, -1); }

private:
    int value_;
};

union SocketAddress {
    sockaddr any;
    sockaddr_in four;
    sockaddr_in6 six;
    sockaddr_un local;
    sockaddr_storage room;
};

SocketAddress socket_address(const Address& address, socklen_t& size) {
    SocketAddress result{};
    if (inet_pton(AF_INET, address.host.c_str(), &result.four.sin_addr) == 1) {
        result.four.sin_family = AF_INET;
        result.four.sin_port = htons(address.port);
        size = sizeof result.four;
        return result;
    }
    result.six.sin6_family = AF_INET6;  // "" stays ::, which takes IPv4 too
    inet_pton(AF_INET6, address.host.c_str(), &result.six.sin6_addr);
    result.six.sin6_port = htons(address.port);
    size = sizeof result.six;
    return result;
}

std::string in_words(const Address& address, int error) {
    const auto port = "Port " + std::to_string(address.port);
    const auto host = address.host.empty() ? std::string("every address") : address.host;
    if (error == EADDRINUSE) {
        return port + " on " + host + " is in use by another program; choose another with --listen";
    }
    if (error == EACCES) return port + " may be opened by root only; choose one above 1023 with --listen";
    if (error == EADDRNOTAVAIL) return host + " is not an address of this machine; choose another with --listen";
    return "Cannot listen on " + to_string(address) + ": " + std::strerror(error);
}

Result<Descriptor> bound(const Address& address, bool shared) {
    socklen_t size = 0;
    auto where = socket_address(address, size);
    Descriptor descriptor{socket(where.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    if (descriptor.get() < 0) return conflict(in_words(address, errno));
    const int yes = 1;
    const int no = 0;
    setsockopt(descriptor.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (shared) setsockopt(descriptor.get(), SOL_SOCKET, SO_REUSEPORT, &yes, sizeof yes);
    if (where.any.sa_family == AF_INET6) {
        const auto& only_six = address.host.empty() ? no : yes;
        setsockopt(descriptor.get(), IPPROTO_IPV6, IPV6_V6ONLY, &only_six, sizeof only_six);
    }
    if (bind(descriptor.get(), &where.any, size) != 0) return conflict(in_words(address, errno));
    return descriptor;
}

/// The port that the probe got. Binding alone, without sharing, shows that nobody else listens.
Result<std::uint16_t> probed_port(const Address& address) {
    auto probe = bound(address, false);
    if (!probe) return fail(probe.error());
    if (listen(probe->get(), 1) != 0) return conflict(in_words(address, errno));
    SocketAddress where{};
    socklen_t size = sizeof where;
    getsockname(probe->get(), &where.any, &size);
    return ntohs(where.any.sa_family == AF_INET6 ? where.six.sin6_port : where.four.sin_port);
}

Result<std::vector<Descriptor>> listening(const Address& address, std::size_t count) {
    std::vector<Descriptor> all;
    while (all.size() < count) {
        auto descriptor = bound(address, true);
        if (!descriptor) return fail(descriptor.error());
        if (listen(descriptor->get(), backlog) != 0) return conflict(in_words(address, errno));
        all.push_back(std::move(*descriptor));
    }
    return all;
}

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

/// The part of a listener that lives on one loop.
class Listener::Acceptor : public std::enable_shared_from_this<Acceptor> {
public:
    Acceptor(Loop& loop, Descriptor descriptor, Kind kind, std::shared_ptr<const ListenOptions> options,
             std::shared_ptr<const Accepted> accepted)
        : loop_(loop),
          descriptor_(std::move(descriptor)),
          kind_(kind),
          options_(std::move(options)),
          accepted_(std::move(accepted)),
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
        for (int i = 0; i < accepts_per_turn; ++i) {
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
        failing_ = false;
        if (options_->quota && !options_->quota->enter(peer)) return turn_away(descriptor, options_->refusal);
        auto* const engine =
            new Socket::Engine(loop_, descriptor, {kind_.family, kind_.protocol}, peer, options_->quota);
        (*accepted_)(Socket{engine});
    }

    void pause(int error) {
        paused_ = true;
        if (std::exchange(failing_, true)) return;  // said once, until one is accepted again
        log::error(std::string("Cannot accept connections: ") + std::strerror(error) +
                   ". Trying again every second; the connections that there are live on.");
    }

    Loop& loop_;
    Descriptor descriptor_;
    const Kind kind_;
    std::shared_ptr<const ListenOptions> options_;
    std::shared_ptr<const Accepted> accepted_;
    asio::posix::basic_stream_descriptor<asio::io_context::executor_type> waiting_;
    std::optional<Retry> retry_;
    bool paused_ = false;
    bool failing_ = false;
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

void Listener::add(Loop& loop, int descriptor, Kind kind, std::shared_ptr<const ListenOptions> options,
                   std::shared_ptr<const Accepted> accepted) {
    auto acceptor =
        std::make_shared<Acceptor>(loop, Descriptor{descriptor}, kind, std::move(options), std::move(accepted));
    acceptors_.push_back(acceptor);
    loop.post([acceptor] { acceptor->begin(); });
}

Result<Listener> Listener::open(std::span<Loop* const> loops, const Address& address, ListenOptions options,
                                Accepted accepted) {
    auto where = address;
    Result<std::vector<Descriptor>> descriptors;
    for (int tries = 0; tries < free_port_tries; ++tries) {
        const auto port = probed_port(address);
        if (!port) return fail(port.error());
        where.port = *port;
        descriptors = listening(where, loops.size());
        if (descriptors || address.port != 0) break;  // a free port may have been taken since the probe
    }
    if (!descriptors) return fail(descriptors.error());

    const auto shared_options = std::make_shared<const ListenOptions>(std::move(options));
    const auto shared_accepted = std::make_shared<const Accepted>(std::move(accepted));
    socklen_t size = 0;
    const Kind kind{socket_address(where, size).any.sa_family, IPPROTO_TCP};
    Listener listener{where, {}};
    for (std::size_t i = 0; i < loops.size(); ++i) {
        listener.add(*loops[i], (*descriptors)[i].release(), kind, shared_options, shared_accepted);
    }
    return listener;
}

Result<Listener> Listener::open_unix(Loop& loop, const std::string& path, Accepted accepted) {
    SocketAddress where{};
    where.local.sun_family = AF_UNIX;
    if (path.size() >= sizeof where.local.sun_path) {
        return conflict("The path of the control socket is too long (" +
                        std::to_string(sizeof where.local.sun_path - 1) + " bytes at most): " + path);
    }
    std::memcpy(where.local.sun_path, path.data(), path.size());
    const auto cannot = [&path](int error) {
        return conflict("Cannot listen on " + path + ": " + std::strerror(error));
    };

    Descriptor descriptor{socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    if (descriptor.get() < 0) return cannot(errno);
    struct stat found{};
    if (lstat(path.c_str(), &found) == 0) {
        if (!S_ISSOCK(found.st_mode)) return conflict("Cannot listen on " + path + ": there is a file of that name.");
        const Descriptor probe{socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
        if (connect(probe.get(), &where.any, sizeof where.local) == 0 || errno == EAGAIN) {
            return conflict("Another program listens on " + path + ".");
        }
        unlink(path.c_str());
    }
    fchmod(descriptor.get(), S_IRUSR | S_IWUSR);  // before bind, so that the file never has another mode
    if (bind(descriptor.get(), &where.any, sizeof where.local) != 0) return cannot(errno);
    if (chmod(path.c_str(), S_IRUSR | S_IWUSR) != 0 || listen(descriptor.get(), backlog) != 0) return cannot(errno);

    Listener listener{{}, path};
    listener.add(loop, descriptor.release(), {AF_UNIX, 0}, std::make_shared<const ListenOptions>(),
                 std::make_shared<const Accepted>(std::move(accepted)));
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
