#pragma once

#include "api/api.hpp"
#include "api/live_feed.hpp"
#include "chat/sign_in.hpp"
#include "support/chat_fixture.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace makechat::api {

/// A bus that keeps its signals: tests hand batches to the feed themselves.
class KeptSignals final : public chat::Bus {
public:
    void publish(chat::SharedBatch) override {}
    void signal(chat::Signal signal) override { signals.push_back(signal); }
    [[nodiscard]] bool is_behind() const override { return behind; }
    std::vector<chat::Signal> signals;
    bool behind = false;
};

/// A request, by hand.
struct Ask {
    http::Method method = http::Method::get;
    std::string target;
    std::vector<std::pair<std::string_view, std::string>> fields = {};
    std::string body = {};
    std::string peer = "203.0.113.9";
    bool is_http_1_1 = true;
};

/// The text of a field of an answer; empty: there is none.
inline std::string field_of(const http::Reply& reply, std::string_view name) {
    for (const auto& [each, value] : reply.fields) {
        if (http::same_name(each, name)) return value;
    }
    return {};
}

/// The API over a server without sockets or disk. What waits, waits on the test's own queue.
class TestApi {
public:
    explicit TestApi(Settings settings = {}, chat::Policy policy = {})
        : t(std::move(policy)),
          services(t.chat, t.store, bus, presence, chat::Cursors{SecretHash{}}, std::move(settings)) {
        services.settings_json = [] { return std::string("[]"); };
    }

    chat::TestChat t;
    KeptSignals bus;
    live::Presence presence;
    Services services;
    LiveFeed feed{services};
    Api api{services, feed};

    std::string token_of(chat::UserId user, std::string scope = "all") {
        return must(run(token_create(t.chat, user, "test", std::move(scope)))).value;
    }
    std::string session_of(chat::UserId user) { return must(run(session_create(t.chat, user, {}))).value; }

    /// The views are into `ask`, and into `segments` of nothing else.
    static http::Head head_of(const Ask& ask) {
        http::Head head;
        head.method = ask.method;
        head.target = ask.target;
        head.path = head.target.substr(0, head.target.find('?'));
        if (head.path.size() < head.target.size()) head.query = head.target.substr(head.path.size() + 1);
        for (const auto& [name, value] : ask.fields) head.fields.emplace_back(name, value);
        head.has_body = !ask.body.empty();
        head.is_http_1_1 = ask.is_http_1_1;
        head.peer = ask.peer;
        return head;
    }

    /// As a connection would: the head first, the body where that is let in.
    http::Reply answer(const Ask& ask) {
        const auto head = head_of(ask);
        auto admitted = api.admit(head);
        if (auto* reply = std::get_if<http::Reply>(&admitted)) return std::move(*reply);
        auto& exchange = *std::get<std::unique_ptr<http::Exchange>>(admitted);
        if (ask.body.size() > exchange.body_bytes_max()) return exchange.body_too_large();
        return run(exchange.answer(ask.body));
    }

    /// By a token, with JSON.
    http::Reply answer(const std::string& token, http::Method method, std::string target, std::string body = {}) {
        return answer({method,
                       std::move(target),
                       {{"X-Auth-Token", token}, {"Content-Type", "application/json"}},
                       std::move(body)});
    }

    /// What has been committed since the last call, as the bus brings it.
    void publish() {
        feed.on_batch(t.since(published_));
        published_ = t.mark();
        QueueExecutor::of_this_thread().run_ready();
    }

private:
    std::size_t published_ = 0;
};

}  // namespace makechat::api
