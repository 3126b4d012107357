#include "app/check_config.hpp"
#include "app/config.hpp"
#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace makechat::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using Flags = std::vector<cli::FlagValue>;

class ConfigErrors : public testing::Test {
protected:
    TemporaryFolder folder;
    Environment environment{{}, folder.path(), false};
    const std::string file = (folder.path() / "makechat.conf").string();

    std::string write(const std::string& name, std::string_view bytes) {
        const auto path = folder.path() / name;
        std::ofstream(path, std::ios::binary) << bytes;
        return path.string();
    }
    std::vector<std::string> errors(const Flags& flags = {}) {
        const auto config = load(flags, environment);
        return config ? std::vector<std::string>{} : config.error().errors;
    }
};

TEST_F(ConfigErrors, name_what_is_wrong_with_a_value) {
    struct Case {
        const char* line;
        const char* error;
    };
    const Case cases[] = {
        {"sesion_ttl = 61", "sesion_ttl: there is no such setting"},
        {"data = /x", "data: there is no such setting"},
        {"this is no setting", "is no setting: write KEY = VALUE, or # before a comment"},
        {"session_ttl = soon", "session_ttl: 'soon' is no time: write seconds, 1 to 315360000"},
        {"session_ttl = -5", "session_ttl: '-5' is no time: write seconds, 1 to 315360000"},
        {"session_ttl = 0", "session_ttl: '0' is no time: write seconds, 1 to 315360000"},
        {"session_ttl = 315360001", "session_ttl: '315360001' is no time: write seconds, 1 to 315360000"},
        {"session_ttl = 99999999999999999999",
         "session_ttl: '99999999999999999999' is no time: write seconds, 1 to 315360000"},
        {"session_ttl = 60 ; a minute", "session_ttl: '60 ; a minute' is no time: write seconds, 1 to 315360000"},
        {"session_ttl =", "session_ttl: '' is no time: write seconds, 1 to 315360000"},
        {"registration = perhaps", "registration: 'perhaps' is neither closed nor open"},
        {"rooms_created_by = admin", "rooms_created_by: 'admin' is neither admins nor everyone"},
        {"store = paper", "store: 'paper' is neither sqlite nor mongodb"},
        {"bus = tram", "bus: 'tram' is neither local nor nats"},
        {"log_format = xml", "log_format: 'xml' is neither text nor json"},
        {"log_level = loud", "log_level: 'loud' is none of debug, info, warning, error"},
        {"test_mode = maybe", "test_mode: 'maybe' is neither on nor off"},
        {"backup_schedule = 24:00",
         "backup_schedule: '24:00' is no schedule: write a time of the day as 03:30, or off"},
        {"backup_schedule = 3:30", "backup_schedule: '3:30' is no schedule: write a time of the day as 03:30, or off"},
        {"backup_schedule =", "backup_schedule: '' is no schedule: write a time of the day as 03:30, or off"},
        {"backup_keep = 0", "backup_keep: '0' is no count: write a number, 1 to 10000"},
        {"trusted_proxies = everybody",
         "trusted_proxies: 'everybody' is no network: write 10.0.0.0/8, 192.168.1.7 or fd00::/8"},
        {"server_name =", "server_name: is not a line of 1 to 120 characters"},
        {"server_name = two\n  lines", "server_name: is not a line of 1 to 120 characters"},
        {"data_dir =", "data_dir: names no folder"},
        {"mongo_uri = root:hunter2@db", "mongo_uri: does not begin with mongodb:// or mongodb+srv://"},
        {"nats_url = root:hunter2@nats", "nats_url: does not begin with nats:// or tls://"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.line);
        write("makechat.conf", "[DEFAULT]\n\n" + std::string(c.line) + "\n");
        EXPECT_THAT(errors(), ElementsAre(file + ":3: " + c.error));
    }
}

TEST_F(ConfigErrors, of_other_folders_types_name_the_key_too) {
    for (const char* line : {"listen = 127.0.0.1:http", "rate_limit_write = 600", "rate_limit_login = many/often"}) {
        SCOPED_TRACE(line);
        write("makechat.conf", "[DEFAULT]\n" + std::string(line) + "\n");
        const auto key = std::string(line).substr(0, std::string(line).find(' '));
        EXPECT_THAT(errors(), ElementsAre(testing::StartsWith(file + ":2: " + key + ": ")));
    }
}

TEST_F(ConfigErrors, are_told_all_at_once) {
    write("makechat.conf", "\xEF\xBB\xBF[DEFAULT]\r\nsession_ttl = soon\r\nserver_name = \xFF\r\nlog_level = info\r\n");
    environment.variables = {{"MAKECHAT_STORE", "paper"}, {"MAKECHAT_SERVER_NAME", "\xFF"}};
    EXPECT_THAT(
        errors({{"--bus", "tram"}}),
        ElementsAre(file + ":3: is not valid UTF-8 text",
                    file + ":2: session_ttl: 'soon' is no time: write seconds, 1 to 315360000",
                    "MAKECHAT_SERVER_NAME: is not valid UTF-8", "MAKECHAT_STORE: 'paper' is neither sqlite nor mongodb",
                    "--bus: 'tram' is neither local nor nats"));
}

