#include "chat/profile.hpp"

#include "base/fold.hpp"
#include "base/limits.hpp"
#include "base/utf8.hpp"
#include "chat/names.hpp"

#include <algorithm>

namespace makechat::chat {
namespace {

Result<bool> free_username(const Accounts& accounts, const User& self, const std::string& username) {
    if (auto rule = check_username(username); !rule) return rule;
    const auto holder = accounts.find_name(username);
    if (holder && holder->id != self.id) return fail({Code::bad_username, "Username is already taken."});
    return true;
}

Result<bool> free_email(const Accounts& accounts, const User& self, const std::string& email) {
    if (auto rule = check_email(email); !rule) return rule;
    const auto holder = accounts.find_email(email);
    if (holder && holder->id != self.id) return fail({Code::bad_email, "Email is already taken."});
    return true;
}

Result<bool> check_avatar(const std::string& avatar) {
    const bool is_link = avatar.empty() || avatar.starts_with("https://") || avatar.starts_with("http://") ||
                         (avatar.starts_with('/') && !avatar.starts_with("//"));
    // Browsers read a backslash as a slash, and skip control characters: /\\evil.com is another site.
    const bool plain = std::ranges::none_of(avatar, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte <= ' ' || byte == 0x7F || c == '\\';
    });
    if (!is_link || !plain || avatar.size() > limits::avatar_bytes_max || !is_valid_utf8(avatar))
        return fail({Code::bad_parameter, "The 'avatar' parameter is an http(s) address or a path of this server."});
    return true;
}

/// `user` with the wanted values in place, `hash` being that of the new password.
Result<User> with_profile(const Accounts& accounts, const User& user, const ProfileChange& wanted,
                          const std::string& hash) {
    User changed = user;
    if (wanted.username) {
        if (auto rule = free_username(accounts, user, *wanted.username); !rule) return fail(rule.error());
        changed.username = *wanted.username;
    }
    if (wanted.email) {
        if (auto rule = free_email(accounts, user, *wanted.email); !rule) return fail(rule.error());
        changed.email = *wanted.email;
    }
    if (wanted.display_name) {
        if (auto rule = check_line("display_name", *wanted.display_name, limits::name_chars_max); !rule)
            return fail(rule.error());
        changed.display_name = *wanted.display_name;
    }
    if (wanted.avatar) {
        if (auto rule = check_avatar(*wanted.avatar); !rule) return fail(rule.error());
        changed.avatar = *wanted.avatar;
    }
    if (wanted.password) changed.password = hash;
    return changed;
}

bool others_see(const User& a, const User& b) {
    return a.username != b.username || a.display_name != b.display_name || a.avatar != b.avatar ||
           a.is_disabled != b.is_disabled;
}

Change account_change(const Chat& chat, UserId actor, const User& was, User changed) {
    Change change{actor, chat.clock.now(), {}, {}, {}, {}};
    change.rests_on = {Fact::user(was.id), Fact::username(fold(changed.username)), Fact::email(fold(changed.email))};
    const bool seen = others_see(was, changed);
    if (changed != was) change.writes.push_back({LogId::server(), UserChanged{std::move(changed), seen}});
    return change;
}

Result<Change> decide_profile(const Chat& chat, const Caller& caller, const ProfileChange& wanted,
                              const std::string& hash) {
    const auto user = chat.directory.accounts.find(caller.user->id);
    if (wanted.password && user->password != caller.user->password)
        return fail({Code::bad_password, "The password was changed meanwhile."});
    auto changed = with_profile(chat.directory.accounts, *user, wanted, hash);
    if (!changed) return fail(changed.error());
    auto change = account_change(chat, user->id, *user, std::move(*changed));
    if (wanted.settings) {
        if (wanted.settings->size() > limits::settings_bytes_max)
            return fail({Code::bad_parameter, "The 'settings' parameter is too large."});
        change.writes.push_back({LogId::of(user->id), SettingsChanged{*wanted.settings}});
    }
    if (wanted.password) {
        change.rests_on.push_back(Fact::credentials(user->id));
        add_session_ends(chat.directory, user->id, &caller.credential, change.writes);
    }
    return change;
}

Result<Change> decide_account_change(const Chat& chat, UserId actor, UserId id, const AccountChange& wanted,
                                     const std::string& hash) {
    const auto user = chat.directory.accounts.find(id);
    if (!user) return fail({Code::not_found, "There is no such user."});
    User changed = *user;
    if (wanted.email) {
        if (auto rule = free_email(chat.directory.accounts, *user, *wanted.email); !rule) return fail(rule.error());
        changed.email = *wanted.email;
    }
    if (wanted.display_name) {
        if (auto rule = check_line("display_name", *wanted.display_name, limits::name_chars_max); !rule)
            return fail(rule.error());
        changed.display_name = *wanted.display_name;
    }
    changed.is_superuser = wanted.is_superuser.value_or(user->is_superuser);
    changed.is_disabled = wanted.is_disabled.value_or(user->is_disabled);
    if (wanted.password) changed.password = hash;

    const bool was_admin = user->is_superuser && !user->is_disabled;
    const bool stays_admin = changed.is_superuser && !changed.is_disabled;
    if (was_admin && !stays_admin && chat.directory.accounts.enabled_superusers() == 1)
        return fail({Code::conflict, "This is the last enabled admin. Make another one first."});

    const bool disables = changed.is_disabled && !user->is_disabled;
    auto change = account_change(chat, actor, *user, std::move(changed));
    if (was_admin && !stays_admin) change.rests_on.push_back(Fact::admins());
    if (disables || wanted.password) {
        change.rests_on.push_back(Fact::credentials(id));
        add_session_ends(chat.directory, id, nullptr, change.writes);
    }
    if (disables) add_token_ends(chat.directory, id, change.writes);
    return change;
}

/// The hash of a wanted password; empty where none is wanted.
Task<Result<std::string>> hash_wanted(Chat& chat, std::optional<std::string> password) {
    if (!password) co_return std::string{};
    auto hashing = chat.passwords.hash(std::move(*password));
    co_return co_await std::move(hashing);
}

}  // namespace

