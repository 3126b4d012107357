#pragma once

#include "base/result.hpp"
#include "bench/process.hpp"
#include "bench/request_load.hpp"
#include "bench/socket.hpp"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>

/// What this machine can do at best, without a chat: the limits that the figures are held against.
namespace makechat::bench {

/// A process that holds connections and, for each byte that it is sent over a pipe, sends `frame` `burst` times to each
/// of them with one send(2) per connection: the loop that no fan-out can beat without leaving the socket API.
class RawSender {
public:
    static Result<RawSender> start(const std::string& frame, std::size_t burst, std::size_t connections,
                                   const std::vector<int>& cores);
    [[nodiscard]] const Endpoint& endpoint() const { return endpoint_; }
    void send_round() const;

private:
    RawSender(Process process, Descriptor orders, Endpoint endpoint)
        : process_(std::move(process)), orders_(std::move(orders)), endpoint_(std::move(endpoint)) {}

    Process process_;
    Descriptor orders_;
    Endpoint endpoint_;
};

/// Rows per second into one SQLite table in `folder`, by a writer thread that takes all that wait, at most `waiting`, into one
/// transaction with one fsync, and hands them back to a thread that sends them again at once: the group commit that no durable
/// send can beat on SQLite, without HTTP, rights and events. On `cores`.
Result<double> raw_group_commit(const std::filesystem::path& folder, std::size_t waiting, std::size_t row_bytes,
                                std::chrono::milliseconds time, const std::vector<int>& cores);

/// Something that answers every GET at once with `body`: nginx with `return 200`, one worker, where it is installed, else
/// a loop of epoll(7) that does not even read what it is asked.
class RawResponder {
public:
    static Result<RawResponder> start(const std::string& body, const std::filesystem::path& folder,
                                      const std::vector<int>& cores);
    [[nodiscard]] const Endpoint& endpoint() const { return endpoint_; }
    [[nodiscard]] const std::string& name() const { return name_; }  ///< "nginx return", "epoll loop"

private:
    RawResponder(Process process, Endpoint endpoint, std::string name)
        : process_(std::move(process)), endpoint_(std::move(endpoint)), name_(std::move(name)) {}

    Process process_;
    Endpoint endpoint_;
    std::string name_;
};

}  // namespace makechat::bench
