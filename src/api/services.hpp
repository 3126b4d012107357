#pragma once

#include "api/metrics.hpp"
#include "base/networks.hpp"
#include "base/token_bucket.hpp"
#include "chat/chat.hpp"
#include "chat/replay.hpp"
#include "live/presence.hpp"

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

namespace makechat::api {

class LiveFeed;

/// What the administrator decides about the front of the server.
struct Settings {
    Networks trusted_proxies;
    Rate login{10, std::chrono::seconds{60}, false};
    Rate register_{20, std::chrono::seconds{3600}, false};
    Rate write{600, std::chrono::seconds{60}, false};
    Rate read{6000, std::chrono::seconds{60}, false};
};

/// The buckets behind the rates of api.md. Threads: any.
struct RateLimits {
    explicit RateLimits(const Settings& settings);

    TokenBuckets login_by_account_and_address;
    TokenBuckets login_by_address;  ///< ten times as many: nobody can lock out another
    TokenBuckets register_by_address;
    TokenBuckets write_by_user;
    TokenBuckets read_by_user;
};

/// The one-time code that `makechat serve` prints while there is no admin. Threads: any.
class SetupCode {
public:
    void set(std::string code);
    [[nodiscard]] bool matches(std::string_view code) const;
    void clear() { set({}); }

private:
    mutable std::mutex mutex_;
    std::string code_;  ///< guarded by mutex_; empty: none
};

/// What all loops' APIs share. Lives as long as the server.
struct Services {
    Services(chat::Chat& chat_of_all, chat::Projections& store, chat::Bus& bus_of_all, live::Presence& who_is_online,
             chat::Cursors signed_cursors, Settings from_config)
        : chat(chat_of_all),
          projections(store),
          bus(bus_of_all),
          presence(who_is_online),
          cursors(signed_cursors),
          settings(std::move(from_config)),
          rates(settings) {}

    chat::Chat& chat;
    chat::Projections& projections;
    chat::Bus& bus;
    live::Presence& presence;
    chat::Cursors cursors;
    const Settings settings;
    RateLimits rates;
    SetupCode setup_code;
    Metrics metrics;
    MessagesPerMinute messages_per_minute;
    std::string version;
    Time started{};
    const std::chrono::nanoseconds running_since = chat.clock.monotonic();
    std::function<std::string()> settings_json;  ///< key, value, source; secrets masked
};

}  // namespace makechat::api
