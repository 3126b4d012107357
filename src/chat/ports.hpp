#pragma once

#include "base/result.hpp"
#include "base/task.hpp"
#include "chat/change.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

/// What the domain needs of the world around it. One adapter folder each; one contract suite (tests/contract) for all
/// adapters of a port.
namespace makechat::chat {

/// The durable, ordered record of everything. Threads: call from any executor's thread, resumes there.
class Log {
public:
    virtual ~Log() = default;

    /// Makes `change` durable: all of its writes, each with the next position and its log's next seq, or none of them.
    /// A MessagePosted gets its seq and ordinal here. The same (room, sender, nonce) again writes nothing and returns the
    /// first entry, `repeated` set, so that a client may always retry: of the last limits::nonces_kept_min messages with a
    /// nonce at least.
    /// Errors: stale (an entry after change.as_of has changed a fact that the decision rests on, or a room that it writes
    /// to or deletes is not there: decide anew);
    /// overloaded (limits::writes_waiting_max wait, or the disk fails; nothing was written).
    virtual Task<Result<Commit>> append(Change change) = 0;
};

/// Called with each committed batch, in commit order, before the appends of that batch resume. Threads: the log's writer.
/// Must not wait or throw. A crash before it loses nothing: what follows from entries is read from the store at start.
using Committed = std::function<void(SharedBatch batch)>;

/// Where in a log to read. Without a bound: the latest. Around: half of them before the bound, the others from it on; what
/// one side lacks the other adds.
struct Window {
    enum class Kind : std::uint8_t { latest, before, after, around };
    Kind kind = Kind::latest;
    Seq bound;  ///< exclusive for before and after; for around it is in the middle
    std::size_t limit = 0;
};

/// Reads of what was committed. Every append that has returned is seen. Threads: as Log.
/// Errors of all: not_found where said; overloaded (limits::reads_waiting_max wait, or the disk fails).
class Archive {
public:
    virtual ~Archive() = default;

    /// Messages of a room in their present form, ascending by seq.
    virtual Task<Result<std::vector<Message>>> messages(RoomId room, Window window) = 0;

    /// Entries of a log, ascending by seq; messages in them as they are now.
    virtual Task<Result<std::vector<Entry>>> entries(LogId log, Window window) = 0;

    /// The entries of `log` after `after`, ascending; the oldest `max` of them, so that more than wanted can be told.
    virtual Task<Result<std::vector<Entry>>> entries_since(LogId log, Position after, std::size_t max) = 0;

    /// not_found: there is none with this id.
    virtual Task<Result<Message>> message(MessageId id) = 0;

    /// All forms of a message, oldest first, the present one last. None for a deleted one. not_found as above.
    virtual Task<Result<std::vector<MessageVersion>>> history(MessageId id) = 0;

    /// One line for each place asked for, in that order, as `user` who has read to `read` there.
    struct Place {
        RoomId room;
        Seq read;
    };
    virtual Task<Result<std::vector<Unread>>> unread(UserId user, std::vector<Place> places) = 0;
};

/// What a server starts from: the state that all entries so far amount to.
struct Snapshot {
    Position position;
    std::string server_id;    ///< 24 hex digits, made with the store
    SecretHash cursor_key{};  ///< made with the store; signs cursors
    ServerSettings server;
    std::vector<User> users;
    std::vector<Token> tokens;
    std::vector<Session> sessions;
    struct RoomState {
        Room room;
        Seq last_seq;
        Position last_position;     ///< of its newest entry
        std::int64_t messages = 0;  ///< the newest message's ordinal
        Time last_message{};        ///< when it was posted
        std::vector<Membership> members;
        std::vector<UserId> barred;  ///< removed, or left as guest: they come back only by an owner
    };
    std::vector<RoomState> rooms;
    struct UserLogHead {
        UserId user;
        Position last_position;
    };
    std::vector<UserLogHead> user_logs;  ///< of users whose own log has entries
};

/// Uses seen since the last call. Not entries: nobody is told, and a crash may lose a minute of them.
struct Uses {
    struct OfToken {
        TokenId token;
        Time at;
    };
    struct OfSession {
        SessionId session;
        Time at;
        Time expires;
    };
    struct OfUser {
        UserId user;
        Time at;
    };
    std::vector<OfToken> tokens;
    std::vector<OfSession> sessions;
    std::vector<OfUser> users;
};

/// The projections beside the logs. Threads: as Log.
class Projections {
public:
    virtual ~Projections() = default;
    virtual Task<Result<Snapshot>> load() = 0;
    virtual Task<Result<bool>> record(Uses uses) = 0;
    /// A cheap round trip through the store, for /readyz.
    virtual Task<Result<bool>> check() = 0;
    [[nodiscard]] virtual std::uint64_t bytes() const = 0;  ///< that it takes on the disk now
    /// For people: "sqlite chat.db, 3 MiB".
    [[nodiscard]] virtual std::string describe() const = 0;
};

/// A whole store: what an adapter folder offers.
class Store : public Log, public Archive, public Projections {};

/// What all live connections are told and no log holds.
struct Typing {
    RoomId room;
    UserId user;
};
struct PresenceChanged {
    UserId user;
    bool online = false;
};
using Signal = std::variant<Typing, PresenceChanged>;

/// From the commit to every loop that serves connections. Threads: any; never waits.
class Bus {
public:
    virtual ~Bus() = default;
    virtual void publish(SharedBatch batch) = 0;
    /// Typing may be lost where a loop is behind.
    virtual void signal(Signal signal) = 0;
    /// A loop is so far behind (limits::published_bytes_max wait for it) that who wants to write should come later.
    [[nodiscard]] virtual bool is_behind() const { return false; }
};

/// Slow, salted hashes of what people remember. Work runs on threads of its own. Threads: call from any executor's thread.
/// Errors: too_many (limits::hashes_waiting_max wait).
class PasswordHasher {
public:
    virtual ~PasswordHasher() = default;
    virtual Task<Result<std::string>> hash(std::string password) = 0;

    enum class Verdict : std::uint8_t { wrong, right, right_but_old };  ///< old: hash it anew now
    /// `hash` empty: does the work all the same and says wrong, so that nobody can tell by the clock.
    virtual Task<Result<Verdict>> verify(std::string password, std::string hash) = 0;
};

/// Who is online: has at least one live connection. Threads: any.
class Presence {
public:
    virtual ~Presence() = default;
    [[nodiscard]] virtual bool online(UserId user) const = 0;
};

}  // namespace makechat::chat
