#pragma once

#include "base/random.hpp"
#include "chat/ports.hpp"
#include "support/fake_clock.hpp"
#include "support/fake_random.hpp"

#include <string>
#include <vector>

namespace makechat {

/// People, rooms and messages in a store, a line each. What it asks of the store must succeed, or the test fails; each
/// call is a second after the one before. Threads: the test's.
class StoreWorld {
public:
    explicit StoreWorld(chat::Store& store, std::uint64_t seed = 1) : random(seed), store_(&store) {}

    /// From here on in this store.
    void move_to(chat::Store& store) { store_ = &store; }

    chat::User add_user(const std::string& name);
    /// With its owner in it.
    chat::Room add_room(const std::string& name, chat::UserId owner);
    chat::Room add_direct_room(std::vector<chat::UserId> people);
    chat::Entry join(chat::RoomId room, chat::UserId user, chat::Role role = chat::Role::member);
    /// By himself, or by who removes him.
    chat::Entry leave(chat::RoomId room, chat::UserId user, chat::UserId by);
    chat::Entry change_role(chat::RoomId room, chat::UserId user, chat::Role was, chat::Role now);
    chat::Commit delete_room(const chat::Room& room, chat::UserId by);

    /// Not yet in the store.
    chat::Message draft(chat::RoomId room, chat::UserId sender, const std::string& text);
    chat::Message post(chat::Message message);
    chat::Message post(chat::RoomId room, chat::UserId sender, const std::string& text);
    chat::Message edit(chat::Message message, const std::string& text);
    chat::Message remove(chat::Message message, chat::UserId by);
    chat::Entry move_read(chat::RoomId room, chat::UserId user, chat::Seq read);

    /// A change that rests on nothing.
    chat::Change change(chat::UserId actor, std::vector<chat::Write> writes);
    /// The same, and of it what was committed.
    chat::Commit append(chat::UserId actor, std::vector<chat::Write> writes);
    chat::Commit append(chat::Change change);

    std::vector<chat::Message> messages(chat::RoomId room,
                                        chat::Window window = {chat::Window::Kind::latest, {}, 1000});
    std::vector<chat::Entry> entries(chat::LogId log, chat::Window window = {chat::Window::Kind::latest, {}, 1000});
    chat::Unread unread(chat::UserId user, chat::RoomId room, chat::Seq read);
    chat::Snapshot load();

    FakeClock clock;
    FakeRandom random;
    IdSource ids{clock, random};

private:
    chat::Store* store_;
};

/// In one order, so that snapshots of two stores can be compared, and as text, so that a difference can be read.
std::string describe(chat::Snapshot snapshot);
/// All that an entry says, but for passwords.
std::string describe(const chat::Entry& entry);
std::string describe(const chat::Message& message);

}  // namespace makechat
