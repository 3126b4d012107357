#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chat/chat.hpp"

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

/// The events after `after`, and up to this moment, that the user would have got live, in commit order. Named rooms that he
/// may not read any more are left out; that he lost them is told by his own log. None: too far back
/// (limits::replay_entries_max or limits::replay_age_max): the client resyncs. Errors: overloaded.
Task<Result<std::optional<std::vector<Entry>>>> replay(Chat& chat, Coverage coverage, Position after);

}  // namespace makechat::chat
