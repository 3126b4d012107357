#include "chat/sign_up.hpp"

#include "base/fold.hpp"
#include "chat/names.hpp"
#include "chat/server_settings.hpp"

namespace makechat::chat {
namespace {

enum class Way : std::uint8_t { by_himself, first_admin, by_admin };

Error set_up_already() { return {Code::not_found, "This server has been set up already."}; }

Result<Change> decide_creation(Chat& chat, const User& user, Way way) {
    if (way == Way::first_admin && chat.directory.accounts.superusers() > 0) return fail(set_up_already());
    const auto allowed = decide_account(chat.directory.accounts, {user.username, user.email, {}});
    if (!allowed) return fail(allowed.error());
    Change change{user.id, user.created, {{LogId::server(), UserCreated{user}}}, {}, {}, {}};
    change.rests_on = {Fact::username(fold(user.username)), Fact::email(fold(user.email))};
    if (way == Way::first_admin) change.rests_on.push_back(Fact::admins());
    return change;
}

/// The account with its password hashed, which nothing has committed yet.
Task<Result<User>> make_user(Chat& chat, NewAccount account) {
    // Refused before the costly hash where that is already certain, and decided again at the commit.
    const auto allowed = decide_account(chat.directory.accounts, account);
    if (!allowed) co_return fail(allowed.error());
    auto hashing = chat.passwords.hash(std::move(account.password));
    auto hash = co_await std::move(hashing);
    if (!hash) co_return fail(hash.error());
    User user;
    user.id = chat.ids.next<UserId>();
    user.username = std::move(account.username);
    user.email = std::move(account.email);
    user.password = std::move(*hash);
    user.is_superuser = account.is_superuser;
    user.created = chat.clock.now();
    co_return user;
}

/// `server`: what else the first admin decides.
Task<Result<SignedUp>> sign_up(Chat& chat, NewAccount account, ServerSettings server, Origin origin, Way way) {
    if (auto rule = check_password(account.password); !rule) co_return fail(rule.error());
    account.is_superuser = way == Way::first_admin;
    auto making = make_user(chat, std::move(account));
    const auto user = co_await std::move(making);
    if (!user) co_return fail(user.error());
    SignedUp made{nullptr, make_session(chat, user->id, std::move(origin)),
                  make_token(chat, user->id, "sign-up", "all")};
    auto committing = commit(chat, [&] {
        auto change = decide_creation(chat, *user, way);
        if (change) {
            change->writes.push_back({LogId::server(), SessionOpened{made.session.session}});
            change->writes.push_back({LogId::server(), TokenCreated{made.token.token}});
            if (server != ServerSettings{}) change->writes.push_back({LogId::server(), ServerChanged{server}});
        }
        return change;
    });
    const auto committed = co_await std::move(committing);
    if (!committed) co_return fail(committed.error());
    made.user = chat.directory.accounts.find(user->id);
    co_return made;
}

}  // namespace

Result<bool> decide_account(const Accounts& accounts, const NewAccount& account) {
    if (auto rule = check_username(account.username); !rule) return rule;
    if (accounts.find_name(account.username)) return fail({Code::bad_username, "Username is already taken."});
    if (auto rule = check_email(account.email); !rule) return rule;
    if (accounts.find_email(account.email)) return fail({Code::bad_email, "Email is already taken."});
    return true;
}

Task<Result<SignedUp>> register_user(Chat& chat, NewAccount account, Origin origin) {
    if (!is_registration_open(chat)) co_return fail({Code::forbidden, "Registration is closed."});
    auto signing_up = sign_up(chat, std::move(account), {}, std::move(origin), Way::by_himself);
    co_return co_await std::move(signing_up);
}

Task<Result<SignedUp>> set_up_admin(Chat& chat, NewAccount account, ServerSettings server, Origin origin) {
    // At once, or the refusals below would tell which names are taken.
    if (chat.directory.accounts.superusers() > 0) co_return fail(set_up_already());
    if (auto rule = check_server_settings(server); !rule) co_return fail(rule.error());
    auto signing_up = sign_up(chat, std::move(account), std::move(server), std::move(origin), Way::first_admin);
    co_return co_await std::move(signing_up);
}

Task<Result<SharedUser>> create_user(Chat& chat, NewAccount account, PasswordRule rule) {
    const auto allowed =
        rule == PasswordRule::any ? check_any_password(account.password) : check_password(account.password);
    if (!allowed) co_return fail(allowed.error());
    auto making = make_user(chat, std::move(account));
    const auto user = co_await std::move(making);
    if (!user) co_return fail(user.error());
    auto committing = commit(chat, [&] { return decide_creation(chat, *user, Way::by_admin); });
    const auto committed = co_await std::move(committing);
    if (!committed) co_return fail(committed.error());
    co_return chat.directory.accounts.find(user->id);
}

}  // namespace makechat::chat
