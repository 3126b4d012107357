#pragma once

#include "chat/chat.hpp"
#include "chat/membership.hpp"
#include "chat/model.hpp"
#include "chat/post_message.hpp"
#include "store/memory/store.hpp"
#include "support/fake_clock.hpp"
#include "support/fake_random.hpp"
#include "support/refusal.hpp"
#include "support/run.hpp"

#include <functional>
#include <ostream>
#include <set>
#include <string>
#include <string_view>

namespace makechat::chat {

/// Hashes that cost nothing: "fast:" and the password. "old:" and the password is one of the old makechat.
class FakePasswords final : public PasswordHasher {
public:
    Task<Result<std::string>> hash(std::string password) override;
    Task<Result<Verdict>> verify(std::string password, std::string hash) override;

    int hashed = 0;                     ///< passwords so far
    std::vector<std::string> verified;  ///< each hash that a password was held against
    std::function<void()> meanwhile;    ///< happens during the next hash or verification, once
    std::optional<Error> refuses;       ///< all work, as with a full queue
};

class FakePresence final : public Presence {
public:
    [[nodiscard]] bool online(UserId user) const override { return users.contains(user); }
    std::set<UserId> users;
};

/// The store, with a door for what happens at the same moment.
class Interleaved final : public Log, public Archive {
public:
    explicit Interleaved(memory::Store& store) : store_(store) {}

    std::function<void()> before_append;  ///< between the next decision and its commit, once
    std::function<void()> before_read;    ///< before the next read of the archive, once
    bool holds_appends = false;           ///< until `release`
    int appends = 0;                      ///< asked for so far
    int reads = 0;                        ///< of the archive, so far

    /// How many are held.
    [[nodiscard]] std::size_t held() const { return held_.size(); }
    void release();

    Task<Result<Commit>> append(Change change) override;
    Task<Result<std::vector<Message>>> messages(RoomId room, Window window) override;
    Task<Result<std::vector<Entry>>> entries(LogId log, Window window) override;
    Task<Result<std::vector<Entry>>> entries_since(LogId log, Position after, std::size_t max) override;
    Task<Result<Message>> message(MessageId id) override;
    Task<Result<std::vector<MessageVersion>>> history(MessageId id) override;
    Task<Result<std::vector<Unread>>> unread(UserId user, std::vector<Place> places) override;

private:
    memory::Store& store_;
    std::vector<Completion<bool>*> held_;
};

/// A server without sockets or disk, for the domain's tests. What its helpers do goes through the use cases, and throws
/// when it is refused.
///
///     TestChat t;
///     const auto alice = t.make_user("alice");
///     const auto room = t.make_room(alice, "general");
///     EXPECT_EQ(refusal(run(post_message(t.chat, alice, {room, "hi", {}, {}}))), std::nullopt);
class TestChat {
public:
    explicit TestChat(Policy policy = {}, std::uint64_t seed = 1);

    FakeClock clock;
    FakeRandom random;
    IdSource ids{clock, random};
    std::vector<Entry> committed;  ///< everything so far, in commit order
    Directory directory;
    memory::Store store;
    Interleaved interleaved{store};
    FakePasswords passwords;
    FakePresence presence;
    Chat chat;

    /// With the password "password of <name>" and the address <name>@example.com.
    UserId make_user(const std::string& name) { return create(name, false); }
    UserId make_admin(const std::string& name) { return create(name, true); }
    SharedUser user(UserId id) const { return directory.accounts.find(id); }

    struct RoomShape {
        bool is_open = true;
        bool is_visible = true;
    };
    /// Whoever owns it: policy does not apply.
    RoomId make_room(UserId owner, const std::string& name, RoomShape shape = {true, true});
    RoomId make_direct_room(UserId creator, std::vector<UserId> others);

    /// By the room's first owner, as `role`.
    Membership add(RoomId room, UserId user, Role role = Role::member);
    void join(RoomId room, UserId user) { must(run(add_member(chat, user, room, user, Role::member))); }
    void leave(RoomId room, UserId user) { remove(room, user, user); }
    void remove(RoomId room, UserId by, UserId user);
    void give(RoomId room, UserId by, UserId user, Role role);
    std::optional<Role> role_of(RoomId room, UserId user) const;
    MemberId member_id(RoomId room, UserId user) const { return directory.rooms.membership(room, user).value().id; }

    Message post(RoomId room, UserId user, std::string text);
    Message message(MessageId id) { return must(run(store.message(id))); }

    /// What is committed from here on.
    std::size_t mark() const { return committed.size(); }
    std::vector<Entry> since(std::size_t mark) const {
        return {committed.begin() + static_cast<std::ptrdiff_t>(mark), committed.end()};
    }

private:
    UserId create(const std::string& name, bool is_superuser);
    UserId first_owner(RoomId room) const;
};

/// The kind of body, for sequences in tests: "MessagePosted", "LostRoom".
std::string_view name_of(const Body& body);
std::vector<std::string_view> names_of(const std::vector<Entry>& entries);

/// The bodies of one kind among `entries`.
template <class T>
std::vector<T> bodies(const std::vector<Entry>& entries) {
    std::vector<T> found;
    for (const auto& entry : entries) {
        if (const auto* body = std::get_if<T>(&entry.body)) found.push_back(*body);
    }
    return found;
}

/// How gtest shows them.
inline void PrintTo(Role role, std::ostream* out) { *out << to_word(role); }
inline void PrintTo(Seq seq, std::ostream* out) { *out << "seq " << seq.value; }

}  // namespace makechat::chat

namespace makechat {
template <class Tag>
void PrintTo(const Id<Tag>& id, std::ostream* out) {
    *out << to_hex(id);
}
}  // namespace makechat
