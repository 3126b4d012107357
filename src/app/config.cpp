#include "app/config.hpp"

#include "app/ini.hpp"
#include "app/settings.hpp"
#include "app/small_file.hpp"
#include "base/json_text.hpp"
#include "base/utf8.hpp"
#include "cli/table.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace makechat::app {
namespace {

namespace fs = std::filesystem;
using From = Config::Value::From;

constexpr std::string_view prefix = "MAKECHAT_";
constexpr std::string_view file_suffix = "_FILE";
constexpr std::string_view section = "DEFAULT";
constexpr std::string_view masked = "********";

/// Where a value comes from, and how its mistakes are told.
struct Source {
    From from;
    std::string text;  // "default", "/etc/makechat.conf:3", "MAKECHAT_LISTEN", "--listen"
    fs::path base;     // what a relative path is relative to; empty: the working folder
};

class Loader {
public:
    explicit Loader(const Environment& environment) : environment_(environment) {
        config_.values.push_back({"config", {}, From::standard, "default"});
        for (const auto& setting : settings()) {
            config_.values.push_back({std::string(setting.key), {}, From::standard, "default"});
            const auto standard = setting.key == "data_dir" ? standard_data_dir() : std::string(setting.standard);
            if (setting.key != "data_dir" || !standard.empty())
                apply(setting, standard, {From::standard, "default", {}});
        }
    }

    void read_file(std::span<const cli::FlagValue> flags);
    void read_variables();
    void read_flags(std::span<const cli::FlagValue> flags);
    std::expected<Config, Problems> finish();

private:
    void apply(const Setting& setting, std::string_view text, const Source& source);
    void read_secret_file(const Setting& setting, const std::string& variable, const std::string& path);
    void apply_variable(const std::string& name, const std::string& value);
    void read_settings(const fs::path& path, const std::string& bytes);
    [[nodiscard]] std::string standard_data_dir() const;
    void use_file(const fs::path& path, From from, std::string source);
    Config::Value& value(std::string_view key) { return *std::ranges::find(config_.values, key, &Config::Value::key); }

    void error(const std::string& text) { problems_.errors.push_back(cli::printable(text)); }
    void warning(const std::string& text) { problems_.warnings.push_back(cli::printable(text)); }

