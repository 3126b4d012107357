#pragma once

#include "chat/chat.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Resuming a live stream where it was cut (api.md, Live events).
namespace makechat::chat {

/// A place in the commit order as clients hold it: opaque, and signed, so that a made-up one is told from an old one.
class Cursors {
public:
    explicit Cursors(SecretHash key) : key_(key) {}
    /// 22 characters of the URL-safe base64 alphabet.
    [[nodiscard]] std::string write(Position position) const;
    /// Errors: bad_parameter (not made by this server).
    [[nodiscard]] Result<Position> read(std::string_view cursor) const;

private:
    SecretHash key_;
};

/// What a stream covers. Without rooms: every room that the user is in, as that changes, and his own log.
struct Coverage {
    UserId user;
    std::vector<RoomId> rooms;  ///< named ones only, each of which he may read

    [[nodiscard]] bool follows_memberships() const { return rooms.empty(); }
};
/// Errors: as reader_of, for the first room that he may not read.
Result<bool> check_coverage(const Directory& directory, const Coverage& coverage);

/// Whether `user` gets this entry of a room's log while he may read the room; his own leaving reaches him by his own log.
bool concerns_reader(const Entry& entry, UserId user);
/// Whether an entry of the user's own log belongs on a stream with this coverage.
bool concerns_owner(const Entry& entry, const Coverage& coverage);

/// Whether what came after `after` is still replayed; if not (limits::replay_entries_max, limits::replay_age_max), the
/// client resyncs. Errors: overloaded.
Task<Result<bool>> can_replay(Chat& chat, Coverage coverage, Position after);

/// A piece of a replay: what the user would have got live, in commit order.
struct ReplayPage {
    std::vector<Entry>
        events;        ///< at most limits::replay_page_bytes_max of texts, one event at least where there is one
    Position reached;  ///< all up to here has been told: the next piece begins behind it
};

/// The first piece of what came after `after` and up to `until`, a position of the directory's: rooms are read one after
/// the other while others write, and what is newer is left to the stream or the next call for all of them, so that nothing
/// falls between two rooms' readings. Named rooms that he may not read any more are left out; that he lost them is told by
/// his own log. Errors: overloaded.
Task<Result<ReplayPage>> replay(Chat& chat, Coverage coverage, Position after, Position until);

}  // namespace makechat::chat
