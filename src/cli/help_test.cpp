#include "cli/parse.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace makechat::cli {
namespace {

using Words = std::vector<std::string>;

const SettingFlag settings[] = {
    {"--listen", "ADDRESS:PORT", "where to listen (127.0.0.1:8000)"},
    {"--data", "FOLDER", "where everything is kept"},
    {"--config", "FILE", "read settings from this file"},
};

std::string help(const Words& words) {
    const auto command = parse(words, settings);
    if (command) return "it was taken for a command";
    EXPECT_EQ(command.error().status, 0) << command.error().err;
    EXPECT_EQ(command.error().err, "");
    return command.error().out;
}

// These three are the manual's, as Python 3.5's argparse lays them out.
constexpr auto user_help = R"(usage: makechat user [-h] {create,changepass} ...

positional arguments:
  {create,changepass}
    create             create a new user
    changepass         change user password

optional arguments:
  -h, --help           show this help message and exit
)";

constexpr auto create_help = R"(usage: makechat user create [-h] -u USERNAME -p PASSWORD -e EMAIL [-admin]

optional arguments:
  -h, --help   show this help message and exit
  -u USERNAME  specify username
  -p PASSWORD  specify password
  -e EMAIL     specify email address
  -admin       is superuser?
)";

constexpr auto changepass_help = R"(usage: makechat user changepass [-h] -u USERNAME -p NEW PASSWORD

optional arguments:
  -h, --help       show this help message and exit
  -u USERNAME      specify username
  -p NEW PASSWORD  specify new password
)";

TEST(Help, of_the_manuals_actions_is_the_manuals_to_the_letter) {
    EXPECT_EQ(help({"user", "create", "-h"}), create_help);
    EXPECT_EQ(help({"user", "create", "--help"}), create_help);
    EXPECT_EQ(help({"user", "changepass", "-h"}), changepass_help);
}

TEST(Help, of_user_begins_with_the_manuals) {
    EXPECT_EQ(help({"user", "-h"}), std::string(user_help) + R"(
other commands:
    list               list all users
    disable            lock a user out
    enable             let a user in again
)");
    EXPECT_EQ(help({"user", "--help"}), help({"user", "-h"}));
}

TEST(Help, comes_before_what_is_required) { EXPECT_EQ(help({"user", "create", "-u", "a", "-h"}), create_help); }

TEST(Help, of_every_command_names_it_and_fits_the_screen) {
    for (const Words& words : std::vector<Words>{{},
                                                 {"user"},
                                                 {"user", "create"},
                                                 {"user", "changepass"},
                                                 {"user", "list"},
                                                 {"user", "disable"},
                                                 {"user", "enable"},
                                                 {"token"},
                                                 {"token", "create"},
                                                 {"token", "list"},
                                                 {"token", "revoke"},
                                                 {"room"},
                                                 {"room", "list"},
                                                 {"serve"},
                                                 {"check-config"},
                                                 {"bench"},
                                                 {"version"}}) {
        std::string usage = "usage: makechat ";
        for (const auto& word : words) usage += word + " ";
        auto asked = words;
        asked.emplace_back("-h");
        const auto text = help(asked);
        EXPECT_THAT(text, testing::StartsWith(words.empty() ? "usage: makechat COMMAND" : usage + "[-h]"));
        EXPECT_TRUE(text.ends_with('\n'));
        std::istringstream lines(text);
        for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80U) << line;
    }
}

TEST(Help, of_the_program_names_every_command) {
    for (const char* command :
         {"serve", "bench", "check-config", "version", "user create", "user changepass", "user list", "user disable",
          "user enable", "token create", "token list", "token revoke", "room list"})
        EXPECT_THAT(help({"-h"}), testing::HasSubstr(std::string("\n  ") + command + " ")) << command;
}

TEST(Help, of_serve_lists_the_settings) {
    const auto text = help({"serve", "-h"});
    EXPECT_THAT(text, testing::EndsWith(R"(
settings:
  --listen ADDRESS:PORT
                        where to listen (127.0.0.1:8000)
  --data FOLDER         where everything is kept
  --config FILE         read settings from this file
)"));
    EXPECT_THAT(help({"check-config", "-h"}), testing::EndsWith(text.substr(text.find("\nsettings:"))));
}

}  // namespace
}  // namespace makechat::cli
