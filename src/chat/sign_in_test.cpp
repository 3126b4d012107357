#include "chat/sign_in.hpp"

#include "chat/profile.hpp"
#include "support/chat_fixture.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

namespace makechat::chat {
namespace {

using namespace std::chrono_literals;

const Error wrong_login{Code::bad_login, "Invalid username or password."};

/// A user with this stored form of his password.
UserId with_stored_password(TestChat& t, const std::string& name, const std::string& hash) {
    const auto id = t.make_user(name);
    User user = *t.user(id);
    user.password = hash;
    must(run(t.store.append({id, t.clock.now(), {{LogId::server(), UserChanged{user, false}}}, {}, {}, {}})));
    return id;
}

void disable(TestChat& t, UserId user) {
    AccountChange change;
    change.is_disabled = true;
    must(run(change_account(t.chat, {}, user, change)));
}

std::string open_session(TestChat& t, UserId user) { return must(run(session_create(t.chat, user, {}))).value; }

bool signed_in(TestChat& t, const std::string& session) {
    return authenticate(t.chat, CredentialKind::session, session).has_value();
}

struct Case {
    const char* name;
    const char* username;
    const char* password;
    std::optional<Error> refused;
};

const Case cases[] = {
    {"the right password", "alice", "password of alice", {}},
    {"the name in another case", "ALICE", "password of alice", {}},
    {"another password", "alice", "password of bob", wrong_login},
    {"the password in another case", "alice", "Password of alice", wrong_login},
    {"nothing", "", "", wrong_login},
    {"a name that nobody has", "nobody", "password of nobody", wrong_login},
    {"an address in place of the name", "alice@example.com", "password of alice", wrong_login},
    {"disabled, with the right password", "off", "password of off",
     Error{Code::forbidden, "This account is disabled."}},
    {"disabled, with another password", "off", "guess", wrong_login},
};

TEST(Login, lets_in_with_the_right_password_and_tells_no_more_than_it_must) {
    TestChat t;
    t.make_user("alice");
    disable(t, t.make_user("off"));
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        const auto login = run(verify_login(t.chat, c.username, c.password));
        EXPECT_EQ(login ? std::nullopt : std::optional(login.error()), c.refused);
    }
}

TEST(Login, does_the_same_work_for_a_name_that_nobody_has) {
    TestChat t;
    EXPECT_EQ(refusal(run(verify_login(t.chat, "nobody", "guess"))), Code::bad_login);
    EXPECT_EQ(t.passwords.verified, std::vector<std::string>{""});
}

TEST(Login, says_so_when_too_many_wait) {
    TestChat t;
    t.make_user("alice");
    t.passwords.refuses = Error{Code::too_many, "Too many.", 1};
    EXPECT_EQ(refusal(run(verify_login(t.chat, "alice", "password of alice"))), Code::too_many);
    EXPECT_EQ(refusal(run(verify_login(t.chat, "nobody", "guess"))), Code::too_many);
}

TEST(Login, hashes_an_old_password_anew_once) {
    TestChat t;
    const auto alice = with_stored_password(t, "alice", "old:secret");
    EXPECT_EQ(must(run(verify_login(t.chat, "alice", "secret")))->password, "fast:secret");
    EXPECT_EQ(t.user(alice)->password, "fast:secret");
    const auto mark = t.mark();
    must(run(verify_login(t.chat, "alice", "secret")));
    EXPECT_EQ(t.since(mark).size(), 0u);
}

TEST(Login, with_a_wrong_password_leaves_an_old_hash_alone) {
    TestChat t;
    const auto alice = with_stored_password(t, "alice", "old:secret");
    EXPECT_EQ(refusal(run(verify_login(t.chat, "alice", "guess"))), Code::bad_login);
    EXPECT_EQ(t.user(alice)->password, "old:secret");
}

TEST(Login, succeeds_even_when_the_new_hash_cannot_be_kept) {
    TestChat t;
    const auto alice = with_stored_password(t, "alice", "old:secret");
    t.store.fail_next();
    EXPECT_EQ(refusal(run(verify_login(t.chat, "alice", "secret"))), std::nullopt);
    EXPECT_EQ(t.user(alice)->password, "old:secret");
}

TEST(Login, hashing_anew_undoes_no_change_of_the_same_moment) {
    TestChat t;
    const auto alice = with_stored_password(t, "alice", "old:secret");
    t.interleaved.before_append = [&] {
        AccountChange change;
        change.display_name = "Alice A.";
        change.password = "set by the admin";
        must(run(change_account(t.chat, {}, alice, change)));
    };
    must(run(verify_login(t.chat, "alice", "secret")));
    EXPECT_EQ(t.user(alice)->display_name, "Alice A.");
    EXPECT_EQ(t.user(alice)->password, "fast:set by the admin");
}

TEST(Session, shows_who_he_is_by_a_secret_that_is_not_kept) {
    TestChat t;
    const auto alice = t.make_user("alice");
    const auto opened = must(run(session_create(t.chat, alice, {"192.0.2.7", "Firefox"})));
    EXPECT_EQ(opened.value.size(), 32u);
    EXPECT_TRUE(
        std::ranges::all_of(opened.value, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }));
    EXPECT_EQ(opened.session.hash, sha256(opened.value));

