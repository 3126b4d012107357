#pragma once

// For listener.cpp alone.

#include "base/result.hpp"
#include "net/address.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace makechat::net {

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

/// AF_INET or AF_INET6.
int family_of(const Address& address);

/// `count` sockets that listen on one address by SO_REUSEPORT, after a plain bind has shown that nobody else does. Sets the
/// port where it was 0. Error: conflict.
Result<std::vector<Descriptor>> listen_on(Address& address, std::size_t count);

/// A Unix socket of mode 0600, in place of one that nobody listens on any more. Error: conflict.
Result<Descriptor> listen_on_path(const std::string& path);

}  // namespace makechat::net
