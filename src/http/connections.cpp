#include "http/connections.hpp"

#include "base/log.hpp"
#include "base/random.hpp"
#include "http/connection.hpp"

#include <exception>
#include <span>

namespace makechat::http {

namespace {

/// Tells the requests of this loop and of this run of the program from all others.
std::string random_prefix() {
    SystemRandom random;
    return random_word(random, 10) + "-";
}

/// Keeps the connection while it runs. What is thrown here is a bug, and ends no more than this connection.
Task<void> live(Connections::Shared& shared, std::list<Connection>::iterator connection) {
    try {
        co_await connection->run();
    } catch (const std::exception& thrown) {
        log::error(std::string("A connection failed: ") + thrown.what());
    }
    shared.open.erase(connection);
    --shared.count;
}

}  // namespace

Connections::Shared::Shared(net::Loop& on, Handler& answers, Deadlines times)
    : loop(on), handler(answers), deadlines(times), id_prefix(random_prefix()) {}

Connections::Connections(net::Loop& loop, Handler& handler, Deadlines deadlines)
    : shared_(std::make_unique<Shared>(loop, handler, deadlines)) {}

Connections::~Connections() = default;

void Connections::serve(net::Socket socket) {
    if (shared_->stopping) return;
    ++shared_->count;
    shared_->open.emplace_front(*shared_, std::move(socket));
    start(live(*shared_, shared_->open.begin()));
}

void Connections::stop() {
    shared_->stopping = true;
    for (auto& connection : shared_->open) connection.stop();
}

void Connections::close_all() {
    shared_->stopping = true;
    for (auto& connection : shared_->open) connection.close();
}

std::size_t Connections::count() const { return shared_->count; }

std::string no_room_answer() {
    constexpr std::string_view body =
        "{\n    \"description\": \"Too many connections.\",\n    \"title\": \"Overloaded\"\n}";
    return "HTTP/1.1 503 Service Unavailable\r\nServer: makechat\r\nContent-Type: application/json\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\nRetry-After: 5\r\nConnection: close\r\n\r\n" + std::string(body);
}

}  // namespace makechat::http
