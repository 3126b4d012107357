#pragma once

#include <vector>

/// `makechat bench`: what the server does on this machine, beside what the machine can do. The other end of the sockets:
/// nothing here is part of serving.
namespace makechat::bench {

/// Which core works for whom. The server and each raw limit get one core, the clients another, so that both are measured
/// under the same conditions and the clients take nothing from what they measure.
struct Cores {
    std::vector<int> server;
    std::vector<int> clients;

    /// Of those that this process may use: the first and the last; with one core alone both share it.
    static Cores of_machine();
    [[nodiscard]] bool shared() const { return server == clients; }
    /// All that this process may use.
    [[nodiscard]] std::vector<int> all() const;
};

/// Keeps the calling thread, and what it starts from here on, on these cores.
void stay_on(const std::vector<int>& cores);

}  // namespace makechat::bench
