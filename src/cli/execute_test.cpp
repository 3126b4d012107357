#include "cli/execute.hpp"

#include "chat/sign_in.hpp"
#include "cli/parse.hpp"
#include "support/chat_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace makechat::cli {
namespace {

using chat::TestChat;
using testing::HasSubstr;
using testing::Not;
using Words = std::vector<std::string>;

Outcome outcome(TestChat& t, const Words& words) {
    const auto command = parse(words, {});
    if (!command) throw std::runtime_error(command.error().err);
    return run(execute(t.chat, *command));
}

/// What a command that succeeds prints.
std::string out(TestChat& t, const Words& words) {
    const auto done = outcome(t, words);
    EXPECT_EQ(done.status, 0) << done.err;
    EXPECT_EQ(done.err, "");
    return done.out;
}

/// The text of a refusal.
std::string refused_with(TestChat& t, const Words& words) {
    const auto done = outcome(t, words);
    EXPECT_EQ(done.status, refused) << done.out;
    EXPECT_EQ(done.out, "");
    EXPECT_THAT(done.err, testing::StartsWith("ERROR: "));
    EXPECT_THAT(done.err, testing::EndsWith("\n"));
    return done.err.substr(7, done.err.size() - 8);
}

std::optional<Code> login(TestChat& t, const std::string& username, const std::string& password) {
    return refusal(run(chat::verify_login(t.chat, username, password)));
}

TEST(UserCreate, makes_the_manuals_user_and_admin) {
    TestChat t;
    EXPECT_EQ(out(t, {"user", "create", "-u", "test_user", "-p", "test_pass", "-e", "test@example.com"}),
              "Created user test_user.\n");
    EXPECT_EQ(out(t, {"user", "create", "-u", "admin", "-p", "admin_pass", "-e", "admin@example.com", "-admin"}),
              "Created admin admin.\n");
    EXPECT_FALSE(t.directory.accounts.find_name("test_user")->is_superuser);
    EXPECT_TRUE(t.directory.accounts.find_name("admin")->is_superuser);
    EXPECT_EQ(t.directory.accounts.find_name("admin")->email, "admin@example.com");
    EXPECT_EQ(login(t, "admin", "admin_pass"), std::nullopt);
}

TEST(UserCreate, may_set_a_short_password_but_none_without_bytes) {
    TestChat t;
    out(t, {"user", "create", "-u", "a", "-p", "x", "-e", "a@b"});
    EXPECT_EQ(login(t, "a", "x"), std::nullopt);
    EXPECT_THAT(refused_with(t, {"user", "create", "-u", "b", "-p", "", "-e", "b@b"}), HasSubstr("1 to 1024 bytes"));
}

TEST(UserCreate, is_there_where_registration_is_closed) {
    TestChat t({.registration_open = false});
    out(t, {"user", "create", "-u", "a", "-p", "x", "-e", "a@b"});
}

TEST(UserCreate, says_what_stands_against_it) {
    TestChat t;
    t.make_user("anna");
    const auto create = [&t](const std::string& name, const std::string& email) {
        return refused_with(t, {"user", "create", "-u", name, "-p", "hunter2", "-e", email});
    };
    EXPECT_EQ(create("ANNA", "x@example.com"), "Username is already taken.");
    EXPECT_EQ(create("anna2", "anna@example.com"), "Email is already taken.");
    EXPECT_THAT(create("an na", "x@example.com"), HasSubstr("A username has"));
    EXPECT_THAT(create("vera", "example.com"), HasSubstr("An email address"));
    EXPECT_EQ(t.directory.accounts.count(), 1U);
}

TEST(UserCreate, fails_with_the_store) {
    TestChat t;
    t.store.fail_next();
    EXPECT_THAT(refused_with(t, {"user", "create", "-u", "a", "-p", "hunter2", "-e", "a@b"}),
                Not(HasSubstr("hunter2")));
    EXPECT_EQ(t.directory.accounts.count(), 0U);
}

TEST(UserChangepass, ends_the_sessions_and_the_old_password) {
    TestChat t;
    const auto anna = t.make_user("anna");
    must(run(chat::session_create(t.chat, anna, {})));
    EXPECT_EQ(out(t, {"user", "changepass", "-u", "Anna", "-p", "neu"}), "Changed the password of anna.\n");
    EXPECT_EQ(login(t, "anna", "neu"), std::nullopt);
    EXPECT_EQ(login(t, "anna", "password of anna"), Code::bad_login);
    EXPECT_TRUE(t.directory.credentials.sessions_of(anna).empty());
}

TEST(UserDisable, locks_out_until_enabled) {
    TestChat t;
    t.make_user("anna");
    EXPECT_EQ(out(t, {"user", "disable", "-u", "anna"}), "Disabled anna.\n");
    EXPECT_EQ(login(t, "anna", "password of anna"), Code::forbidden);
    EXPECT_EQ(out(t, {"user", "disable", "-u", "anna"}), "Disabled anna.\n");
    EXPECT_EQ(out(t, {"user", "enable", "-u", "anna"}), "Enabled anna.\n");
    EXPECT_EQ(login(t, "anna", "password of anna"), std::nullopt);
}

TEST(UserDisable, leaves_an_admin) {
    TestChat t;
    t.make_admin("boss");
    EXPECT_THAT(refused_with(t, {"user", "disable", "-u", "boss"}), HasSubstr("the last enabled admin"));
    t.make_admin("deputy");
    out(t, {"user", "disable", "-u", "boss"});
}

TEST(Commands, say_whom_they_do_not_know) {
    TestChat t;
    for (const Words& words : std::vector<Words>{{"user", "changepass", "-u", "no\nbody", "-p", "hunter2"},
                                                 {"user", "disable", "-u", "no\nbody"},
                                                 {"user", "enable", "-u", "no\nbody"},
                                                 {"token", "create", "-u", "no\nbody"},
                                                 {"token", "list", "-u", "no\nbody"},
                                                 {"token", "revoke", "-u", "no\nbody", "abcd"}})
        EXPECT_EQ(refused_with(t, words), "There is no user 'no?body'.");
}

TEST(UserList, shows_everybody) {
    TestChat t;
    const auto boris = t.make_admin("boris");
    t.clock.advance(std::chrono::minutes(1));
    const auto anna = t.make_user("anna");
    out(t, {"user", "disable", "-u", "anna"});
    t.directory.accounts.saw(anna, t.clock.now());
    EXPECT_EQ(
        out(t, {"user", "list"}),
        "ID                        USERNAME  ADMIN  DISABLED  CREATED               LAST SEEN             EMAIL\n" +
            to_hex(anna) +
            "  anna      no     yes       2026-11-23T12:01:00Z  2026-11-23T12:01:00Z  anna@example.com\n" +
            to_hex(boris) +
            "  boris     yes    no        2026-11-23T12:00:00Z  never                 boris@example.com\n");
}

TEST(TokenCreate, prints_the_token_alone) {
    TestChat t;
    const auto anna = t.make_user("anna");
    const auto printed = out(t, {"token", "create", "-u", "anna", "-n", "my bot"});
    EXPECT_THAT(printed, testing::MatchesRegex("[a-z0-9]{32}\n"));
    const auto caller = chat::authenticate(t.chat, chat::CredentialKind::token, printed.substr(0, 32));
    ASSERT_TRUE(caller.has_value());
    EXPECT_EQ(caller->user->id, anna);
    EXPECT_EQ(t.directory.credentials.tokens_of(anna).front().name, "my bot");
}

TEST(TokenCreate, is_refused_to_who_is_disabled) {
    TestChat t;
    t.make_user("anna");
    out(t, {"user", "disable", "-u", "anna"});
    EXPECT_EQ(refused_with(t, {"token", "create", "-u", "anna"}), "This account is disabled.");
    out(t, {"user", "enable", "-u", "anna"});
    EXPECT_THAT(refused_with(t, {"token", "create", "-u", "anna", "-n", ""}), HasSubstr("'name'"));
}

TEST(TokenList, shows_all_but_the_token) {
    TestChat t;
    t.make_user("boris");
    const auto anna = t.make_user("anna");
    const auto bot = out(t, {"token", "create", "-u", "anna", "-n", "my bot"});
    const auto other = out(t, {"token", "create", "-u", "boris"});
    const auto text = out(t, {"token", "list"});
    const auto token = t.directory.credentials.tokens_of(anna).front();
    const auto line =
        to_hex(token.id) + "  anna      " + bot.substr(0, 4) + "    all    2026-11-23T12:00:00Z  never      my bot\n";
    EXPECT_THAT(text, testing::StartsWith("ID                        USERNAME  STARTS  SCOPE  CREATED               "
                                          "LAST USED  NAME\n" +
                                          line));
    EXPECT_THAT(text, HasSubstr("  boris     " + other.substr(0, 4)));
    EXPECT_THAT(text, Not(HasSubstr(bot.substr(0, 32))));
    EXPECT_THAT(out(t, {"token", "list", "-u", "anna"}), testing::EndsWith("NAME\n" + line));
    EXPECT_THAT(out(t, {"token", "list", "-u", "boris"}), Not(HasSubstr("anna")));
}

class TokenRevocation : public testing::Test {
protected:
    TestChat t;
    chat::UserId anna = t.make_user("anna");
    chat::UserId boris = t.make_user("boris");
    std::string bot = out(t, {"token", "create", "-u", "anna", "-n", "bot"});
    std::string other = out(t, {"token", "create", "-u", "anna", "-n", "other"});

