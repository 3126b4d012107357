#include "bench/request_load.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>

namespace makechat::bench {
namespace {

using Clock = std::chrono::steady_clock;

struct Client {
    Descriptor socket;
    std::string request;
    std::string answer;
    Clock::time_point sent;
    bool connected = false;
    bool rests = false;  ///< has its answer, and waits for its pace
};

std::unexpected<Error> broken(const std::string& why) { return fail({Code::internal, why}); }

/// Where the answer that `bytes` begin with ends; none while it is not whole.
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

bool send_request(Client& client) {
    client.sent = Clock::now();
    const auto size = send(client.socket.number(), client.request.data(), client.request.size(), MSG_NOSIGNAL);
    return size == static_cast<ssize_t>(client.request.size());
}

/// The clients of one load, and what they have seen.
class Run {
public:
    explicit Run(Clock::duration pace) : pace_(pace) {}

    Result<bool> connect(const Endpoint& server, std::size_t clients,
                         const std::function<std::string(std::size_t)>& request) {
        clients_.resize(clients);
        for (std::size_t i = 0; i < clients; ++i) {
            auto socket = begin_connect(server);
            if (!socket) return fail(socket.error());
            clients_[i].socket = std::move(*socket);
            clients_[i].request = request(i);
            poller_.add(clients_[i].socket.number(), EPOLLOUT, static_cast<std::uint32_t>(i));
        }
        return true;
    }

    Result<bool> go_on_until(Clock::time_point end, bool counts) {
        counts_ = counts;
        while (Clock::now() < end) {
            for (const auto& event : poller_.wait(pace_ > Clock::duration::zero() ? 1 : 100)) {
                const auto done = step(event.data.u32);
                if (!done) return fail(done.error());
            }
            for (auto& client : clients_) {
                if (pace_ == Clock::duration::zero()) break;
                if (client.rests && Clock::now() - client.sent >= pace_ && !go_on(client))
                    return broken("The server does not read.");
            }
        }
        return true;
    }

    Answered result(std::chrono::duration<double> time) {
        seen_.answers = waits_.size();
        seen_.per_second = static_cast<double>(waits_.size()) / time.count();
        if (waits_.empty()) return seen_;
        std::ranges::sort(waits_);
        const auto at = [&](std::size_t percent) {
            return std::chrono::duration<double, std::milli>(waits_[(waits_.size() - 1) * percent / 100]).count();
        };
        seen_.p50_ms = at(50);
        seen_.p99_ms = at(99);
        return seen_;
    }

private:
    Result<bool> step(std::uint32_t index) {
        auto& client = clients_[index];
        if (!client.connected) {
            client.connected = true;
            poller_.change(client.socket.number(), EPOLLIN, index);
            if (!send_request(client)) return broken(std::string("Cannot connect: ") + std::strerror(errno));
            return true;
        }
        const auto size = recv(client.socket.number(), buffer_.data(), buffer_.size(), MSG_DONTWAIT);
        if (size < 0 && errno == EAGAIN) return true;
        if (size <= 0) return broken("The server closed a connection: " + client.answer);
        client.answer.append(buffer_.data(), static_cast<std::size_t>(size));
        if (!end_of_answer(client.answer)) return true;
        note(client);
        client.answer.clear();
        client.rests = pace_ > Clock::duration::zero();
        if (!client.rests && !go_on(client)) return broken("The server does not read.");
        return true;
    }

    static bool go_on(Client& client) {
        client.rests = false;
        return send_request(client);
    }

    void note(const Client& client) {
        if (!is_success(client.answer)) {
            if (seen_.refused++ == 0) seen_.refusal = client.answer;
        } else if (counts_) {
            waits_.push_back(Clock::now() - client.sent);
        }
    }

    const Clock::duration pace_;
    Poller poller_;
    std::vector<Client> clients_;
    std::vector<char> buffer_ = std::vector<char>(64 * 1024);
    std::vector<Clock::duration> waits_;
    bool counts_ = false;
    Answered seen_;
};

}  // namespace

std::string request_of(const Endpoint& server, std::string_view method, std::string_view path, std::string_view token,
                       std::string_view body) {
    auto head = fmt::format("{} {} HTTP/1.1\r\nHost: {}:{}\r\n", method, path, server.host, server.port);
    if (!token.empty()) head += fmt::format("X-Auth-Token: {}\r\n", token);
    if (!body.empty()) head += fmt::format("Content-Type: application/json\r\nContent-Length: {}\r\n", body.size());
    return fmt::format("{}\r\n{}", head, body);
}

Result<Answered> load(const Endpoint& server, const LoadShape& shape,
                      const std::function<std::string(std::size_t)>& request) {
    Run run{shape.pace};
    const auto connected = run.connect(server, shape.clients, request);
    if (!connected) return fail(connected.error());
    const auto warm = run.go_on_until(Clock::now() + shape.warm_up, false);
    if (!warm) return fail(warm.error());
    const auto begun = Clock::now();
    const auto done = run.go_on_until(begun + shape.time, true);
    if (!done) return fail(done.error());
    return run.result(Clock::now() - begun);
}

Result<std::string> ask(const Endpoint& server, const std::string& request) {
    const auto socket = begin_connect(server);
    if (!socket) return fail(socket.error());
    constexpr int patience_ms = 10'000;
    pollfd waiting{.fd = socket->number(), .events = POLLOUT, .revents = 0};
    poll(&waiting, 1, patience_ms);
    if (send(socket->number(), request.data(), request.size(), MSG_NOSIGNAL) < 0)
        return broken(std::string("No answer: ") + std::strerror(errno));
    std::string answer;
    waiting.events = POLLIN;
    while (!end_of_answer(answer)) {
        char bytes[16 * 1024];
        if (poll(&waiting, 1, patience_ms) <= 0) return broken("No answer in time.");
        const auto size = recv(socket->number(), bytes, sizeof bytes, 0);
        if (size <= 0) return broken("The server closed the connection without an answer.");
        answer.append(bytes, static_cast<std::size_t>(size));
    }
    if (!is_success(answer)) return broken(answer);
    return answer.substr(answer.find("\r\n\r\n") + 4);
}

}  // namespace makechat::bench