    const auto caller = authenticate(t.chat, CredentialKind::session, opened.value);
    ASSERT_TRUE(caller);
    EXPECT_EQ(caller->user->id, alice);
    EXPECT_EQ(caller->credential, Credential{opened.session.id});
    EXPECT_FALSE(caller->read_only);

    const auto listed = t.directory.credentials.sessions_of(alice);
    ASSERT_EQ(listed.size(), 1u);
    EXPECT_EQ(listed[0].address, "192.0.2.7");
    EXPECT_EQ(listed[0].agent, "Firefox");
}

TEST(Session, is_shown_by_nothing_but_its_whole_secret) {
    TestChat t;
    const auto value = open_session(t, t.make_user("alice"));
    for (const auto& other : {std::string{}, value.substr(1), value + "a", std::string(32, 'a')})
        EXPECT_FALSE(signed_in(t, other)) << other;
    EXPECT_FALSE(authenticate(t.chat, CredentialKind::token, value)) << "a session is no token";
}

TEST(Session, ends_when_it_was_not_used_for_its_ttl) {
    TestChat t(Policy{.session_ttl = 1h});
    const auto alice = t.make_user("alice");
    const auto used = open_session(t, alice);
    const auto opened = must(run(session_create(t.chat, alice, {})));
    t.clock.advance(1h - 1ms);
    EXPECT_TRUE(t.directory.credentials.holds(opened.session.id, t.clock.now())) << "asking is no use";
    EXPECT_TRUE(signed_in(t, used)) << "the last moment";
    t.clock.advance(1s + 1ms);
    EXPECT_TRUE(signed_in(t, used));
    EXPECT_FALSE(signed_in(t, opened.value));
    EXPECT_FALSE(t.directory.credentials.holds(opened.session.id, t.clock.now()));
}

TEST(Session, lives_on_with_each_use) {
    TestChat t(Policy{.session_ttl = 1h});
    const auto alice = t.make_user("alice");
    const auto session = open_session(t, alice);
    for (int i = 0; i < 10; ++i) {
        t.clock.advance(59min);
        ASSERT_TRUE(signed_in(t, session)) << i;
    }
    EXPECT_EQ(t.directory.credentials.sessions_of(alice)[0].expires, t.clock.now() + 1h);
    t.clock.advance(1h + 1s);
    EXPECT_FALSE(signed_in(t, session));
    EXPECT_FALSE(signed_in(t, session)) << "nor does trying bring it back";
}

TEST(Session, survives_the_clock_being_set_back) {
    TestChat t(Policy{.session_ttl = 1h});
    const auto session = open_session(t, t.make_user("alice"));
    t.clock.set(t.clock.now() - 24h);
    EXPECT_TRUE(signed_in(t, session));
}

TEST(Session, of_a_clock_that_went_wrong_lives_no_longer_than_its_ttl_when_it_is_right_again) {
    TestChat t(Policy{.session_ttl = 1h});
    const auto alice = t.make_user("alice");
    const auto right = t.clock.now();
    t.clock.set(right + 365 * 24h);
    const auto used = open_session(t, alice);
    const auto idle = open_session(t, alice);
    t.clock.set(right);
    EXPECT_TRUE(signed_in(t, used));
    EXPECT_EQ(t.directory.credentials.sessions_of(alice)[0].last_used, right);
    EXPECT_EQ(must(run(end_expired_sessions(t.chat))), 0u) << "as each minute";
    t.clock.advance(1h + 1s);
    EXPECT_FALSE(signed_in(t, used));
    EXPECT_FALSE(signed_in(t, idle));
    EXPECT_EQ(must(run(end_expired_sessions(t.chat))), 2u);
}

