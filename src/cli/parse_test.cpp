#include "cli/parse.hpp"

#include "base/limits.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace makechat::cli {
namespace {

using testing::HasSubstr;
using testing::Not;
using Words = std::vector<std::string>;

const SettingFlag settings[] = {
    {"--listen", "ADDRESS:PORT", "where to listen (127.0.0.1:8000)"},
    {"--data", "FOLDER", "where everything is kept"},
    {"--rate-limit-register", "COUNT/SECONDS", "new accounts"},
    {"--config", "FILE", "read settings from this file"},
};

auto parsed(const Words& words) { return parse(words, settings); }

std::string joined(const Words& words) {
    std::string text;
    for (const auto& word : words) text += "'" + word + "' ";
    return text;
}

TEST(Parse, understands_every_command) {
    struct Case {
        Words words;
        Command command;
    };
    const Case cases[] = {
        {{"user", "create", "-u", "test_user", "-p", "test_pass", "-e", "test@example.com"},
         {UserCreate{"test_user", "test_pass", "test@example.com", false}, {}}},
        {{"user", "create", "-u", "admin", "-p", "admin_pass", "-e", "admin@example.com", "-admin"},
         {UserCreate{"admin", "admin_pass", "admin@example.com", true}, {}}},
        {{"user", "create", "-admin", "-e", "a@b", "-p", "x", "-u", "a"}, {UserCreate{"a", "x", "a@b", true}, {}}},
        {{"user", "create", "-a", "-u=a", "-px", "-e=a@b"}, {UserCreate{"a", "x", "a@b", true}, {}}},
        {{"user", "create", "-u", "a", "-p", "-", "-e", "a@b"}, {UserCreate{"a", "-", "a@b", false}, {}}},
        {{"user", "create", "-u", "a", "-p", "--", "-e", ""}, {UserCreate{"a", "--", "", false}, {}}},
        {{"user", "create", "-u", "a", "-p", "-secret", "-e", "a@b"}, {UserCreate{"a", "-secret", "a@b", false}, {}}},
        {{"user", "create", "-u", "a", "-p", "a b=c", "-e", "a@b"}, {UserCreate{"a", "a b=c", "a@b", false}, {}}},
        {{"user", "changepass", "-u", "пётр", "-p", "новый пароль"}, {UserChangepass{"пётр", "новый пароль"}, {}}},
        {{"user", "list"}, {UserList{}, {}}},
        {{"user", "disable", "-u", "a"}, {UserDisable{"a"}, {}}},
        {{"user", "enable", "-u", "a"}, {UserEnable{"a"}, {}}},
        {{"token", "create", "-u", "a"}, {TokenCreate{"a", "command line"}, {}}},
        {{"token", "create", "-u", "a", "-n", "my bot"}, {TokenCreate{"a", "my bot"}, {}}},
        {{"token", "list"}, {TokenList{}, {}}},
        {{"token", "list", "-u", "a"}, {TokenList{"a"}, {}}},
        {{"token", "revoke", "5706dac4d55cfe00010944ac"}, {TokenRevoke{"5706dac4d55cfe00010944ac", {}}, {}}},
        {{"token", "revoke", "my bot", "-u", "a"}, {TokenRevoke{"my bot", "a"}, {}}},
        {{"token", "revoke", "-u", "a", "--", "-bot"}, {TokenRevoke{"-bot", "a"}, {}}},
        {{"room", "list"}, {RoomList{}, {}}},
        {{"room", "list", "--data", "/srv/chat"}, {RoomList{}, {{"--data", "/srv/chat"}}}},
        {{"user", "list", "--config=/etc/makechat.conf", "--data", "-d"},
         {UserList{}, {{"--data", "-d"}, {"--config", "/etc/makechat.conf"}}}},
        {{"serve"}, {Serve{}, {}}},
        {{"serve", "--listen", "[::1]:80", "--rate-limit-register=off"},
         {Serve{}, {{"--listen", "[::1]:80"}, {"--rate-limit-register", "off"}}}},
        {{"bench"}, {Bench{}, {}}},
        {{"bench", "--json", "--only", "get", "--folder", "/srv", "--config", "x"},
         {Bench{.as_json = true, .only = "get", .folder = "/srv"}, {{"--config", "x"}}}},
        {{"bench", "--growth", "--url=http://h:1", "--token", "-"},
         {Bench{.growth = true, .url = "http://h:1", .token = "-"}, {}}},
        {{"check-config", "--data", "x"}, {CheckConfig{}, {{"--data", "x"}}}},
        {{"version"}, {Version{}, {}}},
        {{"--version"}, {Version{}, {}}},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(joined(c.words));
        const auto command = parsed(c.words);
        ASSERT_TRUE(command.has_value()) << command.error().err;
        EXPECT_EQ(*command, c.command);
    }
}

TEST(Parse, says_what_it_did_not_understand) {
    struct Case {
        Words words;
        std::string error;
    };
    const Case cases[] = {
        {{}, "which command? `makechat -h` lists them"},
        {{"frobnicate"}, "there is no command 'frobnicate'; `makechat -h` lists them"},
        {{"frobnicate", "-h"}, "there is no command 'frobnicate'; `makechat -h` lists them"},
        {{"--data", "x", "user", "list"}, "the command comes first: makechat COMMAND [options]"},
        {{"user"}, "choose from create, changepass, list, disable, enable"},
        {{"user", "-u", "a"}, "choose from create, changepass, list, disable, enable"},
        {{"user", "destroy"}, "there is no 'user destroy': choose from create, changepass, list, disable, enable"},
        {{"room", "create"}, "there is no 'room create': choose from list"},
        {{"user", "create"}, "the following arguments are required: -u, -p, -e"},
        {{"user", "create", "-u", "a", "-e", "a@b"}, "the following arguments are required: -p"},
        {{"user", "create", "-p", "a", "-e", "a@b", "-u"}, "-u wants a value"},
        {{"user", "create", "-u", "a", "-p", "-e", "a@b"}, "-p wants a value"},
        {{"user", "create", "-u", "a", "-e", "a@b", "-p", "-admin"}, "-p wants a value"},
        {{"user", "create", "-u", "a", "-e", "a@b", "-p", "--data"}, "-p wants a value"},
        {{"user", "create", "-u", "a", "-u", "b", "-p", "x", "-e", "a@b"}, "-u is given twice"},
        {{"user", "create", "-u", "a", "-p", "x", "-e", "a@b", "-admin", "-a"}, "-admin is given twice"},
        {{"user", "create", "-u", "a", "-p", "x", "-e", "a@b", "-admin=yes"}, "-admin takes no value"},
        {{"user", "create", "-u", "a", "-p", "x", "-e", "a@b", "-z"}, "there is no option -z"},
        {{"user", "create", "-u", "a", "-Phunter2"}, "there is no option -P…"},
        {{"room", "list", "-Щhunter2"}, "there is no option -Щ…"},
        {{"room", "list", "-Щ"}, "there is no option -Щ"},
        {{"room", "list", "-Щ=x"}, "there is no option -Щ"},
        {{"user", "create", "-u", "a", "-p", "x", "-e", "a@b", "--superuser"}, "there is no option --superuser"},
        {{"user", "create", "-u", "a", "-p", "x", "-e", "a@b", "--listen", "x"}, "there is no option --listen"},
        {{"user", "create", "-u", "a", "-p", "x", "-e", "a@b", "more"}, "there is a word too many"},
        {{"user", "list", "-u", "a"}, "there is no option -u"},
        {{"token", "create"}, "the following arguments are required: -u"},
        {{"token", "revoke"}, "the following arguments are required: TOKEN"},
        {{"token", "revoke", "a", "b"}, "there is a word too many"},
        {{"serve", "--lissen", "x"}, "there is no option --lissen"},
        {{"serve", "--list=x"}, "there is no option --list"},
        {{"serve", "--listen"}, "--listen wants a value"},
        {{"serve", "--listen="}, "--listen wants a value"},
        {{"serve", "--listen", "a", "--listen", "b"}, "--listen is given twice"},
        {{"serve", "now"}, "there is a word too many"},
        {{"user", "list", "--data"}, "--data wants a value"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(joined(c.words));
        const auto command = parsed(c.words);
        ASSERT_FALSE(command.has_value());
        const auto& [status, out, err] = command.error();
        EXPECT_EQ(status, usage_error);
        EXPECT_EQ(out, "");
        EXPECT_THAT(err, testing::StartsWith("usage: makechat "));
        EXPECT_THAT(err, testing::EndsWith("\nERROR: " + c.error + "\n"));
    }
}

TEST(Parse, shows_the_usage_of_the_command_that_was_meant) {
    EXPECT_EQ(parsed({"user", "changepass", "-u", "a"}).error().err,
              "usage: makechat user changepass [-h] -u USERNAME -p NEW PASSWORD\n"
              "ERROR: the following arguments are required: -p\n");
    EXPECT_THAT(parsed({"user", "destroy"}).error().err, testing::StartsWith("usage: makechat user [-h]"));
}

TEST(Parse, never_repeats_what_may_be_a_password) {
    for (const Words& words : std::vector<Words>{
             {"user", "create", "-u", "a", "-Phunter2", "-e", "a@b"},
             {"user", "create", "-u", "a", "-P=hunter2", "-e", "a@b"},
             {"user", "create", "-u", "a", "--password=hunter2", "-e", "a@b"},
             {"user", "create", "-u", "a", "--password", "hunter2", "-e", "a@b"},
             {"user", "create", "-u", "a", "-p", "hunter2"},
             {"user", "create", "-u", "a", "-p", "hunter2", "-e", "a@b", "-admin=hunter2"},
             {"user", "create", "-u", "a", "-p", "x", "hunter2", "-e", "a@b"},
             {"user", "changepass", "-u", "a", "-p", "hunter2", "-p", "hunter2"},
             {"user", "changepass", "-u", "a", "-p", "hunter2\xff"},
         }) {
        const auto command = parsed(words);
        ASSERT_FALSE(command.has_value()) << joined(words);
        EXPECT_THAT(command.error().err, Not(HasSubstr("hunter2"))) << joined(words);
    }
}

TEST(Parse, refuses_what_is_not_utf8) {
    EXPECT_EQ(parsed({"user", "disable", "-u", "\xff"}).error(),
              (Outcome{usage_error, "", "ERROR: an argument is not valid UTF-8\n"}));
}

TEST(Words, carry_every_command_as_it_is) {
    const Command commands[] = {
        {UserCreate{"anna", "test_pass", "a@b", true}, {}},
        {UserCreate{"-u", "-", "-e", false}, {}},
        {UserCreate{"", "", "", false}, {}},
        {UserCreate{"=a", "=b=", "a=b", false}, {}},
        {UserCreate{"admin", "dmin", "-admin", false}, {}},
        {UserChangepass{"a\nb", "пароль с пробелом "}, {}},
        {UserList{}, {}},
        {UserDisable{"--data"}, {}},
        {UserEnable{"-h"}, {}},
        {TokenCreate{"a", "--"}, {}},
        {TokenList{}, {}},
        {TokenList{"-u"}, {}},
        {TokenRevoke{"abcd", {}}, {}},
        {TokenRevoke{"-u", "a"}, {}},
        {TokenRevoke{"--", "-"}, {}},
        {RoomList{}, {}},
    };
    for (const auto& command : commands) {
        const auto words = to_words(command);
        SCOPED_TRACE(joined(words));
        const auto again = parsed(words);
        ASSERT_TRUE(again.has_value()) << again.error().err;
        EXPECT_EQ(*again, command);
    }
}

TEST(Words, leave_the_settings_to_who_has_the_store) {
    EXPECT_EQ(to_words({UserList{}, {{"--data", "x"}}}), (Words{"user", "list"}));
}

TEST(Password, is_read_from_stdin_for_a_dash) {
    Command create{UserCreate{"a", "-", "a@b", false}, {}};
    ASSERT_NE(password_from_stdin(create), nullptr);
    *password_from_stdin(create) = "secret";
    EXPECT_EQ(create, (Command{UserCreate{"a", "secret", "a@b", false}, {}}));
    EXPECT_EQ(password_from_stdin(create), nullptr);

    Command change{UserChangepass{"a", "-"}, {}};
    EXPECT_NE(password_from_stdin(change), nullptr);
    Command other{UserDisable{"-"}, {}};
    EXPECT_EQ(password_from_stdin(other), nullptr);
}

TEST(Password, is_the_first_line) {
    struct Case {
        std::string in;
        std::string password;
    };
    for (const auto& [in, password] :
         {Case{"секрет\n", "секрет"}, Case{"no newline", "no newline"}, Case{" a \nb\n", " a "}}) {
        std::istringstream stream(in);
        const auto read = read_password(stream);
        ASSERT_TRUE(read.has_value());
        EXPECT_EQ(*read, password);
    }
}

TEST(Password, must_be_there) {
    std::istringstream nothing("");
    std::istringstream empty_line("\nsecret\n");
    std::istringstream latin1("caf\xe9\n");
    EXPECT_EQ(read_password(nothing).error().text, "There is no password on stdin.");
    EXPECT_EQ(read_password(empty_line).error().text, "There is no password on stdin.");
    EXPECT_EQ(read_password(latin1).error().text, "The password on stdin is not valid UTF-8.");
}

TEST(Password, that_is_too_long_is_not_cut_to_fit) {
    std::istringstream in(std::string(limits::password_bytes_max + 100, 'x'));
    EXPECT_GT(read_password(in)->size(), limits::password_bytes_max);
}

}  // namespace
}  // namespace makechat::cli
