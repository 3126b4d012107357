#pragma once

#include "base/log.hpp"
#include "base/networks.hpp"
#include "base/token_bucket.hpp"
#include "cli/command.hpp"
#include "net/address.hpp"

#include <chrono>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace makechat::app {

/// The settings in force, typed. The table of them all, with defaults and what they mean, is app/settings.cpp; people
/// read makechat.conf.sample.
struct Config {
    net::Address listen;
    std::filesystem::path data_dir;
    std::string server_name;
    bool registration_open = true;
    bool everyone_creates_rooms = false;
    std::chrono::seconds session_ttl{};
    std::string secret_key;  ///< empty: no password of an old makechat is known
    Rate rate_limit_login;
    Rate rate_limit_register;
    Rate rate_limit_write;
    Rate rate_limit_read;
    Networks trusted_proxies;
    log::Form log_format = log::Form::text;
    log::Level log_level = log::Level::info;

    // Of features that come with a later release (see not_in_this_release):
    enum class Store : std::uint8_t { sqlite, mongodb };
    enum class Bus : std::uint8_t { local, nats };
    Store store = Store::sqlite;
    std::string mongo_uri;
    Bus bus = Bus::local;
    std::string nats_url;
    std::filesystem::path tls_cert;
    std::filesystem::path tls_key;
    Networks hook_private_targets;
    std::filesystem::path custom_dir;
    std::filesystem::path backup_dir;
    std::optional<std::chrono::minutes> backup_schedule;  ///< of the day, UTC; none: off
    int backup_keep = 0;

    // Of the old makechat; they do nothing:
    bool test_mode = false;
    std::string test_mongo_uri;

    /// A setting as people see it.
    struct Value {
        enum class From : std::uint8_t { standard, file, variable, flag };
        std::string key;
        std::string shown;  ///< ******** for a secret
        From from = From::standard;
        std::string source;  ///< "default", "/home/anna/makechat.conf:3", "MAKECHAT_LISTEN", "--listen"
    };
    std::vector<Value> values;          ///< in the table's order; the first is `config`, the file itself
    std::vector<std::string> warnings;  ///< lines for the log

    [[nodiscard]] const Value& value(std::string_view key) const;
    /// By the file, a variable or a flag.
    [[nodiscard]] bool is_given(std::string_view key) const { return value(key).from != Value::From::standard; }
    /// Shows `text` in place of a default.
    void fill_in(std::string_view key, std::string text, std::string source);
    /// [{"key": …, "value": …, "source": …}, …]
    [[nodiscard]] std::string to_json() const;
};

/// What is wrong with the settings, all of it: a line each, that names file, line and key, or variable, or flag.
struct Problems {
    std::vector<std::string> errors;
    std::vector<std::string> warnings;
};

/// What the settings depend on beside the file and the flags.
struct Environment {
    std::map<std::string, std::string> variables;
    std::filesystem::path home;  ///< empty: none
    bool is_root = false;

    static Environment of_process();
};

/// The settings of the file (--config, MAKECHAT_CONFIG, or makechat.conf in the home folder where there is one), over
/// them those of the environment (MAKECHAT_<KEY>, for secrets also MAKECHAT_<KEY>_FILE), over them the flags.
std::expected<Config, Problems> load(std::span<const cli::FlagValue> flags, const Environment& environment);

/// The settings that `serve` must refuse, for they ask for what this release cannot do: a line each.
std::vector<std::string> not_in_this_release(const Config& config);

}  // namespace makechat::app