TEST(Token, of_a_clock_that_went_wrong_was_last_used_when_the_right_one_says) {
    TestChat t;
    const auto alice = t.make_user("alice");
    const auto right = t.clock.now();
    t.clock.set(right + 24h);
    const auto token = must(run(token_create(t.chat, alice, "bot", "all")));
    EXPECT_TRUE(authenticate(t.chat, CredentialKind::token, token.value));
    t.clock.set(right);
    EXPECT_TRUE(authenticate(t.chat, CredentialKind::token, token.value));
    EXPECT_EQ(t.directory.credentials.tokens_of(alice)[0].last_used, right);
}

TEST(Session, can_be_ended_by_its_owner_only) {
    TestChat t;
    const auto alice = t.make_user("alice");
    const auto bob = t.make_user("bob");
    const auto opened = must(run(session_create(t.chat, alice, {})));
    EXPECT_EQ(refusal(run(end_session(t.chat, bob, opened.session.id))), Code::not_found);
    EXPECT_TRUE(signed_in(t, opened.value));
    EXPECT_EQ(refusal(run(end_session(t.chat, alice, opened.session.id))), std::nullopt);
    EXPECT_FALSE(signed_in(t, opened.value));
    EXPECT_EQ(refusal(run(end_session(t.chat, alice, opened.session.id))), Code::not_found);
}

TEST(Session, that_has_run_out_is_cleared_away_and_the_others_stay) {
    TestChat t(Policy{.session_ttl = 1h});
    const auto alice = t.make_user("alice");
    open_session(t, alice);
    open_session(t, alice);
    t.clock.advance(30min);
    const auto alive = open_session(t, alice);
    t.clock.advance(30min);
    EXPECT_EQ(must(run(end_expired_sessions(t.chat))), 2u);
    EXPECT_EQ(must(run(end_expired_sessions(t.chat))), 0u);
    EXPECT_EQ(t.directory.credentials.sessions_of(alice).size(), 1u);
    EXPECT_TRUE(signed_in(t, alive));
}

TEST(Session, past_a_hundred_the_one_unused_for_longest_ends) {
    TestChat t;
    const auto alice = t.make_user("alice");
    std::vector<std::string> sessions;
    for (std::size_t i = 0; i < limits::sessions_per_user_max; ++i) {
        sessions.push_back(open_session(t, alice));
        t.clock.advance(1s);
    }
    EXPECT_TRUE(signed_in(t, sessions[0]));  // used now: the second is the one unused for longest
    t.clock.advance(1s);
    open_session(t, alice);
    EXPECT_EQ(t.directory.credentials.sessions_of(alice).size(), limits::sessions_per_user_max);
    EXPECT_TRUE(signed_in(t, sessions[0]));
    EXPECT_FALSE(signed_in(t, sessions[1]));
    EXPECT_TRUE(signed_in(t, sessions[2]));
}

TEST(Session, one_too_many_by_a_race_is_made_good_by_the_next) {
    TestChat t;
    const auto alice = t.make_user("alice");
    for (std::size_t i = 1; i < limits::sessions_per_user_max; ++i) open_session(t, alice);
    t.interleaved.before_append = [&] { open_session(t, alice); };
    open_session(t, alice);
    open_session(t, alice);
    EXPECT_EQ(t.directory.credentials.sessions_of(alice).size(), limits::sessions_per_user_max);
}

TEST(Session, two_at_the_same_moment_past_a_hundred_end_two) {
    TestChat t;
    const auto alice = t.make_user("alice");
    for (std::size_t i = 0; i < limits::sessions_per_user_max; ++i) open_session(t, alice);
    t.interleaved.before_append = [&] { open_session(t, alice); };
    open_session(t, alice);
    EXPECT_EQ(t.directory.credentials.sessions_of(alice).size(), limits::sessions_per_user_max);
}

TEST(Session, and_a_token_end_once_when_two_end_them_at_the_same_moment) {
    TestChat t;
    const auto alice = t.make_user("alice");
    const auto session = must(run(session_create(t.chat, alice, {}))).session.id;
    const auto token = must(run(token_create(t.chat, alice, "bot", "all"))).token.id;
    t.interleaved.before_append = [&] { must(run(end_session(t.chat, alice, session))); };
    EXPECT_EQ(refusal(run(end_session(t.chat, alice, session))), Code::not_found);
    t.interleaved.before_append = [&] { must(run(revoke_token(t.chat, alice, token))); };
    EXPECT_EQ(refusal(run(revoke_token(t.chat, alice, token))), Code::not_found);
}

