#pragma once

#include "chat/entry.hpp"
#include "chat/ports.hpp"

#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace makechat::chat {

using SharedRoom = std::shared_ptr<const Room>;

/// All rooms, who is in them, and the heads of their logs, in memory: what the logs say now.
/// Threads: any; each call is a short lock and a copy out.
class Rooms {
public:
    void load(std::vector<Snapshot::RoomState> rooms, const std::vector<Snapshot::UserLogHead>& user_logs);
    void apply(const Entry& entry);

    /// A room and where its log stands.
    struct View {
        SharedRoom room;
        Seq last_seq;
        Position last_position;
        std::size_t members_total = 0;
        std::int64_t messages_total = 0;  ///< deleted ones too
        Time last_message{};              ///< when the newest was posted; 1970: there is none
        std::vector<MemberId> members;    ///< the first of them, by when they came
        std::vector<UserId> people;       ///< with `members`: who they are, of a direct room
    };
    [[nodiscard]] std::optional<View> find(RoomId id, std::size_t members_max = 0) const;
    [[nodiscard]] SharedRoom find_name(std::string_view name) const;  ///< without regard to case; null: none
    [[nodiscard]] std::optional<RoomId> find_direct(const std::vector<UserId>& people) const;  ///< ascending

    [[nodiscard]] std::optional<Membership> membership(RoomId room, UserId user) const;
    [[nodiscard]] std::optional<Membership> member(RoomId room, MemberId member) const;
    [[nodiscard]] bool barred(RoomId room, UserId user) const;
    [[nodiscard]] std::size_t owners(RoomId room) const;
    [[nodiscard]] std::vector<Membership> members(RoomId room) const;  ///< by when they came
    struct MembersPage {
        std::vector<Membership> members;
        std::size_t total = 0;
    };
    [[nodiscard]] MembersPage members(RoomId room, std::size_t offset, std::size_t limit) const;

    /// A user's rooms with his membership of each, in no order.
    struct Mine {
        RoomId room;
        Membership membership;
        Seq last_seq;
        Position last_position;
    };
    [[nodiscard]] std::vector<Mine> rooms_of(UserId user) const;
    [[nodiscard]] std::size_t room_count_of(UserId user) const;
    [[nodiscard]] bool share_a_room(UserId a, UserId b) const;

    /// By name: all rooms, or those that are visible or that `viewer` is in; direct ones never.
    struct Page {
        std::vector<View> rooms;
        std::size_t total = 0;
    };
    [[nodiscard]] Page list(const UserId* viewer, std::size_t offset, std::size_t limit, std::size_t members_max) const;
    [[nodiscard]] std::size_t count() const;            ///< without direct rooms
    [[nodiscard]] std::int64_t messages_total() const;  ///< of all rooms there are, direct ones too

    /// Of the user's own log; 0 when it is empty.
    [[nodiscard]] Position user_log_position(UserId user) const;

private:
    struct State {
        SharedRoom room;
        Seq last_seq;
        Position last_position;
        std::int64_t messages = 0;  ///< the newest one's ordinal
        Time last_message{};
        std::unordered_map<UserId, Membership> members;
        std::vector<const Membership*> by_joined;        ///< in that order
        std::unordered_map<MemberId, UserId> other_ids;  ///< of members whose id is not derived: of the old makechat
        std::unordered_set<UserId> barred;
        std::size_t owners = 0;
    };
    using RoomsById = std::unordered_map<RoomId, std::unique_ptr<State>>;

    void apply_to_room(const Entry& entry);
    void apply_to_user(const Entry& entry);
    static void put_member(State& state, const Membership& membership);
    void list_room(const State& state);
    void unlist_room(const State& state);
    static void drop_member(State& state, UserId user);
    void delete_room(RoomId room);
    [[nodiscard]] View view(const State& state, std::size_t members_max) const;
    [[nodiscard]] const State* state(RoomId room) const;
    [[nodiscard]] std::size_t hidden_rooms_of(UserId user) const;  ///< direct ones excepted

    mutable std::shared_mutex mutex_;
    // Guarded by mutex_.
    RoomsById rooms_;
    std::unordered_map<std::string, RoomId> by_name_;
    std::map<std::pair<std::string, RoomId>, const State*> listed_;  ///< by name; without direct rooms
    std::size_t visible_ = 0;                                        ///< of listed_
    std::map<std::vector<UserId>, RoomId> direct_;
    std::unordered_map<UserId, std::unordered_set<RoomId>> rooms_of_;
    std::unordered_map<UserId, Position> user_logs_;
};

}  // namespace makechat::chat
