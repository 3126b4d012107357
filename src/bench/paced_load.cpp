#include "bench/paced_load.hpp"

#include "bench/http_client.hpp"

#include <unistd.h>

namespace makechat::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr char count_now = 'c';
constexpr char stop_now = 's';

struct Client {
    HttpClient connection;
    std::string request;
    Clock::time_point due;  ///< of the request under way, or of the next
    bool connected = false;
    bool waits = false;  ///< for an answer
};

/// What goes over the pipe.
struct Numbers {
    double p50_ms = 0;
    double p99_ms = 0;
    std::size_t answers = 0;
    std::size_t unanswered = 0;
    std::size_t refused = 0;
};

class Clients {
public:
    Clients(Clock::duration pace, int orders) : pace_(pace), orders_(orders) {}

    Result<bool> connect(const Endpoint& server, std::size_t count,
                         const std::function<std::string(std::size_t)>& request) {
        const auto begun = Clock::now();
        for (std::size_t i = 0; i < count; ++i) {
            auto connection = HttpClient::connect(server);
            if (!connection) return fail(connection.error());
            const auto due = begun + pace_ * static_cast<int>(i) / static_cast<int>(count);
            clients_.push_back({std::move(*connection), request(i), due});
            poller_.add(clients_[i].connection.descriptor(), EPOLLOUT, static_cast<std::uint32_t>(i));
        }
        poller_.add(orders_, EPOLLIN, static_cast<std::uint32_t>(count));
        return true;
    }

    /// Until it is told to stop.
    Result<Answered> go_on() {
        while (!over_) {
            for (auto& client : clients_) {
                if (!client.connected || client.waits || client.due > Clock::now()) continue;
                const auto asked = client.connection.ask(client.request);
                if (!asked) return fail(asked.error());
                client.waits = true;
            }
            for (const auto& event : poller_.wait(1)) {
                const auto done = event.data.u32 < clients_.size() ? read(event.data.u32) : obey();
                if (!done) return fail(done.error());
            }
        }
        const auto unanswered = count_unanswered();
        auto seen = summary(std::move(waits_));
        seen.unanswered = unanswered;
        seen.refused = refused_;
        return seen;
    }

private:
    Result<bool> read(std::uint32_t index) {
        auto& client = clients_[index];
        if (!client.connected) {
            client.connected = true;
            poller_.change(client.connection.descriptor(), EPOLLIN, index);
            return true;
        }
        const auto whole = client.connection.receive(buffer_);
        if (!whole || !*whole) return whole;
        if (counts_ && is_success(client.connection.answer())) waits_.push_back(Clock::now() - client.due);
        if (counts_ && !is_success(client.connection.answer())) ++refused_;
        client.waits = false;
        client.due += pace_;
        return true;
    }

    /// The end of the pipe is an order too: nobody wants to know any more.
    Result<bool> obey() {
        char order = stop_now;
        [[maybe_unused]] const auto size = ::read(orders_, &order, 1);
        counts_ = true;
        over_ = order == stop_now;
        return true;
    }

    std::size_t count_unanswered() {
        const auto now = Clock::now();
        const auto before = waits_.size();
        for (const auto& client : clients_)
            for (auto due = client.due; due <= now; due += pace_) waits_.push_back(now - due);
        return waits_.size() - before;
    }

    const Clock::duration pace_;
    const int orders_;
    Poller poller_;
    std::vector<Client> clients_;
    std::vector<char> buffer_ = std::vector<char>(64 * 1024);
    std::vector<Clock::duration> waits_;
    std::size_t refused_ = 0;
    bool counts_ = false;
    bool over_ = false;
};

}  // namespace

Result<PacedLoad> PacedLoad::start(const Endpoint& server, std::size_t clients, std::chrono::milliseconds pace,
                                   const std::vector<int>& cores,
                                   const std::function<std::string(std::size_t)>& request) {
    auto orders = Pipe::make();
    auto results = Pipe::make();
    if (!orders || !results) return fail({Code::internal, "Cannot make a pipe."});
    auto process = Process::fork(cores, [&] {
        orders->writing = {};
        Clients load{pace, orders->reading.number()};
        const auto connected = load.connect(server, clients, request);
        const auto seen = connected ? load.go_on() : fail(connected.error());
        if (!seen) return;  // the end of the pipe says it
        const Numbers numbers{seen->p50_ms, seen->p99_ms, seen->answers, seen->unanswered, seen->refused};
        [[maybe_unused]] const auto written = write(results->writing.number(), &numbers, sizeof numbers);
    });
    if (!process) return fail(process.error());
    return PacedLoad{std::move(*process), std::move(orders->writing), std::move(results->reading)};
}

void PacedLoad::count_from_here() const {
    [[maybe_unused]] const auto written = write(orders_.number(), &count_now, 1);
}

Result<Answered> PacedLoad::stop() {
    orders_ = {};
    Numbers numbers;
    if (read(results_.number(), &numbers, sizeof numbers) != sizeof numbers)
        return fail({Code::internal, "A connection of those who ask meanwhile broke."});
    Answered seen;
    seen.p50_ms = numbers.p50_ms;
    seen.p99_ms = numbers.p99_ms;
    seen.answers = numbers.answers;
    seen.unanswered = numbers.unanswered;
    seen.refused = numbers.refused;
    return seen;
}

}  // namespace makechat::bench