TEST_F(ConfigErrors, come_from_values_that_others_win_over_too) {
    write("makechat.conf", "[DEFAULT]\nsession_ttl = soon\n");
    EXPECT_THAT(errors({{"--session-ttl", "60"}}), testing::SizeIs(1));
}

TEST_F(ConfigErrors, of_files_say_why_they_cannot_be_read) {
    const auto missing = (folder.path() / "no-such.conf").string();
    EXPECT_THAT(errors({{"--config", missing}}), ElementsAre("--config: " + missing + ": No such file or directory"));
    environment.variables = {{"MAKECHAT_CONFIG", folder.path().string()}};
    EXPECT_THAT(errors(), ElementsAre("MAKECHAT_CONFIG: " + folder.path().string() + ": Is a directory"));
    const auto large = write("large.conf", std::string(2'000'000, '#'));
    EXPECT_THAT(errors({{"--config", large}}), ElementsAre("--config: " + large + ": is larger than 1 MiB"));
    environment.variables.clear();
    std::filesystem::create_directory(file);
    EXPECT_THAT(errors(), ElementsAre(file + ": Is a directory"));
}

TEST_F(ConfigErrors, of_secret_files_name_them) {
    const auto missing = (folder.path() / "no-such").string();
    environment.variables = {{"MAKECHAT_SECRET_KEY_FILE", missing}};
    EXPECT_THAT(errors(), ElementsAre("MAKECHAT_SECRET_KEY_FILE: " + missing + ": No such file or directory"));
    environment.variables = {{"MAKECHAT_SECRET_KEY_FILE", write("secret", "x")}, {"MAKECHAT_SECRET_KEY", "y"}};
    EXPECT_THAT(errors(), ElementsAre("MAKECHAT_SECRET_KEY_FILE: MAKECHAT_SECRET_KEY is set too; which of them?"));
    environment.variables = {{"MAKECHAT_LISTEN_FILE", "/x"}};
    EXPECT_THAT(errors(), ElementsAre("MAKECHAT_LISTEN_FILE: only a secret is read from a file of its own"));
}

using CheckConfig = ConfigErrors;

TEST_F(CheckConfig, shows_values_and_where_they_come_from) {
    write("makechat.conf", "[DEFAULT]\nsession_ttl = 1111\nsecret_key = hunter2\n[uwsgi]\n");
    environment.variables = {{"MAKECHAT_SERVER_NAME", "from the environment"}};
    const auto [status, out, err] = check_config(Flags{{"--data", "/srv/chat"}}, environment);
    EXPECT_EQ(status, 0);
    EXPECT_EQ(err, "WARNING: " + file + ":4: the section [uwsgi] is passed over; settings stand in [DEFAULT]\n");
    EXPECT_THAT(out, testing::StartsWith("KEY "));
    EXPECT_THAT(out, testing::ContainsRegex("\nconfig +" + file + " +default\n"));
    EXPECT_THAT(out, testing::ContainsRegex("\nsession_ttl +1111 +" + file + ":2\n"));
    EXPECT_THAT(out, testing::ContainsRegex("\nsecret_key +\\*{8} +" + file + ":3\n"));
    EXPECT_THAT(out, testing::ContainsRegex("\nserver_name +from the environment +MAKECHAT_SERVER_NAME\n"));
    EXPECT_THAT(out, testing::ContainsRegex("\ndata_dir +/srv/chat +--data\n"));
    EXPECT_THAT(out, testing::ContainsRegex("\nrate_limit_write +600/60 +default\n"));
    EXPECT_THAT(out, testing::ContainsRegex("\ntrusted_proxies +- +default\n"));
    EXPECT_THAT(out, Not(HasSubstr("hunter2")));
}

TEST_F(CheckConfig, fails_on_errors_and_tells_the_warnings_too) {
    write("makechat.conf", "[uwsgi]\n[DEFAULT]\nsession_ttl = soon\nstore = paper\n");
    EXPECT_EQ(check_config({}, environment),
              (cli::Outcome{cli::refused, "",
                            "WARNING: " + file +
                                ":1: the section [uwsgi] is passed over; settings stand in [DEFAULT]\n"
                                "ERROR: " +
                                file +
                                ":3: session_ttl: 'soon' is no time: write seconds, 1 to 315360000\n"
                                "ERROR: " +
                                file + ":4: store: 'paper' is neither sqlite nor mongodb\n"}));
}

TEST_F(CheckConfig, fails_where_serve_would) {
    const auto [status, out, err] = check_config(Flags{{"--store", "mongodb"}}, environment);
    EXPECT_EQ(status, cli::refused);
    EXPECT_THAT(out, testing::ContainsRegex("\nstore +mongodb +--store\n"));
    EXPECT_EQ(err, "ERROR: --store: mongodb comes with a later release\n");
}

}  // namespace
}  // namespace makechat::app
