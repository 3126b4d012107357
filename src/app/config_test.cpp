#include "app/config.hpp"

#include "app/settings.hpp"
#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace makechat::app {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using From = Config::Value::From;
using Flags = std::vector<cli::FlagValue>;

/// A home folder, its file, and what the process was given.
class ConfigTest : public testing::Test {
protected:
    TemporaryFolder folder;
    Environment environment{{}, folder.path(), false};
    const std::string file = (folder.path() / "makechat.conf").string();

    std::string write(const std::string& name, std::string_view bytes) {
        const auto path = folder.path() / name;
        std::ofstream(path, std::ios::binary) << bytes;
        return path.string();
    }
    void settings_file(std::string_view bytes) { write("makechat.conf", bytes); }

    Config load_all(const Flags& flags = {}) {
        auto config = load(flags, environment);
        if (!config) throw std::runtime_error(config.error().errors.front());
        return std::move(*config);
    }
    std::vector<std::string> errors(const Flags& flags = {}) {
        const auto config = load(flags, environment);
        return config ? std::vector<std::string>{} : config.error().errors;
    }
};

TEST_F(ConfigTest, without_anything_has_the_defaults) {
    const auto config = load_all();
    EXPECT_EQ(config.listen, (net::Address{"127.0.0.1", 8000}));
    EXPECT_EQ(config.data_dir, folder.path() / ".local/share/makechat");
    EXPECT_EQ(config.server_name, "makechat");
    EXPECT_TRUE(config.registration_open);
    EXPECT_FALSE(config.everyone_creates_rooms);
    EXPECT_EQ(config.session_ttl, 14 * 24h);
    EXPECT_EQ(config.secret_key, "");
    EXPECT_EQ(config.rate_limit_login, (Rate{10, 60s, false}));
    EXPECT_EQ(config.rate_limit_register, (Rate{20, 3600s, false}));
    EXPECT_EQ(config.rate_limit_write, (Rate{600, 60s, false}));
    EXPECT_EQ(config.rate_limit_read, (Rate{6000, 60s, false}));
    EXPECT_TRUE(config.trusted_proxies.empty());
    EXPECT_EQ(config.log_format, log::Form::text);
    EXPECT_EQ(config.log_level, log::Level::info);
    EXPECT_EQ(config.store, Config::Store::sqlite);
    EXPECT_EQ(config.bus, Config::Bus::local);
    EXPECT_EQ(config.backup_schedule, std::nullopt);
    EXPECT_EQ(config.backup_keep, 7);
    EXPECT_THAT(config.warnings, IsEmpty());
    EXPECT_THAT(not_in_this_release(config), IsEmpty());
    for (const auto& value : config.values) EXPECT_EQ(value.source, "default") << value.key;
}

TEST_F(ConfigTest, reads_every_kind_of_value) {
    settings_file(R"([DEFAULT]
listen = [::1]:80
data_dir = /srv/chat
server_name = Наш чат
registration = closed
rooms_created_by = everyone
session_ttl = 3600
secret_key = 1A4g0O1*3SbW350x$?^_.D1dL-1eW1:
rate_limit_login = off
rate_limit_write = 5/1
trusted_proxies = 10.0.0.0/8, 192.168.1.7
    fd00::/8
log_format = json
log_level = warning
backup_schedule = 03:30
backup_keep = 30
test_mode = off
)");
    const auto config = load_all();
    EXPECT_EQ(config.listen, (net::Address{"::1", 80}));
    EXPECT_EQ(config.data_dir, "/srv/chat");
    EXPECT_EQ(config.server_name, "Наш чат");
    EXPECT_FALSE(config.registration_open);
    EXPECT_TRUE(config.everyone_creates_rooms);
    EXPECT_EQ(config.session_ttl, 1h);
    EXPECT_EQ(config.secret_key, "1A4g0O1*3SbW350x$?^_.D1dL-1eW1:");
    EXPECT_TRUE(config.rate_limit_login.off);
    EXPECT_EQ(config.rate_limit_write, (Rate{5, 1s, false}));
    EXPECT_TRUE(config.trusted_proxies.contains("10.2.3.4"));
    EXPECT_TRUE(config.trusted_proxies.contains("fd00::1"));
    EXPECT_FALSE(config.trusted_proxies.contains("192.168.1.8"));
    EXPECT_EQ(config.log_format, log::Form::json);
    EXPECT_EQ(config.log_level, log::Level::warning);
    EXPECT_EQ(config.backup_schedule, 3h + 30min);
    EXPECT_EQ(config.backup_keep, 30);
    EXPECT_EQ(config.value("trusted_proxies").shown, "10.0.0.0/8, 192.168.1.7 fd00::/8");
}

