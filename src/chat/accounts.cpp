#include "chat/accounts.hpp"

#include "base/fold.hpp"

#include <algorithm>
#include <limits>
#include <mutex>

namespace makechat::chat {

void Accounts::load(std::vector<User> users) {
    const std::unique_lock lock(mutex_);
    users_.reserve(users.size());
    listing_.reserve(users.size());
    std::ranges::sort(users, {}, &User::username);  // so that each is put at the end of the listing
    for (auto& user : users) {
        last_seen_[user.id] = user.last_seen;
        put(std::move(user));
    }
}

void Accounts::apply(const Entry& entry) {
    const auto* created = std::get_if<UserCreated>(&entry.body);
    const auto* changed = std::get_if<UserChanged>(&entry.body);
    const auto* settings = std::get_if<SettingsChanged>(&entry.body);
    if (!created && !changed && !settings) return;
    const std::unique_lock lock(mutex_);
    if (created) return put(created->user);
    const auto before = users_.find(changed ? changed->user.id : entry.log.user());
    if (before == users_.end()) return;
    User user = changed ? changed->user : *before->second;
    user.settings = settings ? settings->settings : before->second->settings;
    user.created = before->second->created;
    put(std::move(user));
}

void Accounts::put(User user) {
    if (const auto before = users_.find(user.id); before != users_.end()) {
        const User& old = *before->second;
        take_out(old);
        by_name_.erase(fold(old.username));
        by_email_.erase(fold(old.email));
        superusers_ -= old.is_superuser ? 1 : 0;
        enabled_superusers_ -= old.is_superuser && !old.is_disabled ? 1 : 0;
    }
    by_name_[fold(user.username)] = user.id;
    if (!user.email.empty()) by_email_[fold(user.email)] = user.id;
    superusers_ += user.is_superuser ? 1 : 0;
    enabled_superusers_ += user.is_superuser && !user.is_disabled ? 1 : 0;
    auto shared = std::make_shared<const User>(std::move(user));
    users_[shared->id] = shared;
    put_in(std::move(shared));
}

Accounts::Listing::iterator Accounts::place_of(const std::string& username) {
    return std::ranges::lower_bound(listing_, username, {},
                                    [](const auto& listed) -> const std::string& { return listed->user->username; });
}

void Accounts::take_out(const User& user) {
    const auto place = place_of(user.username);
    if (place == listing_.end() || (*place)->user->id != user.id) return;
    listing_.erase(place);
    disabled_ -= user.is_disabled ? 1 : 0;
}

void Accounts::put_in(SharedUser user) {
    disabled_ += user->is_disabled ? 1 : 0;
    const auto place = place_of(user->username);
    auto names = fold(user->username) + '\n' + fold(user->display_name);
    auto email = fold(user->email);
    listing_.insert(place, std::make_unique<const Listed>(std::move(user), std::move(names), std::move(email)));
}

void Accounts::saw(UserId user, Time at) {
    const std::unique_lock lock(mutex_);
    auto& seen = last_seen_[user];
    seen = std::max(seen, at);
}

SharedUser Accounts::find(UserId id) const {
    const std::shared_lock lock(mutex_);
    const auto found = users_.find(id);
    return found == users_.end() ? nullptr : found->second;
}

SharedUser Accounts::find_name(std::string_view username) const {
    const auto key = fold(username);
    const std::shared_lock lock(mutex_);
    const auto found = by_name_.find(key);
    return found == by_name_.end() ? nullptr : users_.at(found->second);
}

SharedUser Accounts::find_email(std::string_view email) const {
    const auto key = fold(email);
    const std::shared_lock lock(mutex_);
    const auto found = by_email_.find(key);
    return found == by_email_.end() ? nullptr : users_.at(found->second);
}

Time Accounts::last_seen(UserId id) const {
    const std::shared_lock lock(mutex_);
    const auto found = last_seen_.find(id);
    return found == last_seen_.end() ? Time{} : found->second;
}

std::size_t Accounts::count() const {
    const std::shared_lock lock(mutex_);
    return users_.size();
}

std::size_t Accounts::superusers() const {
    const std::shared_lock lock(mutex_);
    return superusers_;
}

std::size_t Accounts::enabled_superusers() const {
    const std::shared_lock lock(mutex_);
    return enabled_superusers_;
}

Accounts::Page Accounts::search(const Search& wanted, std::size_t offset, std::size_t limit) const {
    // The usual page is cut out of the listing as it stands.
    if (!wanted.is_superuser && !wanted.is_disabled && wanted.order == Order::username && !wanted.descending)
        return list(wanted.query, Audience::admins, offset, limit);
    auto found = list(wanted.query, Audience::admins, 0, std::numeric_limits<std::size_t>::max()).users;
    std::erase_if(found, [&](const SharedUser& user) {
        return user->is_superuser != wanted.is_superuser.value_or(user->is_superuser) ||
               user->is_disabled != wanted.is_disabled.value_or(user->is_disabled);
    });
    if (wanted.order != Order::username) sort_by_time(found, wanted.order, wanted.descending);
    else if (wanted.descending) std::ranges::reverse(found);
    Page page{{}, found.size()};
    const auto end = std::min(found.size(), offset + limit);
    for (auto i = offset; i < end; ++i) page.users.push_back(std::move(found[i]));
    return page;
}

void Accounts::sort_by_time(std::vector<SharedUser>& users, Order order, bool descending) const {
    struct Line {
        Time time{};
        std::size_t place = 0;  ///< by name, for those of one time
        SharedUser user;
    };
    std::vector<Line> lines;
    lines.reserve(users.size());
    {
        const std::shared_lock lock(mutex_);
        for (auto& user : users) {
            const auto seen = last_seen_.find(user->id);
            const Time last = seen == last_seen_.end() ? Time{} : seen->second;
            const Time time = order == Order::created ? user->created : last;
            lines.push_back({time, lines.size(), std::move(user)});
        }
    }
    std::ranges::sort(lines, [descending](const Line& a, const Line& b) {
        if (a.time != b.time) return descending ? b.time < a.time : a.time < b.time;
        return a.place < b.place;
    });
    std::ranges::transform(lines, users.begin(), [](Line& line) { return std::move(line.user); });
}

Accounts::Page Accounts::list(std::string_view query, Audience audience, std::size_t offset, std::size_t limit) const {
    const auto key = fold(query);
    const bool for_admins = audience == Audience::admins;
    const auto shows = [&](const Listed& listed) {
        if (listed.user->is_disabled && !for_admins) return false;
        return listed.names.find(key) != std::string::npos ||
               (for_admins && listed.email.find(key) != std::string::npos);
    };
    const std::shared_lock lock(mutex_);
    Page page;
    if (key.empty() && for_admins) {
        const auto end = std::min(listing_.size(), offset + limit);
        for (auto i = offset; i < end; ++i) page.users.push_back(listing_[i]->user);
        page.total = listing_.size();
        return page;
    }
    for (const auto& listed : listing_) {
        if (!shows(*listed)) continue;
        if (page.total++ >= offset && page.users.size() < limit) page.users.push_back(listed->user);
        if (key.empty() && page.users.size() == limit) {
            page.total = listing_.size() - disabled_;
            break;
        }
    }
    return page;
}

}  // namespace makechat::chat
