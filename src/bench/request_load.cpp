#include "bench/request_load.hpp"

#include "bench/http_client.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace makechat::bench {
namespace {

using Clock = std::chrono::steady_clock;

struct Client {
    HttpClient connection;
    std::string request;
    Clock::time_point sent;
    bool connected = false;
};

std::unexpected<Error> broken(const std::string& why) { return fail({Code::internal, why}); }

/// The clients of one load, and what they have seen.
class Run {
public:
    Run(const std::function<std::string(std::size_t)>& request, bool anew) : request_(request), anew_(anew) {}

    Result<bool> connect(const Endpoint& server, std::size_t clients) {
        for (std::size_t i = 0; i < clients; ++i) {
            auto connection = HttpClient::connect(server);
            if (!connection) return fail(connection.error());
            clients_.push_back({std::move(*connection), request_(i), {}});
            poller_.add(clients_[i].connection.descriptor(), EPOLLOUT, static_cast<std::uint32_t>(i));
        }
        return true;
    }

    Result<bool> go_on_until(Clock::time_point end, bool counts) {
        counts_ = counts;
        while (Clock::now() < end) {
            for (const auto& event : poller_.wait(100)) {
                const auto done = step(event.data.u32);
                if (!done) return fail(done.error());
            }
        }
        return true;
    }

    Answered result(std::chrono::duration<double> time) {
        auto seen = summary(std::move(waits_));
        seen.per_second = static_cast<double>(seen.answers) / time.count();
        seen.refused = refused_;
        seen.refusal = refusal_;
        return seen;
    }

private:
    Result<bool> step(std::uint32_t index) {
        auto& client = clients_[index];
        if (!client.connected) {
            client.connected = true;
            poller_.change(client.connection.descriptor(), EPOLLIN, index);
            return ask(client);
        }
        const auto whole = client.connection.receive(buffer_);
        if (!whole || !*whole) return whole;
        note(client);
        if (anew_) client.request = request_(index);
        return ask(client);
    }

    static Result<bool> ask(Client& client) {
        client.sent = Clock::now();
        return client.connection.ask(client.request);
    }

    void note(const Client& client) {
        if (!is_success(client.connection.answer())) {
            if (refused_++ == 0) refusal_ = client.connection.answer();
        } else if (counts_) {
            waits_.push_back(Clock::now() - client.sent);
        }
    }

    const std::function<std::string(std::size_t)>& request_;
    const bool anew_;
    Poller poller_;
    std::vector<Client> clients_;
    std::vector<char> buffer_ = std::vector<char>(64 * 1024);
    std::vector<Clock::duration> waits_;
    std::size_t refused_ = 0;
    std::string refusal_;
    bool counts_ = false;
};

}  // namespace

Answered summary(std::vector<Clock::duration> waits) {
    Answered seen;
    seen.answers = waits.size();
    if (waits.empty()) return seen;
    std::ranges::sort(waits);
    const auto at = [&](std::size_t percent) {
        return std::chrono::duration<double, std::milli>(waits[(waits.size() - 1) * percent / 100]).count();
    };
    seen.p50_ms = at(50);
    seen.p99_ms = at(99);
    return seen;
}

std::string request_of(const Endpoint& server, std::string_view method, std::string_view path, std::string_view token,
                       std::string_view body) {
    auto head = fmt::format("{} {} HTTP/1.1\r\nHost: {}:{}\r\n", method, path, server.host, server.port);
    if (!token.empty()) head += fmt::format("X-Auth-Token: {}\r\n", token);
    if (!body.empty()) head += fmt::format("Content-Type: application/json\r\nContent-Length: {}\r\n", body.size());
    return fmt::format("{}\r\n{}", head, body);
}

Result<Answered> load(const Endpoint& server, const LoadShape& shape,
                      const std::function<std::string(std::size_t)>& request) {
    Run run{request, shape.anew};
    const auto connected = run.connect(server, shape.clients);
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
    const auto give_up = Clock::now() + std::chrono::seconds{10};
    pollfd waiting{.fd = socket->number(), .events = POLLOUT, .revents = 0};
    const auto wait = [&] {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(give_up - Clock::now()).count();
        return poll(&waiting, 1, static_cast<int>(std::max<std::int64_t>(left, 0))) > 0;
    };
    if (!wait()) return broken("No connection in time.");
    if (send(socket->number(), request.data(), request.size(), MSG_NOSIGNAL) < 0)
        return broken(std::string("No answer: ") + std::strerror(errno));
    std::string answer;
    waiting.events = POLLIN;
    while (!end_of_answer(answer)) {
        char bytes[16 * 1024];
        if (!wait()) return broken("No answer in time.");
        const auto size = recv(socket->number(), bytes, sizeof bytes, 0);
        if (size <= 0) return broken("The server closed the connection without an answer.");
        answer.append(bytes, static_cast<std::size_t>(size));
    }
    if (!is_success(answer)) return broken(answer);
    return answer.substr(answer.find("\r\n\r\n") + 4);
}

}  // namespace makechat::bench
