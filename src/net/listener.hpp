#pragma once

#include "base/result.hpp"
#include "net/address.hpp"
#include "net/loop.hpp"
#include "net/quota.hpp"
#include "net/socket.hpp"

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace makechat::net {

/// Called on the loop that the connection shall live on, for each one accepted. Must not throw.
using Accepted = std::function<void(Socket)>;

struct ListenOptions {
    std::shared_ptr<Quota> quota;  ///< counts each connection until it closes; null: no bound
    std::string refusal;           ///< sent to a connection that the quota has no room for, before it is closed
};

/// Accepts connections. A failing accept never ends it: while descriptors are out, it tries again at each sweep, and the
/// connections that there are live on. The log says so once, and once when it goes on.
///
/// Threads: open it before the loops run, or on none of them; stop and destroy it before the loops end.
class Listener {
public:
    /// Every loop gets an acceptor of its own, and the kernel spreads connections over them. A port that another program
    /// listens on is refused: SO_REUSEPORT alone would share it silently.
    /// Error: conflict, with a text for the person who started the program.
    static Result<Listener> open(std::span<Loop* const> loops, const Address& address, ListenOptions options,
                                 Accepted accepted);

    /// A Unix socket that its owner alone may connect to (mode 0600); past limits::control_connections_max a connection is
    /// closed at once. A socket file that nobody listens on any more is replaced. Error: conflict.
    static Result<Listener> open_unix(Loop& loop, const std::string& path, Accepted accepted);

    Listener(Listener&&) noexcept;
    Listener& operator=(Listener&&) noexcept;
    ~Listener();  ///< stops

    /// Where it listens, with the real port where 0 was asked for.
    [[nodiscard]] const Address& address() const { return address_; }

    /// Accepts no more; what was accepted lives on. The descriptors close soon after, on their loops. Threads: any.
    void stop();

private:
    class Acceptor;
    struct Kind;
    struct Shared;
    Listener(Address address, std::string path);
    void add(Loop& loop, int descriptor, Kind kind, std::shared_ptr<Shared> shared);

    Address address_;
    std::string path_;  ///< of a Unix socket
    std::vector<std::shared_ptr<Acceptor>> acceptors_;
};

}  // namespace makechat::net
