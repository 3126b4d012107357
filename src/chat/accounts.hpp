#pragma once

#include "chat/entry.hpp"

#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace makechat::chat {

using SharedUser = std::shared_ptr<const User>;

/// All accounts, in memory: what the server's log says now. Threads: any; each call is a short lock and a copy out.
class Accounts {
public:
    void load(std::vector<User> users);
    void apply(const Entry& entry);
    /// Uses are no entries; they come once a minute.
    void saw(UserId user, Time at);

    [[nodiscard]] SharedUser find(UserId id) const;                       ///< null: none
    [[nodiscard]] SharedUser find_name(std::string_view username) const;  ///< without regard to case
    [[nodiscard]] SharedUser find_email(std::string_view email) const;    ///< without regard to case
    [[nodiscard]] Time last_seen(UserId id) const;

    [[nodiscard]] std::size_t count() const;
    [[nodiscard]] std::size_t superusers() const;  ///< disabled ones too
    [[nodiscard]] std::size_t enabled_superusers() const;

    /// By name, those whose username or display name contains `query` without regard to case. Admins find people by their
    /// email too, and the disabled ones.
    enum class Audience : std::uint8_t { admins, everybody };
    struct Page {
        std::vector<SharedUser> users;
        std::size_t total = 0;
    };
    [[nodiscard]] Page list(std::string_view query, Audience audience, std::size_t offset, std::size_t limit) const;

    /// As admins look for them, in another order than by name too; those alike in it are by name.
    enum class Order : std::uint8_t { username, last_seen, created };
    struct Search {
        std::string_view query;
        std::optional<bool> is_superuser;  ///< none: either
        std::optional<bool> is_disabled;
        Order order = Order::username;
        bool descending = false;
    };
    [[nodiscard]] Page search(const Search& wanted, std::size_t offset, std::size_t limit) const;

private:
    /// A line of the list, with what it is searched by.
    struct Listed {
        SharedUser user;
        std::string names;  ///< folded: username and display name, a line each
        std::string email;  ///< folded
    };
    using Listing = std::vector<std::unique_ptr<const Listed>>;

    /// By username so far; those who were never seen are of 1970.
    void sort_by_time(std::vector<SharedUser>& users, Order order, bool descending) const;
    void put(User user);
    void take_out(const User& user);
    void put_in(SharedUser user);
    [[nodiscard]] Listing::iterator place_of(const std::string& username);

    mutable std::shared_mutex mutex_;
    // Guarded by mutex_.
    std::unordered_map<UserId, SharedUser> users_;
    std::unordered_map<std::string, UserId> by_name_;
    std::unordered_map<std::string, UserId> by_email_;
    std::unordered_map<UserId, Time> last_seen_;
    Listing listing_;  ///< by username
    std::size_t disabled_ = 0;
    std::size_t superusers_ = 0;
    std::size_t enabled_superusers_ = 0;
};

}  // namespace makechat::chat
