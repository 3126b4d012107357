#pragma once

#include "base/result.hpp"
#include "bench/process.hpp"
#include "bench/request_load.hpp"
#include "bench/socket.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace makechat::bench {

/// Clients in a process of their own, each of which asks at fixed times, whether or not the server keeps up: as people do.
/// A wait begins when its request is due, not when the connection is free to send it; and what nobody has answered at the
/// end counts with its age. So a server that stands still for a while shows it.
class PacedLoad {
public:
    /// The i-th of `clients` asks `request(i)` every `pace`, on `cores`. Only while there is one thread. Error: internal.
    static Result<PacedLoad> start(const Endpoint& server, std::size_t clients, std::chrono::milliseconds pace,
                                   const std::vector<int>& cores,
                                   const std::function<std::string(std::size_t)>& request);
    /// Answers from here on count.
    void count_from_here() const;
    /// What they saw since. Error: internal (a connection broke).
    Result<Answered> stop();
    [[nodiscard]] bool runs() const { return process_.runs(); }

private:
    PacedLoad(Process process, Descriptor orders, Descriptor results)
        : process_(std::move(process)), orders_(std::move(orders)), results_(std::move(results)) {}

    Process process_;
    Descriptor orders_;
    Descriptor results_;
};

}  // namespace makechat::bench
