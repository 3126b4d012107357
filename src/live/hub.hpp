#pragma once

#include "chat/directory.hpp"
#include "chat/replay.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <vector>

/// Who watches which room. Knows rights, but neither sockets nor JSON: what a frame is, is its caller's affair.
namespace makechat::live {

/// An event's place in the palette of this tick: the events, each encoded once, that the watchers share.
using FrameIndex = std::uint16_t;

/// One live connection.
class Watcher {
public:
    Watcher(chat::Coverage coverage, chat::Credential credential)
        : coverage_(std::move(coverage)), credential_(credential) {}
    Watcher(const Watcher&) = delete;
    Watcher& operator=(const Watcher&) = delete;
    virtual ~Watcher() = default;

    /// What has come for it since the last drain, in order. Called by Hub::drain; must not add or remove watchers.
    virtual void deliver(std::span<const FrameIndex> frames) = 0;
    /// Its credential or account has ended: close. Must not remove itself within the call.
    virtual void sign_out() = 0;

    [[nodiscard]] const chat::Coverage& coverage() const { return coverage_; }
    [[nodiscard]] chat::UserId user() const { return coverage_.user; }
    [[nodiscard]] const chat::Credential& credential() const { return credential_; }

private:
    friend class Hub;
    const chat::Coverage coverage_;
    const chat::Credential credential_;
    bool is_marked_ = false;           ///< the hub's list of those for whom something waits holds it
    std::vector<chat::RoomId> rooms_;  ///< where the hub has entered it
    std::vector<FrameIndex> waiting_;
};

/// One loop's watchers. Picks who gets an event and follows what the event changes: who joins gets the room from there on,
/// who loses the right to a room gets nothing of it after that. Threads: its loop's.
class Hub {
public:
    explicit Hub(const chat::Directory& directory) : directory_(directory) {}

    /// From here on it is offered events. Outlives its `remove`.
    void add(Watcher& watcher);
    void remove(Watcher& watcher);

    /// Whether anybody here might get this entry: encode it only then.
    [[nodiscard]] bool wants(const chat::Entry& entry) const;
    /// An entry of a committed batch, in commit order, every one, wanted or not.
    void offer(const chat::Entry& entry, FrameIndex frame);
    /// Behind the last entry of each batch.
    void end_batch();
    /// Something that no log holds, to who watches the room, but not to `except`.
    void offer_to_room(chat::RoomId room, FrameIndex frame, chat::UserId except);
    /// To who watches a room that `user` is in, once each; rooms over `members_max` are left out.
    void offer_to_peers(chat::UserId user, FrameIndex frame, std::size_t members_max);

    /// Hands out what waits, to `max` watchers at most. True: that was all, and frame numbers may be used anew.
    bool drain(std::size_t max = std::numeric_limits<std::size_t>::max());
    /// Hands out what waits for this one.
    void drain(Watcher& watcher);

    [[nodiscard]] std::size_t watchers() const { return watchers_; }
    [[nodiscard]] bool watched(chat::RoomId room) const { return of_room_.contains(room); }

private:
    using Watchers = std::vector<Watcher*>;

    void mark(Watcher& watcher, FrameIndex frame);
    void enter(Watcher& watcher, chat::RoomId room);
    void leave(Watcher& watcher, chat::RoomId room);
    void offer_room_entry(const chat::Entry& entry, FrameIndex frame);
    void offer_own_entry(const chat::Entry& entry, FrameIndex frame);
    [[nodiscard]] bool has_told_deletion(const chat::Entry& entry, const Watcher& watcher) const;
    void follow_server_entry(const chat::Entry& entry, FrameIndex frame);
    /// Lets those into the room who named it, had lost it, and may read it again.
    void readmit(chat::RoomId room);
    /// Puts out of the room those who may not read it now; only those of `user` where one is given.
    void cut(chat::RoomId room, const chat::UserId* user);
    void sign_out(chat::UserId user, const chat::Credential* credential);
    [[nodiscard]] const Watchers& of_user(chat::UserId user) const;
    [[nodiscard]] const Watchers& of_room(chat::RoomId room) const;

    const chat::Directory& directory_;
    std::unordered_map<chat::RoomId, Watchers> of_room_;
    std::unordered_map<chat::UserId, Watchers> of_user_;
    Watchers marked_;          ///< for whom something waits; null for who has gone since
    std::size_t drained_ = 0;  ///< so many of them have got it
    std::unordered_map<chat::RoomId, std::unordered_set<const Watcher*>> told_deleted_;  ///< in this batch
    std::size_t watchers_ = 0;
};

}  // namespace makechat::live
