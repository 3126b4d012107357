#include "chat/profile.hpp"

#include "support/chat_fixture.hpp"

#include <gtest/gtest.h>

#include <string>

namespace makechat::chat {
namespace {

using namespace std::string_literals;

struct SignedIn {
    Caller caller;
    std::string session;
};

SignedIn sign_in(TestChat& t, UserId user) {
    const auto opened = must(run(session_create(t.chat, user, {})));
    return {*authenticate(t.chat, CredentialKind::session, opened.value), opened.value};
}

bool signed_in(TestChat& t, const std::string& session) {
    return authenticate(t.chat, CredentialKind::session, session).has_value();
}

std::optional<Code> login(TestChat& t, const std::string& name, const std::string& password) {
    return refusal(run(verify_login(t.chat, name, password)));
}

ProfileChange to_password(std::string password, std::string old_password) {
    ProfileChange wanted;
    wanted.password = std::move(password);
    wanted.old_password = std::move(old_password);
    return wanted;
}

template <class Set>
ProfileChange profile(Set set) {
    ProfileChange wanted;
    set(wanted);
    return wanted;
}

template <class Set>
AccountChange account(Set set) {
    AccountChange wanted;
    set(wanted);
    return wanted;
}

const AccountChange disabling = account([](auto& c) { c.is_disabled = true; });
const AccountChange demotion = account([](auto& c) { c.is_superuser = false; });

struct Case {
    const char* name;
    ProfileChange wanted;
    std::optional<Code> refused;
};

const Case cases[] = {
    {"nothing", {}, {}},
    {"a free name", profile([](auto& c) { c.username = "alice2"; }), {}},
    {"his own name in another case", profile([](auto& c) { c.username = "ALICE"; }), {}},
    {"the name of another in another case", profile([](auto& c) { c.username = "BOB"; }), Code::bad_username},
    {"a name against the rule", profile([](auto& c) { c.username = "a b"; }), Code::bad_username},
    {"a name of the form of an id", profile([](auto& c) { c.username = std::string(24, 'a'); }), Code::bad_username},
    {"his own address in another case", profile([](auto& c) { c.email = "Alice@example.com"; }), {}},
    {"the address of another", profile([](auto& c) { c.email = "BOB@example.com"; }), Code::bad_email},
    {"no address", profile([](auto& c) { c.email = ""; }), Code::bad_email},
    {"a display name", profile([](auto& c) { c.display_name = "Алиса 😀"; }), {}},
    {"no display name", profile([](auto& c) { c.display_name = ""; }), {}},
    {"a display name of 121", profile([](auto& c) { c.display_name = std::string(121, 'a'); }), Code::bad_parameter},
    {"an avatar of the web", profile([](auto& c) { c.avatar = "https://example.com/a.png"; }), {}},
    {"an avatar of this server", profile([](auto& c) { c.avatar = "/avatars/a.png"; }), {}},
    {"no avatar", profile([](auto& c) { c.avatar = ""; }), {}},
    {"a script as avatar", profile([](auto& c) { c.avatar = "javascript:alert(1)"; }), Code::bad_parameter},
    {"an avatar of whatever scheme", profile([](auto& c) { c.avatar = "//evil.example/a"; }), Code::bad_parameter},
    {"an avatar of another site by a backslash", profile([](auto& c) { c.avatar = "/\\evil.example/a"; }),
     Code::bad_parameter},
    {"an avatar of another site by a tab", profile([](auto& c) { c.avatar = "/\t/evil.example/a"; }),
     Code::bad_parameter},
    {"an avatar too long", profile([](auto& c) { c.avatar = "/" + std::string(2048, 'a'); }), Code::bad_parameter},
    {"settings", profile([](auto& c) { c.settings = R"({"theme": "dark"})"; }), {}},
    {"settings too large", profile([](auto& c) { c.settings = std::string(8193, ' '); }), Code::bad_parameter},
    {"a good password", to_password("another one", "password of alice"), {}},
    {"a short password", to_password("another", "password of alice"), Code::bad_password},
    {"a password with a wrong old one", to_password("another one", "guess"), Code::bad_password},
    {"a password without the old one", to_password("another one", ""), Code::bad_password},
};

TEST(Profile, takes_what_keeps_the_rules_and_leaves_no_trace_of_what_does_not) {
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        TestChat t;
        const auto alice = t.make_user("alice");
        t.make_user("bob");
        const auto caller = sign_in(t, alice).caller;
        const auto before = *t.user(alice);
        EXPECT_EQ(refusal(run(change_profile(t.chat, caller, c.wanted))), c.refused);
        const auto now = *t.user(alice);
        if (c.refused) {
            EXPECT_EQ(now, before);
        } else {
            EXPECT_EQ(now.username, c.wanted.username.value_or(before.username));
        }
    }
}

TEST(Profile, what_is_not_named_stays) {
    TestChat t;
    const auto alice = t.make_user("alice");
    const auto caller = sign_in(t, alice).caller;
    must(run(change_profile(t.chat, caller, profile([](auto& c) {
                                c.display_name = "Alice";
                                c.settings = R"({"theme": "dark"})";
                            }))));
    User expected = *t.user(alice);
    must(run(change_profile(t.chat, caller, profile([](auto& c) { c.avatar = "/a.png"; }))));
    expected.avatar = "/a.png";
    EXPECT_EQ(*t.user(alice), expected);
    EXPECT_EQ(t.user(alice)->settings, R"({"theme": "dark"})");
}

TEST(Profile, a_name_that_was_given_up_is_free_and_leads_nowhere) {
    TestChat t;
    const auto alice = t.make_user("alice");
    must(run(change_profile(t.chat, sign_in(t, alice).caller, profile([](auto& c) { c.username = "anna"; }))));
    EXPECT_EQ(login(t, "alice", "password of alice"), Code::bad_login);
    EXPECT_EQ(login(t, "Anna", "password of alice"), std::nullopt);
    const auto bob = t.make_user("bob");
    must(run(change_profile(t.chat, sign_in(t, bob).caller, profile([](auto& c) { c.username = "Alice"; }))));
    EXPECT_EQ(t.directory.accounts.find_name("alice")->id, bob);
}

struct Seen {
    const char* name;
    ProfileChange wanted;
    bool told;
};

const Seen seen[] = {
    {"another name", profile([](auto& c) { c.username = "anna"; }), true},
    {"a display name", profile([](auto& c) { c.display_name = "Alice"; }), true},
    {"an avatar", profile([](auto& c) { c.avatar = "/a.png"; }), true},
    {"an address is nobody's business", profile([](auto& c) { c.email = "new@example.com"; }), false},
    {"settings neither", profile([](auto& c) { c.settings = "{}"; }), false},
    {"nor a password", to_password("another one", "password of alice"), false},
};

TEST(Profile, others_are_told_of_what_they_see) {
    for (const auto& c : seen) {
        SCOPED_TRACE(c.name);
        TestChat t;
        const auto caller = sign_in(t, t.make_user("alice")).caller;
        const auto mark = t.mark();
        must(run(change_profile(t.chat, caller, c.wanted)));
        bool told = false;
        for (const auto& body : bodies<UserChanged>(t.since(mark))) told |= body.profile_changed;
        EXPECT_EQ(told, c.told);
    }
}

TEST(Profile, settings_go_to_his_own_log) {
    TestChat t;
    const auto alice = t.make_user("alice");
    const auto mark = t.mark();
    must(run(change_profile(t.chat, sign_in(t, alice).caller, profile([](auto& c) { c.settings = R"({"a": 1})"; }))));
    const auto entry = t.since(mark).back();
    EXPECT_EQ(entry.log, LogId::of(alice));
    EXPECT_EQ(std::get<SettingsChanged>(entry.body).settings, R"({"a": 1})");
}

TEST(Password, ends_his_other_sessions_and_keeps_this_one_and_his_tokens) {
    TestChat t;
    const auto alice = t.make_user("alice");
    const auto bob = sign_in(t, t.make_user("bob"));
    const auto here = sign_in(t, alice);
    const auto there = sign_in(t, alice);
    const auto token = must(run(token_create(t.chat, alice, "bot", "all")));
    must(run(change_profile(t.chat, here.caller, to_password("another one", "password of alice"))));
    EXPECT_TRUE(signed_in(t, here.session));
    EXPECT_FALSE(signed_in(t, there.session));
    EXPECT_TRUE(signed_in(t, bob.session));
    EXPECT_TRUE(authenticate(t.chat, CredentialKind::token, token.value));
    EXPECT_EQ(login(t, "alice", "password of alice"), Code::bad_login);
    EXPECT_EQ(login(t, "alice", "another one"), std::nullopt);
}

TEST(Password, changed_by_a_token_ends_all_sessions) {
    TestChat t;
    const auto alice = t.make_user("alice");
    const auto session = sign_in(t, alice);
    const auto token = must(run(token_create(t.chat, alice, "bot", "all")));
    const auto caller = *authenticate(t.chat, CredentialKind::token, token.value);
    must(run(change_profile(t.chat, caller, to_password("another one", "password of alice"))));
    EXPECT_FALSE(signed_in(t, session.session));
}

TEST(Password, ends_a_session_that_is_opened_at_the_same_moment) {
    TestChat t;
    const auto alice = t.make_user("alice");
    const auto here = sign_in(t, alice);
    std::string there;
    t.interleaved.before_append = [&] { there = sign_in(t, alice).session; };
    must(run(change_profile(t.chat, here.caller, to_password("another one", "password of alice"))));
    EXPECT_FALSE(signed_in(t, there));
}

TEST(Password, that_was_changed_while_the_new_one_was_hashed_is_not_changed_again) {
    TestChat t;
    const auto alice = t.make_user("alice");
    const auto caller = sign_in(t, alice).caller;
    t.passwords.meanwhile = [&] {  // the admin throws out who has stolen the old one
        must(run(change_account(t.chat, {}, alice, account([](auto& c) { c.password = "set by the admin"; }))));
    };
    EXPECT_EQ(refusal(run(change_profile(t.chat, caller, to_password("of the thief", "password of alice")))),
              Code::bad_password);
    EXPECT_EQ(t.user(alice)->password, "fast:set by the admin");
}

TEST(Profile, the_quicker_of_two_who_want_one_name_gets_it) {
    TestChat t;
    const auto alice = sign_in(t, t.make_user("alice")).caller;
    const auto bob = sign_in(t, t.make_user("bob")).caller;
    t.interleaved.before_append = [&] {
        must(run(change_profile(t.chat, bob, profile([](auto& c) { c.username = "Queen"; }))));
    };
    EXPECT_EQ(refusal(run(change_profile(t.chat, alice, profile([](auto& c) { c.username = "queen"; })))),
              Code::bad_username);
    EXPECT_EQ(t.directory.accounts.find_name("queen")->id, bob.user->id);
    EXPECT_EQ(t.directory.accounts.find_name("alice")->id, alice.user->id);
}

TEST(Profile, two_changes_at_the_same_moment_are_both_kept) {
    TestChat t;
    const auto alice = t.make_user("alice");
    const auto caller = sign_in(t, alice).caller;
    t.interleaved.before_append = [&] {
        must(run(change_profile(t.chat, caller, profile([](auto& c) { c.avatar = "/a.png"; }))));
    };
    must(run(change_profile(t.chat, caller, profile([](auto& c) { c.display_name = "Alice"; }))));
    EXPECT_EQ(t.user(alice)->avatar, "/a.png");
    EXPECT_EQ(t.user(alice)->display_name, "Alice");
}

TEST(Account, disabling_ends_sessions_and_tokens_for_good) {
    TestChat t;
    const auto alice = t.make_user("alice");
    const auto session = sign_in(t, alice);
    const auto token = must(run(token_create(t.chat, alice, "bot", "all")));
    const auto mark = t.mark();
    must(run(change_account(t.chat, {}, alice, disabling)));
    EXPECT_FALSE(signed_in(t, session.session));
    EXPECT_FALSE(authenticate(t.chat, CredentialKind::token, token.value));
    EXPECT_FALSE(t.directory.credentials.holds(session.caller.credential, t.clock.now())) << "live connections end";
    EXPECT_TRUE(bodies<UserChanged>(t.since(mark))[0].profile_changed) << "others see that he is disabled";

    must(run(change_account(t.chat, {}, alice, account([](auto& c) { c.is_disabled = false; }))));
    EXPECT_FALSE(signed_in(t, session.session));
    EXPECT_FALSE(authenticate(t.chat, CredentialKind::token, token.value));
    EXPECT_EQ(login(t, "alice", "password of alice"), std::nullopt);
}

TEST(Account, disabling_ends_what_is_opened_at_the_same_moment) {
    TestChat t;
    const auto alice = t.make_user("alice");
    std::string session;
    std::string token;
    t.interleaved.before_append = [&] {
        session = sign_in(t, alice).session;
        token = must(run(token_create(t.chat, alice, "bot", "all"))).value;
    };
    must(run(change_account(t.chat, {}, alice, disabling)));
    EXPECT_EQ(t.directory.credentials.sessions_of(alice).size(), 0u);
    EXPECT_EQ(t.directory.credentials.token_count(alice), 0u);
}

TEST(Account, a_password_set_by_an_admin_ends_all_sessions_and_keeps_tokens) {
    TestChat t;
    const auto alice = t.make_user("alice");
    const auto session = sign_in(t, alice);
    const auto token = must(run(token_create(t.chat, alice, "bot", "all")));
    must(run(change_account(t.chat, {}, alice, account([](auto& c) { c.password = "set by the admin"; }))));
    EXPECT_FALSE(signed_in(t, session.session));
    EXPECT_TRUE(authenticate(t.chat, CredentialKind::token, token.value));
    EXPECT_EQ(login(t, "alice", "set by the admin"), std::nullopt);
}

struct AccountCase {
    const char* name;
    AccountChange wanted;
    std::optional<Code> refused;
};

const AccountCase account_cases[] = {
    {"a display name", account([](auto& c) { c.display_name = "Alice"; }), {}},
    {"a display name that is too long",
     account([](auto& c) { c.display_name = std::string(limits::name_chars_max + 1, 'a'); }), Code::bad_parameter},
    {"an address that is taken", account([](auto& c) { c.email = "BOB@example.com"; }), Code::bad_email},
    {"a short password", account([](auto& c) { c.password = "short"; }), Code::bad_password},
    {"a short password by the command line",
     account([](auto& c) {
         c.password = "short";
         c.any_password = true;
     }),
     {}},
    {"disabling one who is no admin", disabling, {}},
    {"demoting one who is no admin", demotion, {}},
};

TEST(Account, is_changed_by_the_same_rules) {
    for (const auto& c : account_cases) {
        SCOPED_TRACE(c.name);
        TestChat t;
        const auto alice = t.make_user("alice");
        t.make_user("bob");
        EXPECT_EQ(refusal(run(change_account(t.chat, {}, alice, c.wanted))), c.refused);
    }
}

TEST(Account, of_nobody_is_not_found) {
    TestChat t;
    EXPECT_EQ(refusal(run(change_account(t.chat, {}, t.ids.next<UserId>(), disabling))), Code::not_found);
}

TEST(LastAdmin, who_is_enabled_is_neither_disabled_nor_demoted) {
    TestChat t;
    const auto root = t.make_admin("root");
    const auto off = t.make_admin("off");
    must(run(change_account(t.chat, root, off, disabling)));
    for (const auto& wanted : {disabling, demotion}) {
        const auto refused = run(change_account(t.chat, root, root, wanted));
        EXPECT_EQ(refusal(refused), Code::conflict) << "a disabled admin does not count";
    }
    EXPECT_TRUE(t.user(root)->is_superuser);
    EXPECT_FALSE(t.user(root)->is_disabled);
    must(run(change_account(t.chat, root, off, account([](auto& c) { c.is_disabled = false; }))));
    EXPECT_EQ(refusal(run(change_account(t.chat, root, root, demotion))), std::nullopt);
}

TEST(LastAdmin, demoting_one_who_is_disabled_is_no_matter) {
    TestChat t;
    const auto root = t.make_admin("root");
    const auto off = t.make_admin("off");
    must(run(change_account(t.chat, root, off, disabling)));
    EXPECT_EQ(refusal(run(change_account(t.chat, root, off, demotion))), std::nullopt);
}

TEST(LastAdmin, two_who_demote_each_other_at_the_same_moment_leave_one) {
    TestChat t;
    const auto anna = t.make_admin("anna");
    const auto bert = t.make_admin("bert");
    t.interleaved.before_append = [&] { must(run(change_account(t.chat, bert, anna, disabling))); };
    EXPECT_EQ(refusal(run(change_account(t.chat, anna, bert, demotion))), Code::conflict);
    EXPECT_EQ(t.directory.accounts.enabled_superusers(), 1u);
}

}  // namespace
}  // namespace makechat::chat
