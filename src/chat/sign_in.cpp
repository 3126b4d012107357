#include "chat/sign_in.hpp"

#include "base/limits.hpp"
#include "chat/names.hpp"

#include <algorithm>

namespace makechat::chat {
namespace {

constexpr std::size_t secret_chars = 32;  // of a-z0-9: 165 bits

Change server_change(const Chat& chat, UserId user, Body body) {
    Change change{user, chat.clock.now(), {{LogId::server(), std::move(body)}}, {}, {}, {}};
    change.rests_on = {Fact::user(user)};
    return change;
}

bool is_enabled(const Chat& chat, UserId id) {
    const auto user = chat.directory.accounts.find(id);
    return user && !user->is_disabled;
}

bool is_enabled_superuser(const Chat& chat, UserId id) {
    const auto user = chat.directory.accounts.find(id);
    return user && user->is_superuser && !user->is_disabled;
}

Error wrong_login() { return {Code::bad_login, "Invalid username or password."}; }
Error disabled() { return {Code::forbidden, "This account is disabled."}; }

Result<Change> decide_session(const Chat& chat, const Session& session, const std::string& verified) {
    if (!is_enabled(chat, session.user)) return fail(disabled());
    if (!verified.empty() && chat.directory.accounts.find(session.user)->password != verified)
        return fail(wrong_login());
    auto change = server_change(chat, session.user, SessionOpened{session});
    auto open = chat.directory.credentials.sessions_of(session.user);
    if (open.size() >= limits::sessions_per_user_max) {
        std::ranges::sort(open, {}, &Session::last_used);
        open.resize(open.size() - limits::sessions_per_user_max + 1);  // more than one where two came at once before
        for (const auto& idle : open) change.writes.push_back({LogId::server(), SessionEnded{idle.id, session.user}});
        change.rests_on.push_back(Fact::credentials(session.user));
    }
    return change;
}

Result<Change> decide_token(const Chat& chat, const Token& token) {
    if (!is_enabled(chat, token.user)) return fail(disabled());
    if (chat.directory.credentials.token_count(token.user) >= limits::tokens_per_user_max)
        return fail({Code::conflict, "There are too many tokens. Revoke one that is not used any more."});
    auto change = server_change(chat, token.user, TokenCreated{token});
    change.rests_on.push_back(Fact::credentials(token.user));
    return change;
}

/// Replaces the hash only: everything else of the account is as it is at the commit.
Task<Result<Commit>> rehash(Chat& chat, UserId id, std::string old_hash, std::string new_hash) {
    auto committing = commit(chat, [&chat, id, &old_hash, &new_hash]() -> Result<Change> {
        const auto user = chat.directory.accounts.find(id);
        if (!user || user->password != old_hash) return fail({Code::not_found, "The password was changed meanwhile."});
        User changed = *user;
        changed.password = new_hash;
        return server_change(chat, id, UserChanged{std::move(changed), false});
    });
    co_return co_await std::move(committing);
}

}  // namespace

std::optional<Caller> authenticate(Chat& chat, CredentialKind kind, std::string_view value) {
    auto& credentials = chat.directory.credentials;
    const Time now = chat.clock.now();
    const auto match =
        kind == CredentialKind::token ? credentials.use_token(value, now) : credentials.use_session(value, now);
    if (!match) return std::nullopt;
    auto user = chat.directory.accounts.find(match->user);
    if (!user || user->is_disabled) return std::nullopt;
    return Caller{std::move(user), match->credential, match->read_only};
}

Task<Result<SharedUser>> verify_login(Chat& chat, std::string username, std::string password) {
    const auto user = chat.directory.accounts.find_name(username);
    auto verifying = chat.passwords.verify(password, user ? user->password : std::string{});
    const auto verdict = co_await std::move(verifying);
    if (!verdict) co_return fail(verdict.error());
    if (!user || *verdict == PasswordHasher::Verdict::wrong) co_return fail(wrong_login());
    if (user->is_disabled) co_return fail(disabled());
    if (*verdict != PasswordHasher::Verdict::right_but_old) co_return user;
    auto hashing = chat.passwords.hash(std::move(password));
    auto hash = co_await std::move(hashing);
    if (!hash) co_return user;  // costs nothing but another try at the next login
    auto rehashing = rehash(chat, user->id, user->password, *hash);
    const auto rehashed = co_await std::move(rehashing);
    const auto now = chat.directory.accounts.find(user->id);
    co_return rehashed && now->password == *hash ? now : user;
}

Task<Result<OpenedSession>> session_create(Chat& chat, UserId user, Origin origin, std::string verified) {
    const OpenedSession opened = make_session(chat, user, std::move(origin));
    auto committing = commit(chat, [&] { return decide_session(chat, opened.session, verified); });
    const auto committed = co_await std::move(committing);
    if (!committed) co_return fail(committed.error());
    co_return opened;
}

Task<Result<bool>> end_session(Chat& chat, UserId user, SessionId session) {
    auto committing = commit(chat, [&chat, user, session]() -> Result<Change> {
        const auto sessions = chat.directory.credentials.sessions_of(user);
        if (std::ranges::find(sessions, session, &Session::id) == sessions.end())
            return fail({Code::not_found, "There is no such session."});
        auto change = server_change(chat, user, SessionEnded{session, user});
        change.rests_on = {Fact::credentials(user)};
        return change;
    });
    const auto committed = co_await std::move(committing);
    if (!committed) co_return fail(committed.error());
    co_return true;
}

Task<Result<NewToken>> token_create(Chat& chat, UserId user, std::string name, std::string scope) {
    if (auto rule = check_name("name", name); !rule) co_return fail(rule.error());
    if (scope != "all" && scope != "read")
        co_return fail({Code::bad_parameter, "The 'scope' parameter is 'all' or 'read'."});
    const NewToken made = make_token(chat, user, std::move(name), std::move(scope));
    auto committing = commit(chat, [&chat, &made] { return decide_token(chat, made.token); });
    const auto committed = co_await std::move(committing);
    if (!committed) co_return fail(committed.error());
    co_return made;
}

Task<Result<bool>> revoke_token(Chat& chat, UserId by, TokenId token) {
    auto committing = commit(chat, [&chat, by, token]() -> Result<Change> {
        const auto owner = chat.directory.credentials.owner_of(token);
        const bool is_own = owner == by;
        if (!owner || (!is_own && !is_enabled_superuser(chat, by)))
            return fail({Code::not_found, "There is no such token."});
        auto change = server_change(chat, by, TokenRevoked{token, *owner});
        change.rests_on = {Fact::credentials(*owner)};
        if (!is_own) change.rests_on.push_back(Fact::user(by));
        return change;
    });
    const auto committed = co_await std::move(committing);
    if (!committed) co_return fail(committed.error());
    co_return true;
}

Task<Result<std::size_t>> end_expired_sessions(Chat& chat) {
    constexpr std::size_t at_once_max = 1'000;
    const auto expired = chat.directory.credentials.expired_sessions(chat.clock.now(), at_once_max);
    if (expired.empty()) co_return std::size_t{0};
    Change change{{}, chat.clock.now(), {}, {}, chat.directory.position(), {}};
    for (const auto& session : expired)
        change.writes.push_back({LogId::server(), SessionEnded{session.id, session.user}});
    auto appending = chat.log.append(std::move(change));
    const auto committed = co_await std::move(appending);
    if (!committed) co_return fail(committed.error());
    co_return expired.size();
}

OpenedSession make_session(Chat& chat, UserId user, Origin origin) {
    OpenedSession opened;
    opened.value = random_word(chat.random, secret_chars);
    const Time now = chat.clock.now();
    opened.session = {.id = chat.ids.next<SessionId>(),
                      .user = user,
                      .hash = sha256(opened.value),
                      .address = std::move(origin.address),
                      .agent = std::move(origin.agent),
                      .created = now,
                      .last_used = now,
                      .expires = now + chat.policy.session_ttl};
    return opened;
}

NewToken make_token(Chat& chat, UserId user, std::string name, std::string scope) {
    NewToken made;
    made.value = random_word(chat.random, secret_chars);
    made.token = {.id = chat.ids.next<TokenId>(),
                  .user = user,
                  .name = std::move(name),
                  .scope = std::move(scope),
                  .prefix = made.value.substr(0, 4),
                  .hash = sha256(made.value),
                  .created = chat.clock.now(),
                  .last_used = {}};
    return made;
}

void add_session_ends(const Directory& directory, UserId user, const Credential* keep, std::vector<Write>& writes) {
    for (const auto& session : directory.credentials.sessions_of(user)) {
        if (keep && *keep == Credential{session.id}) continue;
        writes.push_back({LogId::server(), SessionEnded{session.id, user}});
    }
}

void add_token_ends(const Directory& directory, UserId user, std::vector<Write>& writes) {
    for (const auto& token : directory.credentials.tokens_of(user))
        writes.push_back({LogId::server(), TokenRevoked{token.id, user}});
}

}  // namespace makechat::chat