TEST(Session, is_not_opened_by_a_password_that_was_changed_since_it_was_verified) {
    TestChat t;
    const auto alice = t.make_user("alice");
    const auto set_password = [&](const char* password) {
        AccountChange change;
        change.password = password;
        must(run(change_account(t.chat, {}, alice, change)));
    };
    const auto verified = must(run(verify_login(t.chat, "alice", "password of alice")))->password;
    EXPECT_EQ(refusal(run(session_create(t.chat, alice, {}, verified))), std::nullopt);
    t.interleaved.before_append = [&] { set_password("set by the admin"); };
    EXPECT_EQ(refusal(run(session_create(t.chat, alice, {}, verified))), Code::bad_login) << "at the same moment";
    EXPECT_EQ(refusal(run(session_create(t.chat, alice, {}, verified))), Code::bad_login);
    EXPECT_EQ(t.directory.credentials.sessions_of(alice).size(), 0u);
}

TEST(Login, by_an_old_password_opens_a_session_too) {
    TestChat t;
    const auto alice = with_stored_password(t, "alice", "old:secret");
    const auto verified = must(run(verify_login(t.chat, "alice", "secret")))->password;
    EXPECT_EQ(refusal(run(session_create(t.chat, alice, {}, verified))), std::nullopt);
}

TEST(Session, is_not_opened_for_who_is_disabled) {
    TestChat t;
    const auto alice = t.make_user("alice");
    t.interleaved.before_append = [&] { disable(t, alice); };
    EXPECT_EQ(refusal(run(session_create(t.chat, alice, {}))), Code::forbidden) << "disabled at the same moment";
    EXPECT_EQ(refusal(run(session_create(t.chat, alice, {}))), Code::forbidden);
    EXPECT_EQ(t.directory.credentials.sessions_of(alice).size(), 0u);
}

TEST(Token, is_revoked_by_an_admin_while_he_is_one) {
    TestChat t;
    const auto alice = t.make_user("alice");
    const auto root = t.make_admin("root");
    t.make_admin("other");
    AccountChange demotion;
    demotion.is_superuser = false;
    const auto first = must(run(token_create(t.chat, alice, "first", "all")));
    const auto second = must(run(token_create(t.chat, alice, "second", "all")));
    EXPECT_EQ(refusal(run(revoke_token(t.chat, root, first.token.id))), std::nullopt);
    EXPECT_FALSE(authenticate(t.chat, CredentialKind::token, first.value));
    EXPECT_EQ(t.committed.back().actor, root) << "the log says who did it";
    EXPECT_EQ(std::get<TokenRevoked>(t.committed.back().body).user, alice);
    t.interleaved.before_append = [&] { must(run(change_account(t.chat, {}, root, demotion))); };
    EXPECT_EQ(refusal(run(revoke_token(t.chat, root, second.token.id))), Code::not_found) << "at the same moment";
    EXPECT_TRUE(authenticate(t.chat, CredentialKind::token, second.value));
}

TEST(Token, shows_who_he_is_until_it_is_revoked_by_him) {
    TestChat t;
    const auto alice = t.make_user("alice");
    const auto bob = t.make_user("bob");
    const auto made = must(run(token_create(t.chat, alice, "my bot", "all")));
    EXPECT_EQ(made.value.size(), 32u);
    EXPECT_EQ(made.token.prefix, made.value.substr(0, 4));
    EXPECT_EQ(made.token.hash, sha256(made.value));

    const auto caller = authenticate(t.chat, CredentialKind::token, made.value);
    ASSERT_TRUE(caller);
    EXPECT_EQ(caller->user->id, alice);
    EXPECT_EQ(caller->credential, Credential{made.token.id});
    EXPECT_FALSE(caller->read_only);
    EXPECT_FALSE(authenticate(t.chat, CredentialKind::session, made.value)) << "a token is no session";

    t.clock.advance(24h * 365 * 10);
    EXPECT_TRUE(authenticate(t.chat, CredentialKind::token, made.value)) << "it never runs out";
    EXPECT_EQ(refusal(run(revoke_token(t.chat, bob, made.token.id))), Code::not_found);
    EXPECT_EQ(refusal(run(revoke_token(t.chat, alice, made.token.id))), std::nullopt);
    EXPECT_FALSE(authenticate(t.chat, CredentialKind::token, made.value));
    EXPECT_FALSE(t.directory.credentials.holds(made.token.id, t.clock.now()));
    EXPECT_EQ(refusal(run(revoke_token(t.chat, alice, made.token.id))), Code::not_found);
}