    std::vector<std::string> names() {
        std::vector<std::string> all;
        for (const auto& token : t.directory.credentials.tokens_of(anna)) all.push_back(token.name);
        return all;
    }
    std::string id_of_bot() { return to_hex(t.directory.credentials.tokens_of(anna).front().id); }
};

TEST_F(TokenRevocation, by_id) {
    const auto id = id_of_bot();
    EXPECT_EQ(out(t, {"token", "revoke", id}), "Revoked " + id + ".\n");
    EXPECT_THAT(names(), testing::ElementsAre("other"));
    EXPECT_EQ(refused_with(t, {"token", "revoke", id}), "There is no such token.");
}

TEST_F(TokenRevocation, by_a_users_words) {
    out(t, {"token", "revoke", "-u", "anna", "bot"});
    EXPECT_THAT(names(), testing::ElementsAre("other"));
    out(t, {"token", "revoke", "-u", "ANNA", other.substr(0, 4)});
    EXPECT_THAT(names(), testing::IsEmpty());
}

TEST_F(TokenRevocation, of_another_users_token_is_refused) {
    EXPECT_EQ(refused_with(t, {"token", "revoke", "-u", "boris", "bot"}), "boris has no such token.");
    EXPECT_EQ(refused_with(t, {"token", "revoke", "-u", "boris", id_of_bot()}), "boris has no such token.");
    EXPECT_THAT(names(), testing::SizeIs(2));
}

TEST_F(TokenRevocation, that_could_mean_two_names_their_ids) {
    out(t, {"token", "create", "-u", "anna", "-n", "bot"});
    const auto text = refused_with(t, {"token", "revoke", "-u", "anna", "bot"});
    EXPECT_THAT(text, testing::StartsWith("2 tokens are called so, name one by its id: " + id_of_bot()));
    EXPECT_THAT(names(), testing::SizeIs(3));
}

TEST_F(TokenRevocation, never_repeats_what_may_be_the_token) {
    const auto token = bot.substr(0, 32);
    EXPECT_THAT(refused_with(t, {"token", "revoke", token}), Not(HasSubstr(token)));
    EXPECT_THAT(refused_with(t, {"token", "revoke", "-u", "anna", token}), Not(HasSubstr(token)));
    EXPECT_THAT(names(), testing::SizeIs(2));
}

TEST(RoomList, shows_rooms_but_not_direct_ones) {
    TestChat t;
    EXPECT_EQ(out(t, {"room", "list"}), "ID  OPEN  VISIBLE  MEMBERS  CREATED  NAME\n");
    const auto anna = t.make_user("anna");
    const auto boris = t.make_user("boris");
    const auto kitchen = t.make_room(anna, "Кухня");
    const auto hidden = t.make_room(anna, "hidden room", {false, false});
    t.make_direct_room(anna, {boris});
    t.join(kitchen, boris);
    EXPECT_EQ(out(t, {"room", "list"}),
              "ID                        OPEN  VISIBLE  MEMBERS  CREATED               NAME\n" + to_hex(hidden) +
                  "  no    no       1        2026-11-23T12:00:00Z  hidden room\n" + to_hex(kitchen) +
                  "  yes   yes      2        2026-11-23T12:00:00Z  Кухня\n");
}

TEST(Commands, of_app_are_not_executed) {
    TestChat t;
    for (const char* command : {"serve", "bench", "check-config", "version"})
        EXPECT_EQ(outcome(t, {command}).status, usage_error);
}

}  // namespace
}  // namespace makechat::cli
