#include "app/server.hpp"

#include "api/api.hpp"
#include "api/live_feed.hpp"
#include "app/control.hpp"
#include "app/housekeeping.hpp"
#include "app/stop_signals.hpp"
#include "base/log.hpp"
#include "base/machine.hpp"
#include "bus/local/bus.hpp"
#include "crypto/argon2_hasher.hpp"
#include "http/connections.hpp"
#include "net/listener.hpp"
#include "net/run.hpp"
#include "site/site.hpp"
#include "store/sqlite/store.hpp"
#include "version.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <ctime>
#include <deque>
#include <thread>
#include <vector>

namespace makechat::app {
namespace {

/// One loop, its thread, and what serves on it.
struct Lane {
    Lane(api::Services& services, const site::Files& files)
        : feed(services),
          feed_sweep(loop, feed),
          api(services, feed),
          site(files, api, [&services](int status) { services.metrics.count_answer(status); }),
          connections(loop, site) {}

    struct FeedSweep final : net::Sweepable {
        FeedSweep(net::Loop& on, api::LiveFeed& of) : Sweepable(on), feed(of) {}
        void sweep(std::chrono::nanoseconds now) override { feed.sweep(now); }
        api::LiveFeed& feed;
    };

    net::Loop loop;
    api::LiveFeed feed;
    FeedSweep feed_sweep;
    api::Api api;
    site::Site site;
    http::Connections connections;
};

api::Settings settings_of(const Config& config) {
    api::Settings settings;
    settings.trusted_proxies = config.trusted_proxies;
    settings.login = config.rate_limit_login;
    settings.register_ = config.rate_limit_register;
    settings.write = config.rate_limit_write;
    settings.read = config.rate_limit_read;
    return settings;
}

chat::Policy policy_of(const Config& config) {
    chat::Policy policy;
    if (config.is_given("server_name")) policy.server_name = config.server_name;
    if (config.is_given("registration")) policy.registration_open = config.registration_open;
    policy.everyone_creates_rooms = config.everyone_creates_rooms;
    policy.session_ttl = config.session_ttl;
    return policy;
}

/// With what the first admin has said where nothing was configured.
Config settings_in_force(Config config, const chat::ServerSettings& at_setup) {
    if (at_setup.name) config.fill_in("server_name", *at_setup.name, "set-up");
    if (at_setup.registration_open)
        config.fill_in("registration", *at_setup.registration_open ? "open" : "closed", "set-up");
    return config;
}

std::string plural(std::size_t count, std::string_view thing) {
    return fmt::format("{} {}{}", count, thing, count == 1 ? "" : "s");
}

}  // namespace

/// They end in the opposite order: first the threads, then the store, which finishes what waits, then what that may reach.
struct Server::Parts {
    explicit Parts(const Config& configuration)
        : config(configuration), directory(configuration.session_ttl), ids(clock, random), hasher(config.secret_key) {}

    Result<bool> load_files();
    Result<bool> open_store();
    Result<bool> listen();
    void on_committed(const chat::SharedBatch& batch);
    void start_loops();
    void stop_loops();
    void finish();
    [[nodiscard]] std::size_t requests() const;
    [[nodiscard]] std::int64_t streams() const;