    const Environment& environment_;
    Config config_;
    Problems problems_;
};

/// "/etc/makechat.conf:3: listen" or, where the source itself names the setting, "--listen".
std::string place(const Config::Value& value) {
    return value.from == From::file ? fmt::format("{}: {}", value.source, value.key) : value.source;
}

const Setting* find_setting(std::string_view key) {
    const auto found = std::ranges::find(settings(), key, &Setting::key);
    return found == settings().end() ? nullptr : &*found;
}

std::string Loader::standard_data_dir() const {
    if (environment_.is_root) return "/var/lib/makechat";
    const auto xdg = environment_.variables.find("XDG_DATA_HOME");
    // The XDG specification: what is not absolute is passed over.
    if (xdg != environment_.variables.end() && xdg->second.starts_with('/')) return fs::path(xdg->second) / "makechat";
    return environment_.home.empty() ? std::string{} : (environment_.home / ".local/share/makechat").string();
}

void Loader::apply(const Setting& setting, std::string_view text, const Source& source) {
    Config::Value now{std::string(setting.key), std::string(text), source.from, source.text};
    if (!is_valid_utf8(text)) return error(place(now) + ": is not valid UTF-8");
    if (setting.kind == Setting::Kind::path && !text.empty()) {
        fs::path path(text);
        if (text.starts_with("~/") && !environment_.home.empty()) {
            path = environment_.home / text.substr(2);
        } else if (path.is_relative() && !source.base.empty()) {
            path = source.base / path;
        }
        now.shown = path.string();
    }
    if (const auto done = setting.set(config_, now.shown); !done)
        return error(fmt::format("{}: {}", place(now), done.error().text));
    std::ranges::replace(now.shown, '\n', ' ');
    if (setting.kind == Setting::Kind::secret && !now.shown.empty() && source.from != From::standard)
        now.shown = masked;
    value(setting.key) = std::move(now);
}

void Loader::use_file(const fs::path& path, From from, std::string source) {
    const auto bytes = read_small_file(path);
    const auto asked_by = from == From::standard ? std::string{} : source + ": ";
    if (!bytes) return error(fmt::format("{}{}: {}", asked_by, path.string(), bytes.error()));
    value("config") = {"config", path.string(), from, std::move(source)};
    read_settings(path, *bytes);
}

void Loader::read_file(std::span<const cli::FlagValue> flags) {
    const auto flag = std::ranges::find(flags, "--config", &cli::FlagValue::flag);
    if (flag != flags.end()) return use_file(flag->value, From::flag, "--config");
    const auto variable = environment_.variables.find("MAKECHAT_CONFIG");
    if (variable != environment_.variables.end() && !variable->second.empty())
        return use_file(variable->second, From::variable, "MAKECHAT_CONFIG");
    if (environment_.home.empty()) return;
    const auto path = environment_.home / "makechat.conf";
    std::error_code failed;
    if (fs::status(path, failed).type() != fs::file_type::not_found) use_file(path, From::standard, "default");
}

void Loader::read_settings(const fs::path& path, const std::string& bytes) {
    const auto file = read_ini(bytes, section);
    const auto in_line = [&path](int line) { return fmt::format("{}:{}", path.string(), line); };
    for (const auto& [line, text] : file.errors) error(fmt::format("{}: {}", in_line(line), text));
    for (const auto& [line, name] : file.other_sections)
        warning(
            fmt::format("{}: the section [{}] is passed over; settings stand in [{}]", in_line(line), name, section));
    for (const auto& [key, text, line] : file.settings) {
        const auto* setting = find_setting(key);
        if (setting) {
            apply(*setting, text, {From::file, in_line(line), path.parent_path()});
        } else {
            error(fmt::format("{}: {}: there is no such setting", in_line(line), key));
        }
    }
}

void Loader::read_secret_file(const Setting& setting, const std::string& variable, const std::string& path) {
    if (environment_.variables.contains(setting.variable()))
        return error(fmt::format("{}: {} is set too; which of them?", variable, setting.variable()));
    auto text = read_small_file(path);
    if (!text) return error(fmt::format("{}: {}: {}", variable, path, text.error()));
    if (text->ends_with('\n')) text->pop_back();
    if (text->ends_with('\r')) text->pop_back();
    apply(setting, *text, {From::variable, variable, {}});
}

void Loader::apply_variable(const std::string& name, const std::string& text) {
    for (const auto& setting : settings()) {
        const auto variable = setting.variable();
        if (name == variable) return apply(setting, text, {From::variable, name, {}});
        if (name != variable + std::string(file_suffix)) continue;
        if (setting.kind == Setting::Kind::secret) return read_secret_file(setting, name, text);
        return error(fmt::format("{}: only a secret is read from a file of its own", name));
    }
    // Not an error: Kubernetes sets MAKECHAT_PORT and more of that kind for a service that is called makechat.
    if (name != "MAKECHAT_CONFIG")
        warning(fmt::format("{}: there is no such setting; the variable is passed over", name));
}

void Loader::read_variables() {
    for (const auto& [name, text] : environment_.variables)
        if (name.starts_with(prefix)) apply_variable(name, text);
}

void Loader::read_flags(std::span<const cli::FlagValue> flags) {
    for (const auto& [flag, text] : flags) {
        const auto found = std::ranges::find(settings(), flag, &Setting::flag);
        if (found != settings().end()) {
            apply(*found, text, {From::flag, flag, {}});
        } else if (flag != "--config") {
            error(fmt::format("{}: there is no such setting", flag));
        }
    }
}

/// Settings that were given and do nothing, so that nobody waits for their effect.
std::vector<std::string> without_effect(const Config& config) {
    std::vector<std::string> lines;
    const auto tell = [&](std::string_view key, std::string_view why) {
        const auto& value = config.value(key);
        if (value.from != From::standard) lines.push_back(fmt::format("{}: {}", place(value), why));
    };
    if (config.store != Config::Store::mongodb) tell("mongo_uri", "is not used, for store is sqlite");
    if (config.bus != Config::Bus::nats) tell("nats_url", "is not used, for bus is local");
    if (config.test_mode) tell("test_mode", "does nothing any more");
    for (const auto* key : {"hook_private_targets", "backup_dir", "backup_keep"})
        tell(key, "does nothing yet: it comes with a later release");
    if (config.backup_schedule) tell("backup_schedule", "no backup is made yet: they come with a later release");
    return lines;
}

std::expected<Config, Problems> Loader::finish() {
    if (config_.data_dir.empty() && problems_.errors.empty())
        error("--data: there is no home folder to keep the data in, so name a folder");
    if (!problems_.errors.empty()) return std::unexpected(std::move(problems_));
    for (auto& line : without_effect(config_)) warning(line);
    config_.warnings = std::move(problems_.warnings);
    return std::move(config_);
}

}  // namespace

const Config::Value& Config::value(std::string_view key) const { return *std::ranges::find(values, key, &Value::key); }

void Config::fill_in(std::string_view key, std::string text, std::string source) {
    if (is_given(key)) return;
    auto& value = *std::ranges::find(values, key, &Value::key);
    value.shown = std::move(text);
    value.source = std::move(source);
}

std::string Config::to_json() const {
    JsonText json;
    json.begin_array();
    for (const auto& each : values)
        json.begin_object()
            .key("key")
            .string(each.key)
            .key("value")
            .string(each.shown)
            .key("source")
            .string(each.source)
            .end_object();
    return json.end_array().take();
}

Environment Environment::of_process() {
    Environment now;
    for (char** variable = environ; variable && *variable; ++variable) {
        const std::string_view pair = *variable;
        const auto equals = pair.find('=');
        if (equals != std::string_view::npos) now.variables.emplace(pair.substr(0, equals), pair.substr(equals + 1));
    }
    now.is_root = geteuid() == 0;
    if (const auto home = now.variables.find("HOME"); home != now.variables.end()) {
        now.home = home->second;
    } else if (const auto* user = getpwuid(geteuid()); user) {
        now.home = user->pw_dir;
    }
    return now;
}

std::expected<Config, Problems> load(std::span<const cli::FlagValue> flags, const Environment& environment) {
    Loader loader(environment);
    loader.read_file(flags);
    loader.read_variables();
    loader.read_flags(flags);
    return loader.finish();
}

std::vector<std::string> not_in_this_release(const Config& config) {
    std::vector<std::string> lines;
    const auto refuse = [&](bool asked, std::string_view key, std::string_view what) {
        if (asked) lines.push_back(fmt::format("{}: {} comes with a later release", place(config.value(key)), what));
    };
    refuse(config.store == Config::Store::mongodb, "store", "mongodb");
    refuse(config.bus == Config::Bus::nats, "bus", "nats");
    refuse(!config.tls_cert.empty(), "tls_cert", "https");
    refuse(!config.tls_key.empty(), "tls_key", "https");
    return lines;
}

}  // namespace makechat::app
