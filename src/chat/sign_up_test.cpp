#include "chat/sign_up.hpp"

#include "chat/server_settings.hpp"
#include "support/chat_fixture.hpp"

#include <gtest/gtest.h>

#include <string>

namespace makechat::chat {
namespace {

NewAccount account(std::string username, std::string email = {}) {
    if (email.empty()) email = username + "@example.com";
    return {std::move(username), std::move(email), "a good password", false};
}

struct Case {
    const char* name;
    NewAccount account;
    std::optional<Code> refused;
};

const Case cases[] = {
    {"a new name", account("bob"), {}},
    {"a name that is taken", account("alice", "other@example.com"), Code::bad_username},
    {"a name that is taken in another case", account("ALICE", "other@example.com"), Code::bad_username},
    {"an address that is taken", account("bob", "alice@example.com"), Code::bad_email},
    {"an address that is taken in another case", account("bob", "Alice@EXAMPLE.com"), Code::bad_email},
    {"a name against the rule", account("bob!", "bob@example.com"), Code::bad_username},
    {"an address against the rule", account("bob", "bob"), Code::bad_email},
    {"a short password", {"bob", "bob@example.com", "short", false}, Code::bad_password},
};

TEST(Register, takes_who_is_new_and_keeps_the_rules) {
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        TestChat t;
        t.make_user("alice");
        const auto mark = t.mark();
        const auto registered = run(register_user(t.chat, c.account));
        EXPECT_EQ(refusal(registered), c.refused);
        EXPECT_EQ(t.since(mark).size(), c.refused ? 0u : 3u) << "the account, a session and a token, or nothing";
        if (registered) {
            EXPECT_EQ(registered->user->username, c.account.username);
        }
    }
}

TEST(Register, tells_that_a_name_or_an_address_is_taken) {
    TestChat t;
    t.make_user("alice");
    const auto name = run(register_user(t.chat, account("Alice", "new@example.com")));
    EXPECT_EQ(name.error(), (Error{Code::bad_username, "Username is already taken."}));
    const auto email = run(register_user(t.chat, account("bob", "ALICE@example.com")));
    EXPECT_EQ(email.error(), (Error{Code::bad_email, "Email is already taken."}));
}

TEST(Register, spends_no_hash_on_what_is_refused) {
    TestChat t;
    t.make_user("alice");
    const int before = t.passwords.hashed;
    for (const auto& c : cases) {
        if (c.refused) {
            EXPECT_EQ(refusal(run(register_user(t.chat, c.account))), c.refused) << c.name;
        }
    }
    EXPECT_EQ(t.passwords.hashed, before);
}

TEST(Register, signs_him_in_and_gives_him_a_token_in_the_same_change) {
    TestChat t;
    const auto made = must(run(register_user(t.chat, account("alice"), {"192.0.2.7", "Firefox"})));
    const auto by_session = authenticate(t.chat, CredentialKind::session, made.session.value);
    const auto by_token = authenticate(t.chat, CredentialKind::token, made.token.value);
    ASSERT_TRUE(by_session && by_token);
    EXPECT_EQ(by_session->user->id, made.user->id);
    EXPECT_EQ(by_token->user->id, made.user->id);
    EXPECT_EQ(made.session.session.address, "192.0.2.7");
    EXPECT_EQ(t.interleaved.appends, 1) << "a failure between them would leave an account that its owner finds taken";
}

TEST(Register, never_makes_an_admin) {
    TestChat t;
    auto wish = account("mallory");
    wish.is_superuser = true;
    EXPECT_FALSE(must(run(register_user(t.chat, wish))).user->is_superuser);
}

TEST(Register, is_refused_where_only_admins_make_accounts) {
    TestChat t(Policy{.registration_open = false});
    const auto refused = run(register_user(t.chat, account("bob")));
    EXPECT_EQ(refused.error(), (Error{Code::forbidden, "Registration is closed."}));
    EXPECT_EQ(refusal(run(create_user(t.chat, account("bob"), PasswordRule::for_people))), std::nullopt);
}

TEST(Register, the_quicker_of_two_who_want_one_name_gets_it) {
    TestChat t;
    t.interleaved.before_append = [&t] { must(run(register_user(t.chat, account("ALICE", "quick@example.com")))); };
    const auto slower = run(register_user(t.chat, account("alice")));
    EXPECT_EQ(slower.error(), (Error{Code::bad_username, "Username is already taken."}));
    EXPECT_EQ(t.directory.accounts.count(), 1u);
    EXPECT_EQ(t.directory.accounts.find_name("alice")->email, "quick@example.com");
}

TEST(Register, the_quicker_of_two_with_one_address_gets_it) {
    TestChat t;
    t.interleaved.before_append = [&t] { must(run(register_user(t.chat, account("quick", "ONE@example.com")))); };
    EXPECT_EQ(refusal(run(register_user(t.chat, account("slow", "one@example.com")))), Code::bad_email);
}

TEST(Register, a_name_that_was_taken_while_the_password_was_hashed_is_refused) {
    TestChat t;
    t.passwords.meanwhile = [&t] { t.make_user("alice"); };
    EXPECT_EQ(refusal(run(register_user(t.chat, account("alice", "new@example.com")))), Code::bad_username);
}

TEST(Register, two_with_different_names_do_not_wait_for_each_other) {
    TestChat t;
    t.interleaved.before_append = [&t] { must(run(register_user(t.chat, account("bob")))); };
    must(run(register_user(t.chat, account("alice"))));
    EXPECT_EQ(t.interleaved.appends, 2) << "neither was decided anew";
}

TEST(Register, leaves_nothing_behind_when_it_cannot_be_done_and_may_be_tried_again) {
    TestChat t;
    t.passwords.refuses = Error{Code::too_many, "Too many.", 1};
    EXPECT_EQ(refusal(run(register_user(t.chat, account("alice")))), Code::too_many);
    t.passwords.refuses.reset();
    t.store.fail_next();
    EXPECT_EQ(refusal(run(register_user(t.chat, account("alice")))), Code::overloaded);
    EXPECT_EQ(t.directory.accounts.count(), 0u);
    EXPECT_EQ(refusal(run(register_user(t.chat, account("alice")))), std::nullopt);
}

TEST(SetUp, makes_the_first_admin_even_where_registration_is_closed) {
    TestChat t(Policy{.registration_open = false});
    const auto admin = must(run(set_up_admin(t.chat, account("root"))));
    EXPECT_TRUE(admin.user->is_superuser);
    EXPECT_EQ(t.directory.accounts.enabled_superusers(), 1u);
}

TEST(SetUp, names_the_server_in_the_same_change) {
    TestChat t;
    must(run(set_up_admin(t.chat, account("root"), {"Our chat", false})));
    EXPECT_EQ(t.interleaved.appends, 1) << "a failure between them would leave a server that nobody can name";
    EXPECT_EQ(server_name(t.chat), "Our chat");
    EXPECT_FALSE(is_registration_open(t.chat));
}

TEST(SetUp, with_a_name_against_the_rule_makes_nobody) {
    TestChat t;
    EXPECT_EQ(refusal(run(set_up_admin(t.chat, account("root"), {"", {}}))), Code::bad_parameter);
    EXPECT_EQ(t.directory.accounts.count(), 0u);
    EXPECT_EQ(t.passwords.hashed, 0);
}

TEST(SetUp, of_which_another_was_quicker_leaves_the_servers_name_alone) {
    TestChat t;
    t.interleaved.before_append = [&t] { must(run(set_up_admin(t.chat, account("quick"), {"Quick", {}}))); };
    EXPECT_EQ(refusal(run(set_up_admin(t.chat, account("slow"), {"Slow", {}}))), Code::not_found);
    EXPECT_EQ(server_name(t.chat), "Quick");
}

TEST(SetUp, can_be_tried_again_after_a_refusal) {
    TestChat t;
    EXPECT_EQ(refusal(run(set_up_admin(t.chat, {"root", "root@example.com", "short", true}))), Code::bad_password);
    EXPECT_EQ(refusal(run(set_up_admin(t.chat, account("root")))), std::nullopt);
}

TEST(SetUp, is_not_there_once_there_is_an_admin_whatever_is_sent) {
    TestChat t;
    t.make_admin("root");
    const int hashed = t.passwords.hashed;
    for (const auto& again : {account("second"), account("root"), NewAccount{"second", "s@example.com", "short", true}})
        EXPECT_EQ(refusal(run(set_up_admin(t.chat, again))), Code::not_found);
    EXPECT_EQ(t.passwords.hashed, hashed) << "nor does it cost anything";
}

TEST(SetUp, of_two_at_once_makes_one_admin) {
    TestChat t;
    t.interleaved.before_append = [&t] { must(run(set_up_admin(t.chat, account("quick")))); };
    EXPECT_EQ(refusal(run(set_up_admin(t.chat, account("slow")))), Code::not_found);
    EXPECT_EQ(t.directory.accounts.superusers(), 1u);
}

TEST(CreateUser, the_command_line_may_set_a_short_password_and_the_api_may_not) {
    TestChat t;
    const NewAccount short_one{"bob", "bob@example.com", "1", false};
    EXPECT_EQ(refusal(run(create_user(t.chat, short_one, PasswordRule::for_people))), Code::bad_password);
    EXPECT_EQ(refusal(run(create_user(t.chat, short_one, PasswordRule::any))), std::nullopt);
}

TEST(CreateUser, may_make_an_admin) {
    TestChat t;
    auto wish = account("root");
    wish.is_superuser = true;
    EXPECT_TRUE(must(run(create_user(t.chat, wish, PasswordRule::any)))->is_superuser);
}

}  // namespace
}  // namespace makechat::chat