struct TokenCase {
    const char* name;
    std::string token;
    std::string scope;
    std::optional<Code> refused;
};

const TokenCase tokens[] = {
    {"for all", "bot", "all", {}},
    {"for reading", "bot", "read", {}},
    {"of an unknown scope", "bot", "write", Code::bad_parameter},
    {"of no scope", "bot", "", Code::bad_parameter},
    {"without a name", "", "all", Code::bad_parameter},
    {"with a name of 121 characters", std::string(121, 'a'), "all", Code::bad_parameter},
};

TEST(Token, has_a_name_and_one_of_two_scopes) {
    TestChat t;
    const auto alice = t.make_user("alice");
    for (const auto& c : tokens) {
        SCOPED_TRACE(c.name);
        const auto made = run(token_create(t.chat, alice, c.token, c.scope));
        EXPECT_EQ(refusal(made), c.refused);
        if (made) {
            EXPECT_EQ(authenticate(t.chat, CredentialKind::token, made->value)->read_only, c.scope == "read");
        }
    }
}

TEST(Token, there_are_a_hundred_of_a_user_at_most_even_when_two_are_made_at_once) {
    TestChat t;
    const auto alice = t.make_user("alice");
    for (std::size_t i = 1; i < limits::tokens_per_user_max; ++i) must(run(token_create(t.chat, alice, "bot", "all")));
    t.interleaved.before_append = [&] { must(run(token_create(t.chat, alice, "the hundredth", "all"))); };
    EXPECT_EQ(refusal(run(token_create(t.chat, alice, "one more", "all"))), Code::conflict);
    EXPECT_EQ(t.directory.credentials.token_count(alice), limits::tokens_per_user_max);
    EXPECT_EQ(refusal(run(token_create(t.chat, t.make_user("bob"), "bot", "all"))), std::nullopt);
    must(run(revoke_token(t.chat, alice, t.directory.credentials.tokens_of(alice)[0].id)));
    EXPECT_EQ(refusal(run(token_create(t.chat, alice, "again", "all"))), std::nullopt);
}

TEST(Authenticate, gives_the_user_as_he_is_now) {
    TestChat t;
    const auto alice = t.make_user("alice");
    const auto session = open_session(t, alice);
    AccountChange change;
    change.is_superuser = true;
    must(run(change_account(t.chat, {}, alice, change)));
    EXPECT_TRUE(authenticate(t.chat, CredentialKind::session, session)->user->is_superuser);
}

TEST(Uses, are_collected_once_each) {
    TestChat t(Policy{.session_ttl = 1h});
    const auto alice = t.make_user("alice");
    const auto session = open_session(t, alice);
    const auto token = must(run(token_create(t.chat, alice, "bot", "all")));
    EXPECT_TRUE(t.directory.credentials.collect_uses().sessions.empty()) << "opening is on record already";
    t.clock.advance(1min);
    for (int i = 0; i < 3; ++i) {
        EXPECT_TRUE(signed_in(t, session));
        EXPECT_TRUE(authenticate(t.chat, CredentialKind::token, token.value));
    }
    const auto uses = t.directory.credentials.collect_uses();
    ASSERT_EQ(uses.sessions.size(), 1u);
    EXPECT_EQ(uses.sessions[0].at, t.clock.now());
    EXPECT_EQ(uses.sessions[0].expires, t.clock.now() + 1h);
    ASSERT_EQ(uses.tokens.size(), 1u);
    EXPECT_EQ(uses.tokens[0].token, token.token.id);
    EXPECT_TRUE(std::ranges::all_of(uses.users, [&](const auto& use) { return use.user == alice; }));
    const auto again = t.directory.credentials.collect_uses();
    EXPECT_TRUE(again.sessions.empty() && again.tokens.empty() && again.users.empty());
    t.directory.credentials.record_again(uses);  // the store could not take them
    const auto once_more = t.directory.credentials.collect_uses();
    EXPECT_EQ(once_more.sessions.size(), 1u);
    EXPECT_EQ(once_more.tokens.size(), 1u);
}

}  // namespace
}  // namespace makechat::chat