Task<Result<SharedUser>> change_profile(Chat& chat, Caller caller, ProfileChange wanted) {
    if (wanted.password) {
        if (auto rule = check_password(*wanted.password); !rule) co_return fail(rule.error());
        auto verifying = chat.passwords.verify(wanted.old_password, caller.user->password);
        const auto verdict = co_await std::move(verifying);
        if (!verdict) co_return fail(verdict.error());
        if (*verdict == PasswordHasher::Verdict::wrong)
            co_return fail({Code::bad_password, "The old password is not right."});
    }
    auto hashing = hash_wanted(chat, wanted.password);
    const auto hash = co_await std::move(hashing);
    if (!hash) co_return fail(hash.error());
    auto committing = commit(chat, [&] { return decide_profile(chat, caller, wanted, *hash); });
    const auto committed = co_await std::move(committing);
    if (!committed) co_return fail(committed.error());
    co_return chat.directory.accounts.find(caller.user->id);
}

Task<Result<SharedUser>> change_account(Chat& chat, UserId actor, UserId user, AccountChange wanted) {
    if (!chat.directory.accounts.find(user)) co_return fail({Code::not_found, "There is no such user."});
    if (wanted.password) {
        const auto rule = wanted.any_password ? check_any_password(*wanted.password) : check_password(*wanted.password);
        if (!rule) co_return fail(rule.error());
    }
    auto hashing = hash_wanted(chat, wanted.password);
    const auto hash = co_await std::move(hashing);
    if (!hash) co_return fail(hash.error());
    auto committing = commit(chat, [&] { return decide_account_change(chat, actor, user, wanted, *hash); });
    const auto committed = co_await std::move(committing);
    if (!committed) co_return fail(committed.error());
    co_return chat.directory.accounts.find(user);
}

}  // namespace makechat::chat