    const Config config;
    SystemClock clock;
    SystemRandom random;
    site::Files files;
    live::Presence presence;
    local::Bus bus;
    chat::Directory directory;
    IdSource ids;
    crypto::Argon2Hasher hasher;
    std::unique_ptr<api::Services> services;
    std::unique_ptr<chat::Chat> chat;
    std::deque<Lane> lanes;
    std::unique_ptr<Housekeeping> housekeeping;
    std::unique_ptr<sqlite::Store> store;  // ends before the lanes, to whose loops its threads post
    std::shared_ptr<net::Quota> quota = std::make_shared<net::Quota>(net::connections_allowed());
    std::optional<net::Listener> listener;
    std::unique_ptr<Control> control;
    std::vector<std::jthread> threads;
};

Result<bool> Server::Parts::load_files() {
    auto loaded = site::Files::load(site::embedded(), config.custom_dir);
    if (!loaded) return fail(loaded.error());
    files = std::move(*loaded);
    return true;
}

Result<bool> Server::Parts::open_store() {
    auto opened =
        sqlite::Store::open(config.data_dir, random, [this](const chat::SharedBatch& batch) { on_committed(batch); });
    if (!opened) return fail(opened.error());
    store = std::move(*opened);
    auto snapshot = net::run(store->load());
    if (!snapshot) return fail(snapshot.error());
    const chat::Cursors cursors{snapshot->cursor_key};
    directory.load(std::move(*snapshot));
    chat = std::make_unique<chat::Chat>(
        chat::Chat{*store, *store, directory, clock, random, ids, hasher, presence, policy_of(config)});
    services = std::make_unique<api::Services>(*chat, *store, bus, presence, cursors, settings_of(config));
    services->version = version;
    services->started = clock.now();
    services->settings_json = [this] { return settings_in_force(config, directory.server()).to_json(); };
    return true;
}

/// From the store's writer: the directory first, so that who gets an answer or an event finds its effect there.
void Server::Parts::on_committed(const chat::SharedBatch& batch) {
    directory.apply(*batch);
    const auto messages = static_cast<std::uint64_t>(std::ranges::count_if(
        *batch, [](const auto& entry) { return std::holds_alternative<chat::MessagePosted>(entry.body); }));
    services->metrics.entries.fetch_add(batch->size(), std::memory_order_relaxed);
    services->metrics.messages.fetch_add(messages, std::memory_order_relaxed);
    services->messages_per_minute.count(std::chrono::floor<std::chrono::minutes>(clock.monotonic()), messages);
    bus.publish(batch);
}

Result<bool> Server::Parts::listen() {
    std::vector<net::Loop*> loops;
    const auto cores = usable_cores();
    for (std::size_t i = 0; i < cores; ++i) {
        auto& lane = lanes.emplace_back(*services, files);
        loops.push_back(&lane.loop);
        bus.subscribe({lane.loop, [&lane](const chat::Batch& batch) { lane.feed.on_batch(batch); },
                       [&lane](const chat::Signal& signal) { lane.feed.on_signal(signal); }});
    }
    housekeeping = std::make_unique<Housekeeping>(*services, lanes.front().loop);
    auto opened =
        net::Listener::open(loops, config.listen, {quota, http::no_room_answer()}, [this](net::Socket socket) {
            const auto lane = std::ranges::find_if(lanes, [&](auto& each) { return &each.loop == &socket.loop(); });
            lane->connections.serve(std::move(socket));
        });
    if (!opened) return fail(opened.error());
    listener = std::move(*opened);
    auto local = Control::open(lanes.front().loop, config.data_dir, *chat);
    if (!local) return fail(local.error());
    control = std::move(*local);
    return true;
}

void Server::Parts::start_loops() {
    for (auto& lane : lanes) threads.emplace_back([&lane] { lane.loop.run(); });
}

std::size_t Server::Parts::requests() const {
    std::size_t count = control->count();
    for (const auto& lane : lanes) count += lane.connections.count();
    return count;
}

std::int64_t Server::Parts::streams() const { return services->metrics.websockets + services->metrics.event_streams; }

/// Until all that was accepted has been answered and the live connections have parted, or the time for that is over. Who is
/// cut then returns with its cursor.
void Server::Parts::finish() {
    control->stop();
    for (auto& lane : lanes) {
        lane.loop.post([&lane] {
            lane.connections.stop();
            lane.feed.close();
        });
    }
    const auto began = clock.monotonic();
    const auto within = [&](std::chrono::nanoseconds time) { return clock.monotonic() - began < time; };
    constexpr auto look_again = std::chrono::milliseconds{10};
    while ((requests() > 0 && within(limits::stop_requests_max)) || (streams() > 0 && within(limits::stop_streams_max)))
        std::this_thread::sleep_for(look_again);
    if (requests() > 0) log::warning(plural(requests(), "request") + " cut: the time to stop is over.");
}

void Server::Parts::stop_loops() {
    for (auto& lane : lanes) lane.loop.post([&lane] { lane.connections.close_all(); });
    hasher.stop();
    for (auto& lane : lanes) lane.loop.stop();
    threads.clear();  // joins
}

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Server::~Server() = default;

Result<std::unique_ptr<Server>> Server::open(const Config& config) {
    auto parts = std::make_unique<Parts>(config);
    if (auto loaded = parts->load_files(); !loaded) return fail(loaded.error());
    if (auto opened = parts->open_store(); !opened) return fail(opened.error());
    if (auto listening = parts->listen(); !listening) return fail(listening.error());
    return std::unique_ptr<Server>(new Server(std::move(parts)));
}

void Server::run() {
    auto& parts = *parts_;
    const auto address = "http://" + net::to_string(parts.listener->address());
    auto own = parts.listener->address();
    if (own.host.empty() || own.host == "0.0.0.0" || own.host == "::")
        own.host = "127.0.0.1";  // where a browser finds it
    if (parts.directory.accounts.superusers() == 0) {
        const auto code = random_word(parts.random, 32);
        parts.services->setup_code.set(code);
        fmt::print(
            "This server has no admin yet. The code in this link makes the first one, once (POST /api/setup):\n"
            "  {}/setup#{}\n"
            "or, on this machine:\n"
            "  makechat user create -u NAME -p - -e EMAIL -admin\n",
            address, code);
        std::fflush(stdout);
    }
    start_is_over();
    parts.start_loops();
    log::info(fmt::format("makechat {} listens on {}, data in {} ({}), {}, {}", version, address,
                          parts.config.data_dir.string(), parts.store->describe(),
                          plural(parts.directory.accounts.count(), "user"),
                          plural(parts.directory.rooms.count(), "room")));

    wait_for_stop_signal();
    log::info("Stopping: no new connections, requests begun are finished.");
    parts.listener->stop();
    parts.finish();
    parts.stop_loops();
    const auto recorded = net::run(parts.housekeeping->record_uses());
    log::info(recorded ? "Stopped." : "Stopped; when tokens were last used could not be recorded.");
}

}  // namespace makechat::app
