#pragma once

#include "base/result.hpp"
#include "bench/socket.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace makechat::bench {

/// Where the HTTP answer that `bytes` begin with ends; none while it is not whole.
std::optional<std::size_t> end_of_answer(std::string_view bytes);
/// Whether it is a 2xx.
bool is_success(std::string_view answer);

/// A keep-alive connection that asks one thing at a time.
class HttpClient {
public:
    /// Begins to connect. Error: internal.
    static Result<HttpClient> connect(const Endpoint& server);
    [[nodiscard]] int descriptor() const { return socket_.number(); }

    /// Error: internal (it does not take the request at once).
    Result<bool> ask(std::string_view request);
    /// Reads what has come: whether the answer is whole now. Error: internal (closed).
    Result<bool> receive(std::span<char> buffer);
    /// The whole one, until the next `ask`.
    [[nodiscard]] const std::string& answer() const { return answer_; }

private:
    explicit HttpClient(Descriptor socket) : socket_(std::move(socket)) {}

    Descriptor socket_;
    std::string answer_;
};

}  // namespace makechat::bench
