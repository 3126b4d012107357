#include "chat/accounts.hpp"

#include "chat/profile.hpp"
#include "support/chat_fixture.hpp"

#include <gtest/gtest.h>

#include <string>

namespace makechat::chat {
namespace {

using namespace std::chrono_literals;
using enum Accounts::Audience;

/// The names on a page, in order.
std::string names(const Accounts::Page& page) {
    std::string names;
    for (const auto& user : page.users) names += (names.empty() ? "" : " ") + user->username;
    return names;
}

struct World {
    TestChat t;
    World() {
        for (const auto* name : {"dora", "anna", "carl", "bert"}) t.make_user(name);
        AccountChange change;
        change.display_name = "Straßen-Берт";
        must(run(change_account(t.chat, {}, t.directory.accounts.find_name("bert")->id, change)));
    }
    std::string list(std::string_view query, Accounts::Audience audience, std::size_t offset = 0,
                     std::size_t limit = 10) const {
        return names(t.directory.accounts.list(query, audience, offset, limit));
    }
};

TEST(Accounts, are_found_by_name_and_by_address_in_any_case) {
    const World w;
    const auto& accounts = w.t.directory.accounts;
    const auto anna = accounts.find_name("ANNA");
    ASSERT_TRUE(anna);
    EXPECT_EQ(accounts.find_email("Anna@Example.COM"), anna);
    EXPECT_EQ(accounts.find(anna->id), anna);
    EXPECT_EQ(accounts.find_name("ann"), nullptr);
    EXPECT_EQ(accounts.find_name(""), nullptr);
    EXPECT_EQ(accounts.find_email(""), nullptr);
    EXPECT_EQ(accounts.find(UserId{}), nullptr);
}

TEST(Accounts, are_listed_by_name_in_pages) {
    const World w;
    EXPECT_EQ(w.list("", everybody), "anna bert carl dora");
    EXPECT_EQ(w.list("", everybody, 1, 2), "bert carl");
    EXPECT_EQ(w.list("", everybody, 3, 2), "dora");
    EXPECT_EQ(w.list("", everybody, 4, 2), "");
    EXPECT_EQ(w.t.directory.accounts.list("", everybody, 99, 2).total, 4u);
}

TEST(Accounts, are_searched_without_regard_to_case) {
    const World w;
    EXPECT_EQ(w.list("AN", everybody), "anna");
    EXPECT_EQ(w.list("r", everybody), "bert carl dora");
    EXPECT_EQ(w.list("БЕРТ", everybody), "bert") << "the shown name too";
    EXPECT_EQ(w.list("strassen", everybody), "bert");
    EXPECT_EQ(w.list("nobody", everybody), "");
    EXPECT_EQ(w.t.directory.accounts.list("r", everybody, 0, 1).total, 3u);
}

TEST(Accounts, are_searched_by_address_only_by_who_may_see_it) {
    const World w;
    EXPECT_EQ(w.list("carl@example", admins), "carl");
    EXPECT_EQ(w.list("carl@example", everybody), "");
    EXPECT_EQ(w.list("example.com", admins), "anna bert carl dora");
}

TEST(Accounts, that_are_disabled_are_listed_for_admins_only) {
    World w;
    AccountChange disabling;
    disabling.is_disabled = true;
    must(run(change_account(w.t.chat, {}, w.t.directory.accounts.find_name("carl")->id, disabling)));
    EXPECT_EQ(w.list("", everybody), "anna bert dora");
    EXPECT_EQ(w.list("car", everybody), "");
    EXPECT_EQ(w.list("car", admins), "carl");
    EXPECT_EQ(w.t.directory.accounts.list("", everybody, 0, 10).total, 3u);
    EXPECT_EQ(w.list("", everybody, 1, 1), "bert");
    EXPECT_EQ(w.t.directory.accounts.list("", everybody, 1, 1).total, 3u) << "whatever is on the page";
    EXPECT_EQ(w.list("", admins, 2, 1), "carl");
}

TEST(Accounts, know_when_somebody_was_last_seen) {
    World w;
    auto& accounts = w.t.directory.accounts;
    const auto anna = accounts.find_name("anna")->id;
    EXPECT_EQ(accounts.last_seen(anna), Time{}) << "never";
    accounts.saw(anna, w.t.clock.now());
    accounts.saw(anna, w.t.clock.now() - 1min);
    EXPECT_EQ(accounts.last_seen(anna), w.t.clock.now()) << "an older use changes nothing";
}

TEST(Accounts, count_admins_through_every_change) {
    TestChat t;
    const auto anna = t.make_admin("anna");
    const auto bert = t.make_user("bert");
    const auto change = [&](UserId user, std::optional<bool> superuser, std::optional<bool> disabled) {
        AccountChange wanted;
        wanted.is_superuser = superuser;
        wanted.is_disabled = disabled;
        must(run(change_account(t.chat, anna, user, wanted)));
        return std::pair{t.directory.accounts.superusers(), t.directory.accounts.enabled_superusers()};
    };
    EXPECT_EQ(change(bert, true, {}), (std::pair<std::size_t, std::size_t>{2, 2}));
    EXPECT_EQ(change(bert, true, true), (std::pair<std::size_t, std::size_t>{2, 1}));
    EXPECT_EQ(change(bert, {}, false), (std::pair<std::size_t, std::size_t>{2, 2}));
    EXPECT_EQ(change(bert, false, true), (std::pair<std::size_t, std::size_t>{1, 1}));
}

}  // namespace
}  // namespace makechat::chat
