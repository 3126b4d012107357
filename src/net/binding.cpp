#include "net/binding.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

namespace makechat::net {

namespace {

constexpr int backlog = 4096;  // the kernel lowers it to net.core.somaxconn
constexpr int free_port_tries = 16;

std::unexpected<Error> conflict(std::string text) { return fail({Code::conflict, std::move(text)}); }

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

}  // namespace

int family_of(const Address& address) {
    socklen_t size = 0;
    return socket_address(address, size).any.sa_family;
}

Result<std::vector<Descriptor>> listen_on(Address& address, std::size_t count) {
    const auto wanted = address;
    Result<std::vector<Descriptor>> descriptors;
    for (int tries = 0; tries < free_port_tries; ++tries) {
        const auto port = probed_port(wanted);
        if (!port) return fail(port.error());
        address.port = *port;
        descriptors = listening(address, count);
        if (descriptors || wanted.port != 0) break;  // a free port may have been taken since the probe
    }
    return descriptors;
}

Result<Descriptor> listen_on_path(const std::string& path) {
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
    return descriptor;
}

}  // namespace makechat::net
