#include "app/settings.hpp"

#include "base/limits.hpp"
#include "base/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace makechat::app {
namespace {

using namespace std::chrono_literals;

Error bad(std::string text) { return {Code::bad_parameter, std::move(text)}; }

std::optional<std::int64_t> parse_number(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

/// Ten years: far from where milliseconds and a cookie's Max-Age end.
constexpr std::chrono::seconds session_ttl_max = 10 * 365 * 24h;

Result<std::chrono::seconds> parse_ttl(std::string_view text) {
    const auto number = parse_number(text);
    if (!number || *number < 1 || *number > session_ttl_max.count())
        return fail(bad(fmt::format("'{}' is no time: write seconds, 1 to {}", text, session_ttl_max.count())));
    return std::chrono::seconds{*number};
}

Result<int> parse_count(std::string_view text) {
    constexpr int count_max = 10'000;
    const auto number = parse_number(text);
    if (!number || *number < 1 || *number > count_max)
        return fail(bad(fmt::format("'{}' is no count: write a number, 1 to {}", text, count_max)));
    return static_cast<int>(*number);
}

Result<std::optional<std::chrono::minutes>> parse_schedule(std::string_view text) {
    if (text == "off") return std::optional<std::chrono::minutes>{};
    const auto hour = parse_number(text.substr(0, std::min<std::size_t>(2, text.size())));
    const auto minute = text.size() == 5 ? parse_number(text.substr(3)) : std::nullopt;
    if (!hour || !minute || text[2] != ':' || *hour < 0 || *hour > 23 || *minute < 0 || *minute > 59)
        return fail(bad(fmt::format("'{}' is no schedule: write a time of the day as 03:30, or off", text)));
    return std::optional<std::chrono::minutes>{std::chrono::hours{*hour} + std::chrono::minutes{*minute}};
}

/// As Python's configparser reads it.
Result<bool> parse_switch(std::string_view text) {
    for (const auto word : {"on", "yes", "true", "1"})
        if (text == word) return true;
    for (const auto word : {"off", "no", "false", "0"})
        if (text == word) return false;
    return fail(bad(fmt::format("'{}' is neither on nor off", text)));
}

/// One of two words; the second is true, or the second value of the enumeration.
template <class T>
Result<T> parse_either(std::string_view text, std::string_view first, std::string_view second) {
    if (text == first) return static_cast<T>(0);
    if (text == second) return static_cast<T>(1);
    return fail(bad(fmt::format("'{}' is neither {} nor {}", text, first, second)));
}
Result<bool> parse_registration(std::string_view text) { return parse_either<bool>(text, "closed", "open"); }
Result<bool> parse_creators(std::string_view text) { return parse_either<bool>(text, "admins", "everyone"); }
Result<Config::Store> parse_store(std::string_view text) {
    return parse_either<Config::Store>(text, "sqlite", "mongodb");
}
Result<Config::Bus> parse_bus(std::string_view text) { return parse_either<Config::Bus>(text, "local", "nats"); }
Result<log::Form> parse_log_format(std::string_view text) { return parse_either<log::Form>(text, "text", "json"); }

Result<log::Level> parse_log_level(std::string_view text) {
    constexpr std::string_view levels[] = {"debug", "info", "warning", "error"};
    const auto* found = std::ranges::find(levels, text);
    if (found == std::end(levels)) return fail(bad(fmt::format("'{}' is none of debug, info, warning, error", text)));
    return static_cast<log::Level>(found - std::begin(levels));
}

Result<std::string> parse_name(std::string_view text) {
    const auto chars = count_code_points(text);
    if (chars == 0 || chars > limits::name_chars_max || text.find('\n') != std::string_view::npos)
        return fail(bad(fmt::format("is not a line of 1 to {} characters", limits::name_chars_max)));
    return std::string(text);
}

Result<std::string> parse_text(std::string_view text) { return std::string(text); }

// The two may hold a password, so they are not repeated.
Result<std::string> parse_mongo(std::string_view text) {
    if (!text.starts_with("mongodb://") && !text.starts_with("mongodb+srv://"))
        return fail(bad("does not begin with mongodb:// or mongodb+srv://"));
    return std::string(text);
}
Result<std::string> parse_nats(std::string_view text) {
    if (!text.starts_with("nats://") && !text.starts_with("tls://"))
        return fail(bad("does not begin with nats:// or tls://"));
    return std::string(text);
}

Result<std::filesystem::path> parse_path(std::string_view text) { return std::filesystem::path(text); }
Result<std::filesystem::path> parse_data_dir(std::string_view text) {
    if (text.empty()) return fail(bad("names no folder"));
    return std::filesystem::path(text);
}

template <auto Member, auto Parse>
Result<bool> set(Config& config, std::string_view text) {
    auto value = Parse(text);
    if (!value) return fail(value.error());
    config.*Member = std::move(*value);
    return true;
}

using enum Setting::Kind;

// clang-format off
// What a later release brings stands here already, so that one file fits both.
constexpr Setting table[] = {
    {"listen",               "--listen",               "ADDRESS:PORT",  "127.0.0.1:8000",
     "where to listen",                                set<&Config::listen, net::parse_address>},
    {"data_dir",             "--data",                 "FOLDER",        "",
     "where all is kept",                              set<&Config::data_dir, parse_data_dir>, path},
    {"server_name",          "--server-name",          "NAME",          "makechat",
     "what people see as its name",                    set<&Config::server_name, parse_name>},
    {"registration",         "--registration",         "open|closed",   "open",
     "whether anyone may sign up",                     set<&Config::registration_open, parse_registration>},
    {"rooms_created_by",     "--rooms-created-by",     "admins|everyone", "admins",
     "who may create rooms",                           set<&Config::everyone_creates_rooms, parse_creators>},
    {"session_ttl",          "--session-ttl",          "SECONDS",       "1209600",
     "how long a login lasts unused",                  set<&Config::session_ttl, parse_ttl>},
    {"secret_key",           "--secret-key",           "TEXT",          "",
     "the old makechat's key, for its passwords",      set<&Config::secret_key, parse_text>, secret},
    {"rate_limit_login",     "--rate-limit-login",     "COUNT/SECONDS", "10/60",
     "failed logins, or off",                          set<&Config::rate_limit_login, Rate::parse>},
    {"rate_limit_register",  "--rate-limit-register",  "COUNT/SECONDS", "20/3600",
     "sign-ups of an address, or off",                 set<&Config::rate_limit_register, Rate::parse>},
    {"rate_limit_write",     "--rate-limit-write",     "COUNT/SECONDS", "600/60",
     "writes of a user, or off",                       set<&Config::rate_limit_write, Rate::parse>},
    {"rate_limit_read",      "--rate-limit-read",      "COUNT/SECONDS", "6000/60",
     "reads of a user, or off",                        set<&Config::rate_limit_read, Rate::parse>},
    {"trusted_proxies",      "--trusted-proxies",      "NETWORKS",      "",
     "whose X-Forwarded-For is believed",              set<&Config::trusted_proxies, Networks::parse>},
    {"log_format",           "--log-format",           "text|json",     "text",
     "how the log is written",                         set<&Config::log_format, parse_log_format>},
    {"log_level",            "--log-level",            "LEVEL",         "info",
     "debug, info, warning or error",                  set<&Config::log_level, parse_log_level>},
    {"store",                "--store",                "sqlite|mongodb", "sqlite",
     "what keeps the data",                            set<&Config::store, parse_store>},
    {"mongo_uri",            "--mongo-uri",            "URI",           "mongodb://127.0.0.1:27017/makechat",
     "for mongodb",                                    set<&Config::mongo_uri, parse_mongo>, secret},
    {"bus",                  "--bus",                  "local|nats",    "local",
     "what joins several servers",                     set<&Config::bus, parse_bus>},
    {"nats_url",             "--nats-url",             "URL",           "nats://127.0.0.1:4222",
     "for nats",                                       set<&Config::nats_url, parse_nats>, secret},
    {"tls_cert",             "--tls-cert",             "FILE",          "",
     "the certificate, for https",                     set<&Config::tls_cert, parse_path>, path},
    {"tls_key",              "--tls-key",              "FILE",          "",
     "its private key",                                set<&Config::tls_key, parse_path>, path},
    {"hook_private_targets", "--hook-private-targets", "NETWORKS",      "",
     "private networks that hooks may call",           set<&Config::hook_private_targets, Networks::parse>},
    {"custom_dir",           "--custom-dir",           "FOLDER",        "",
     "files that change the web client's look",        set<&Config::custom_dir, parse_path>, path},
    {"backup_dir",           "--backup-dir",           "FOLDER",        "",
     "where backups are put",                          set<&Config::backup_dir, parse_path>, path},
    {"backup_schedule",      "--backup-schedule",      "HH:MM",         "off",
     "when, in UTC",                                   set<&Config::backup_schedule, parse_schedule>},
    {"backup_keep",          "--backup-keep",          "COUNT",         "7",
     "how many are kept",                              set<&Config::backup_keep, parse_count>},
    {"test_mode",            "--test-mode",            "on|off",        "off",
     "the old makechat's; does nothing",               set<&Config::test_mode, parse_switch>},
    {"test_mongo_uri",       "--test-mongo-uri",       "URI",           "",
     "the old makechat's; does nothing",               set<&Config::test_mongo_uri, parse_text>, secret},
};
// clang-format on

}  // namespace

std::string Setting::variable() const {
    std::string name = "MAKECHAT_";
    for (const char c : key) name += c == '_' ? c : static_cast<char>(c - 32);
    return name;
}

std::span<const Setting> settings() { return table; }

}  // namespace makechat::app