TEST_F(ConfigTest, flags_win_over_the_environment_and_it_over_the_file) {
    settings_file("[DEFAULT]\nsession_ttl = 1\nserver_name = file\nlisten = 1.1.1.1:1\n");
    environment.variables = {{"MAKECHAT_SESSION_TTL", "2"}, {"MAKECHAT_SERVER_NAME", "environment"}};
    const auto config = load_all({{"--session-ttl", "3"}});
    EXPECT_EQ(config.session_ttl, 3s);
    EXPECT_EQ(config.value("session_ttl").source, "--session-ttl");
    EXPECT_EQ(config.value("session_ttl").from, From::flag);
    EXPECT_EQ(config.server_name, "environment");
    EXPECT_EQ(config.value("server_name").source, "MAKECHAT_SERVER_NAME");
    EXPECT_EQ(config.listen.host, "1.1.1.1");
    EXPECT_EQ(config.value("listen").source, file + ":4");
    EXPECT_EQ(config.value("config").shown, file);
}

TEST_F(ConfigTest, knows_every_setting_by_key_variable_and_flag) {
    const std::map<std::string_view, std::string> others{
        {"data_dir", "/x"}, {"backup_dir", "/x"}, {"tls_cert", "/x"}, {"tls_key", "/x"}, {"custom_dir", "/x"}};
    for (const auto& setting : settings()) {
        SCOPED_TRACE(setting.key);
        const auto found = others.find(setting.key);
        const std::string text = found == others.end() ? std::string(setting.standard) : found->second;
        settings_file("[DEFAULT]\n" + std::string(setting.key) + " = " + text + "\n");
        EXPECT_EQ(load_all().value(setting.key).source, file + ":2");
        environment.variables = {{setting.variable(), text}};
        EXPECT_EQ(load_all().value(setting.key).source, setting.variable());
        EXPECT_EQ(load_all({{std::string(setting.flag), text}}).value(setting.key).source, setting.flag);
        environment.variables.clear();
        if (setting.key != "data_dir") {
            auto flag = "--" + std::string(setting.key);
            std::ranges::replace(flag, '_', '-');
            EXPECT_EQ(setting.flag, flag);
        }
    }
}

TEST_F(ConfigTest, takes_the_file_that_is_named) {
    settings_file("[DEFAULT]\nsession_ttl = 1\n");
    const auto two = write("two.conf", "[DEFAULT]\nsession_ttl = 2\n");
    const auto three = write("three.conf", "[DEFAULT]\nsession_ttl = 3\n");
    EXPECT_EQ(load_all().session_ttl, 1s);
    environment.variables["MAKECHAT_CONFIG"] = two;
    EXPECT_EQ(load_all().session_ttl, 2s);
    EXPECT_EQ(load_all({{"--config", three}}).session_ttl, 3s);
    EXPECT_EQ(load_all({{"--config", three}}).value("config").source, "--config");
    environment.variables["MAKECHAT_CONFIG"] = "";
    EXPECT_EQ(load_all().session_ttl, 1s);
}

TEST_F(ConfigTest, keeps_the_data_where_programs_of_the_user_do) {
    environment.variables["XDG_DATA_HOME"] = "/xdg";
    EXPECT_EQ(load_all().data_dir, "/xdg/makechat");
    environment.variables["XDG_DATA_HOME"] = "not/absolute";
    EXPECT_EQ(load_all().data_dir, folder.path() / ".local/share/makechat");
    environment.is_root = true;
    EXPECT_EQ(load_all().data_dir, "/var/lib/makechat");
    environment = {{}, {}, false};
    EXPECT_THAT(errors(), ElementsAre("--data: there is no home folder to keep the data in, so name a folder"));
    EXPECT_EQ(load_all({{"--data", "/x"}}).data_dir, "/x");
}

TEST_F(ConfigTest, finds_a_path_beside_its_file_or_at_home) {
    settings_file("[DEFAULT]\ndata_dir = chat\nbackup_dir = ~/backups\ntls_cert =\n");
    EXPECT_EQ(load_all().data_dir, folder.path() / "chat");
    EXPECT_EQ(load_all().value("data_dir").shown, folder.path() / "chat");
    EXPECT_EQ(load_all().backup_dir, folder.path() / "backups");
    EXPECT_EQ(load_all().tls_cert, "");
    EXPECT_EQ(load_all({{"--data", "chat"}}).data_dir, "chat");
}

TEST_F(ConfigTest, masks_what_is_secret) {
    settings_file("[DEFAULT]\nmongo_uri = mongodb://root:hunter2@db/\nsecret_key = hunter2\ntest_mongo_uri =\n");
    environment.variables["MAKECHAT_NATS_URL"] = "nats://u:hunter2@n:4222";
    const auto config = load_all();
    EXPECT_EQ(config.secret_key, "hunter2");
    for (const auto* key : {"mongo_uri", "secret_key", "nats_url"}) EXPECT_EQ(config.value(key).shown, "********");
    EXPECT_EQ(config.value("test_mongo_uri").shown, "");
    EXPECT_THAT(config.to_json(), testing::Not(testing::HasSubstr("hunter2")));
    EXPECT_THAT(config.to_json(),
                testing::HasSubstr(R"({"key": "secret_key", "value": "********", "source": ")" + file + R"(:3"})"));
    for (const auto& warning : config.warnings) EXPECT_THAT(warning, testing::Not(testing::HasSubstr("hunter2")));
}

