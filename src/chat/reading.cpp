#include "chat/reading.hpp"

#include "chat/rights.hpp"

#include <algorithm>

namespace makechat::chat {
namespace {

Result<Standing> member_of(const Chat& chat, RoomId room, UserId user) {
    auto standing = standing_in(chat.directory, room, user);
    if (standing && !standing->membership) return fail({Code::forbidden, "You are not a member of this room."});
    return standing;
}

Seq last_seq_of(const Chat& chat, RoomId room) {
    return chat.directory.rooms.find(room).value_or(Rooms::View{}).last_seq;
}

bool moves(Seq from, Seq to, bool unread) { return from < to || (unread && to < from); }

/// What was counted for a marker, and when.
struct Counted {
    ReadMoved moved;
    Seq last;           ///< the room's newest entry when the counting began
    bool exact = true;  ///< else it may be committed though something was said since
};

/// Looks at the marker anew: another device may have moved it while this one's unread messages were counted. Error: stale
/// (something was said meanwhile: count anew).
Result<Change> decide_marker(const Chat& chat, UserId user, const Counted& counted, bool unread) {
    const auto& moved = counted.moved;
    const auto standing = member_of(chat, moved.room, user);
    if (!standing) return fail(standing.error());
    Change change{user, chat.clock.now(), {}, {}, {}, {}};
    change.rests_on = {Fact::room(moved.room), Fact::member(moved.room, user), Fact::marker(moved.room, user),
                       Fact::user(user)};
    if (counted.exact) {
        if (last_seq_of(chat, moved.room) != counted.last) return fail({Code::stale, "Count anew."});
        change.rests_on.push_back(Fact::talk(moved.room));
    }
    if (moves(standing->membership->read, moved.read, unread)) change.writes.push_back({LogId::of(user), moved});
    return change;
}

}  // namespace

Task<Result<bool>> mark_read(Chat& chat, UserId user, RoomId room, Seq seq, bool unread) {
    const auto standing = member_of(chat, room, user);
    if (!standing) co_return fail(standing.error());
    const Seq wanted = std::clamp(seq, Seq{}, last_seq_of(chat, room));
    if (!moves(standing->membership->read, wanted, unread)) co_return true;
    // Where people talk without a pause, counts that are a moment old must do in the end.
    for (int tries = limits::decisions_max;; --tries) {
        Counted counted{{room, wanted, 0, 0}, last_seq_of(chat, room), tries > 1};
        auto counting = chat.archive.unread(user, {{room, wanted}});
        const auto counts = co_await std::move(counting);
        if (!counts) co_return fail(counts.error());
        counted.moved.unread = counts->front().unread;
        counted.moved.mentions = counts->front().mentions;
        auto committing = commit(chat, [&] { return decide_marker(chat, user, counted, unread); });
        const auto committed = co_await std::move(committing);
        if (committed) co_return true;
        if (committed.error().code != Code::stale || !counted.exact) co_return fail(committed.error());
    }
}

Task<Result<std::vector<UnreadRoom>>> unread_rooms(Chat& chat, UserId user) {
    auto mine = chat.directory.rooms.rooms_of(user);
    std::ranges::sort(mine, {}, &Rooms::Mine::room);
    std::vector<Archive::Place> places;
    places.reserve(mine.size());
    for (const auto& in : mine) places.push_back({in.room, in.membership.read});
    auto counting = chat.archive.unread(user, std::move(places));
    const auto counts = co_await std::move(counting);
    if (!counts) co_return fail(counts.error());
    std::vector<UnreadRoom> rooms;
    rooms.reserve(mine.size());
    for (std::size_t i = 0; i < mine.size(); ++i) rooms.push_back({mine[i], (*counts)[i]});
    co_return rooms;
}

Task<Result<std::vector<Message>>> page_of_messages(Chat& chat, UserId reader, RoomId room, Window window) {
    if (const auto standing = reader_of(chat.directory, room, reader); !standing) co_return fail(standing.error());
    auto reading = chat.archive.messages(room, window);
    co_return co_await std::move(reading);
}

Task<Result<std::vector<Entry>>> page_of_entries(Chat& chat, UserId reader, RoomId room, Window window) {
    if (const auto standing = reader_of(chat.directory, room, reader); !standing) co_return fail(standing.error());
    auto reading = chat.archive.entries(LogId::of(room), window);
    co_return co_await std::move(reading);
}

}  // namespace makechat::chat
