#include "bench/http_client.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <charconv>
#include <cstring>

namespace makechat::bench {
namespace {

std::unexpected<Error> broken(const std::string& why) { return fail({Code::internal, why}); }

}  // namespace

std::optional<std::size_t> end_of_answer(std::string_view bytes) {
    const auto end = bytes.find("\r\n\r\n");
    if (end == std::string_view::npos) return std::nullopt;
    const auto head = bytes.substr(0, end);
    std::size_t length = 0;
    for (const std::string_view name : {"\r\nContent-Length: ", "\r\ncontent-length: "}) {
        const auto found = head.find(name);
        if (found == std::string_view::npos) continue;
        const auto digits = head.substr(found + name.size());
        std::from_chars(digits.data(), digits.data() + digits.size(), length);
        break;
    }
    const auto whole = end + 4 + length;
    return bytes.size() < whole ? std::nullopt : std::optional(whole);
}

bool is_success(std::string_view answer) { return answer.starts_with("HTTP/1.1 2"); }

Result<HttpClient> HttpClient::connect(const Endpoint& server) {
    auto socket = begin_connect(server);
    if (!socket) return fail(socket.error());
    return HttpClient{std::move(*socket)};
}

Result<bool> HttpClient::ask(std::string_view request) {
    answer_.clear();
    const auto size = send(socket_.number(), request.data(), request.size(), MSG_NOSIGNAL);
    if (size < 0) return broken(std::string("The connection broke: ") + std::strerror(errno));
    if (size != static_cast<ssize_t>(request.size())) return broken("The server does not read.");
    return true;
}

Result<bool> HttpClient::receive(std::span<char> buffer) {
    const auto size = recv(socket_.number(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (size < 0 && errno == EAGAIN) return false;
    if (size <= 0) return broken("The server closed a connection: " + answer_);
    answer_.append(buffer.data(), static_cast<std::size_t>(size));
    return end_of_answer(answer_).has_value();
}

}  // namespace makechat::bench