TEST_F(ConfigTest, shows_what_was_said_at_set_up_only_where_nothing_is_given) {
    settings_file("[DEFAULT]\nregistration = open\n");
    auto config = load_all();
    EXPECT_FALSE(config.is_given("server_name"));
    EXPECT_TRUE(config.is_given("registration")) << "though it is the default's own value";
    config.fill_in("server_name", "Our chat", "set-up");
    config.fill_in("registration", "closed", "set-up");
    EXPECT_THAT(config.to_json(),
                testing::HasSubstr(R"({"key": "server_name", "value": "Our chat", "source": "set-up"})"));
    EXPECT_THAT(config.to_json(),
                testing::HasSubstr(R"({"key": "registration", "value": "open", "source": ")" + file + R"(:2"})"));
}

TEST_F(ConfigTest, reads_a_secret_from_a_file_of_its_own) {
    for (const auto* text : {"key of a file", "key of a file\n", "key of a file\r\n"}) {
        environment.variables = {{"MAKECHAT_SECRET_KEY_FILE", write("secret", text)}};
        EXPECT_EQ(load_all().secret_key, "key of a file");
        EXPECT_EQ(load_all().value("secret_key").source, "MAKECHAT_SECRET_KEY_FILE");
    }
    environment.variables = {{"MAKECHAT_SECRET_KEY_FILE", write("secret", "two\n\n")}};
    EXPECT_EQ(load_all().secret_key, "two\n");
}

TEST_F(ConfigTest, passes_over_other_sections_with_a_warning) {
    settings_file("[DEFAULT]\nsession_ttl = 3600\n[uwsgi]\nworkers = 4\n");
    EXPECT_THAT(load_all().warnings,
                ElementsAre(file + ":3: the section [uwsgi] is passed over; settings stand in [DEFAULT]"));
}

TEST_F(ConfigTest, warns_of_what_has_no_effect) {
    settings_file("[DEFAULT]\nmongo_uri = mongodb://db\ntest_mode = on\nbackup_schedule = 03:30\nbackup_dir = /x\n");
    environment.variables = {{"MAKECHAT_NATS_URL", "nats://n"}, {"MAKECHAT_PORT", "tcp://10.0.0.1:80"}, {"OTHER", "x"}};
    EXPECT_THAT(
        load_all().warnings,
        ElementsAre("MAKECHAT_PORT: there is no such setting; the variable is passed over",
                    file + ":2: mongo_uri: is not used, for store is sqlite",
                    "MAKECHAT_NATS_URL: is not used, for bus is local", file + ":3: test_mode: does nothing any more",
                    file + ":5: backup_dir: does nothing yet: it comes with a later release",
                    file + ":4: backup_schedule: no backup is made yet: they come with a later release"));
}

TEST_F(ConfigTest, names_what_comes_with_a_later_release) {
    settings_file("[DEFAULT]\nstore = mongodb\ntls_cert = /cert.pem\n");
    environment.variables["MAKECHAT_BUS"] = "nats";
    EXPECT_THAT(not_in_this_release(load_all({{"--tls-key", "/key.pem"}})),
                ElementsAre(file + ":2: store: mongodb comes with a later release",
                            "MAKECHAT_BUS: nats comes with a later release",
                            file + ":3: tls_cert: https comes with a later release",
                            "--tls-key: https comes with a later release"));
}

TEST_F(ConfigTest, accepts_the_sample) {
    std::ifstream sample("makechat.conf.sample");
    ASSERT_TRUE(sample) << "run in the project's root";
    std::string all;
    std::string uncommented;
    for (std::string line; std::getline(sample, line);) {
        all += line + "\n";
        const bool is_setting = line.size() > 1 && line[0] == '#' && line[1] >= 'a' && line[1] <= 'z';
        uncommented += (is_setting ? line.substr(1) : line) + "\n";
    }
    settings_file(all);
    const auto plain = load_all();
    for (const auto& value : plain.values) {
        EXPECT_TRUE(value.from == From::standard || value.key == "config") << value.key;
    }
    settings_file(uncommented);
    const auto config = load_all();
    for (const auto& setting : settings()) {
        EXPECT_EQ(config.value(setting.key).from, From::file) << setting.key;
        if (setting.kind == Setting::Kind::secret) continue;
        EXPECT_EQ(config.value(setting.key).shown, plain.value(setting.key).shown) << setting.key;
    }
}

}  // namespace
}  // namespace makechat::app
