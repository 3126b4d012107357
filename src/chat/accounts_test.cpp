#include "chat/accounts.hpp"

#include "chat/profile.hpp"
#include "support/chat_fixture.hpp"

#include <gtest/gtest.h>

#include <algorithm>
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
        for (const auto* name : {"dora", "anna", "carl", "bert"}) {
            t.make_user(name);
            t.clock.advance(1s);
        }
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

struct SearchCase {
    const char* name;
    Accounts::Search wanted;
    std::string found;
};

TEST(Accounts, are_narrowed_down_and_ordered_for_admins) {
    using enum Accounts::Order;
    World w;  // in the order of their creation: dora anna carl bert
    auto& accounts = w.t.directory.accounts;
    const auto id = [&](const char* name) { return accounts.find_name(name)->id; };
    AccountChange change;
    change.is_superuser = true;
    for (const auto* name : {"anna", "carl"}) must(run(change_account(w.t.chat, {}, id(name), change)));
    change = {};
    change.is_disabled = true;
    for (const auto* name : {"carl", "dora"}) must(run(change_account(w.t.chat, {}, id(name), change)));
    accounts.saw(id("bert"), w.t.clock.now());
    accounts.saw(id("anna"), w.t.clock.now() + 1min);
    const SearchCase cases[] = {
        {"all", {}, "anna bert carl dora"},
        {"backwards", {.order = username, .descending = true}, "dora carl bert anna"},
        {"admins", {.is_superuser = true}, "anna carl"},
        {"admins who may sign in", {.is_superuser = true, .is_disabled = false}, "anna"},
        {"the others", {.is_superuser = false}, "bert dora"},
        {"disabled ones", {.is_disabled = true}, "carl dora"},
        {"that are found too", {.query = "r", .is_disabled = true}, "carl dora"},
        {"by when they came", {.order = created}, "dora anna carl bert"},
        {"who came last", {.order = created, .descending = true}, "bert carl anna dora"},
        {"who was here last; who never was, by name", {.order = last_seen, .descending = true}, "anna bert carl dora"},
        {"who was here longest ago", {.order = last_seen}, "carl dora bert anna"},
        {"nobody", {.query = "zoe", .order = created}, ""},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        EXPECT_EQ(names(accounts.search(c.wanted, 0, 10)), c.found);
        const auto page = accounts.search(c.wanted, 1, 2);
        EXPECT_EQ(page.total, static_cast<std::size_t>(std::ranges::count(c.found, ' ') + (c.found.empty() ? 0 : 1)));
        EXPECT_TRUE((" " + c.found).contains(names(page))) << names(page);
        EXPECT_TRUE(accounts.search(c.wanted, 99, 2).users.empty());
    }
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
