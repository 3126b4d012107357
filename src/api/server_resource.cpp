#include "api/errors.hpp"
#include "api/resources.hpp"
#include "chat/server_settings.hpp"

#include <fmt/format.h>

namespace makechat::api {
namespace {

http::Reply plain(std::string text) {
    http::Reply reply;
    reply.fields = {{"Content-Type", "text/plain; charset=utf-8"}, {"Cache-Control", "no-store"}};
    reply.body = std::move(text);
    return reply;
}

/// One metric in Prometheus' text format.
std::string metric(std::string_view name, std::string_view type, std::string_view help, auto value) {
    return fmt::format("# HELP makechat_{0} {2}\n# TYPE makechat_{0} {1}\nmakechat_{0} {3}\n", name, type, help, value);
}

}  // namespace

Answer ServerResource::on_health(Call&) { co_return plain("ok\n"); }

Answer ServerResource::on_ready(Call& call) {
    auto checking = call.services.projections.check();
    const auto answers = co_await std::move(checking);
    if (!answers) co_return fail(answers.error());
    co_return plain("ready\n");
}

Answer ServerResource::on_metrics(Call& call) {
    const auto& m = call.services.metrics;
    const auto& directory = call.chat.directory;
    const auto count = [](const auto& value) { return value.load(std::memory_order_relaxed); };
    std::string text;
    text += metric("requests_total", "counter", "HTTP requests answered.", count(m.requests));
    text += metric("requests_refused_total", "counter", "Answered with 4xx.", count(m.refused));
    text += metric("requests_failed_total", "counter", "Answered with 5xx.", count(m.failed));
    text += metric("entries_total", "counter", "Log entries committed since start.", count(m.entries));
    text += metric("messages_total", "counter", "Messages posted since start.", count(m.messages));
    text += metric("events_total", "counter", "Live events encoded since start.", count(m.events));
    text += metric("websockets", "gauge", "Open WebSockets.", count(m.websockets));
    text += metric("event_streams", "gauge", "Open streams of server-sent events.", count(m.event_streams));
    text += metric("long_polls", "gauge", "Long polls that wait.", count(m.long_polls));
    text += metric("users", "gauge", "Accounts.", directory.accounts.count());
    text += metric("rooms", "gauge", "Rooms, without direct ones.", directory.rooms.count());
    text += metric("resident_memory_bytes", "gauge", "Resident memory.", resident_bytes());
    auto reply = plain(std::move(text));
    reply.fields[0].second = "text/plain; version=0.0.4; charset=utf-8";
    co_return reply;
}

/// What a page needs to know before it offers something that would be refused.
Answer ServerResource::on_about(Call& call) {
    JsonText json;
    json.begin_object().key("name").string(chat::server_name(call.chat));
    json.key("version").string(call.services.version);
    json.key("registration").string(chat::is_registration_open(call.chat) ? "open" : "closed");
    json.key("rooms_created_by").string(call.chat.policy.everyone_creates_rooms ? "everyone" : "admins");
    json.key("setup").string(call.chat.directory.accounts.superusers() > 0 ? "done" : "open").end_object();
    co_return ok(json.take());
}

Answer ServerResource::on_get(Call& call) {
    const auto& services = call.services;
    const auto& m = services.metrics;
    const auto now = call.chat.clock.monotonic();
    JsonText json;
    json.begin_object().key("name").string(chat::server_name(call.chat)).key("version").string(services.version);
    json.key("started").date(services.started);
    json.key("uptime_s").number(std::chrono::duration_cast<std::chrono::seconds>(now - services.running_since).count());
    json.key("store").string(services.projections.describe());
    json.key("store_bytes").number(static_cast<std::int64_t>(services.projections.bytes()));
    json.key("users").number(static_cast<std::int64_t>(call.chat.directory.accounts.count()));
    json.key("rooms").number(static_cast<std::int64_t>(call.chat.directory.rooms.count()));
    json.key("messages_total").number(call.chat.directory.rooms.messages_total());
    json.key("memory_bytes").number(static_cast<std::int64_t>(resident_bytes()));
    json.key("connections").begin_object().key("websocket").number(m.websockets.load());
    json.key("events").number(m.event_streams.load()).key("long_poll").number(m.long_polls.load()).end_object();
    json.key("messages_per_minute").begin_array();
    const auto minute = std::chrono::floor<std::chrono::minutes>(now);
    for (const auto messages : services.messages_per_minute.read(minute))
        json.number(static_cast<std::int64_t>(messages));
    json.end_array().key("settings").raw(services.settings_json()).end_object();
    co_return ok(json.take());
}

}  // namespace makechat::api
