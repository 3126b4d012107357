#pragma once

#include "base/limits.hpp"
#include "base/random.hpp"
#include "base/time.hpp"
#include "chat/directory.hpp"
#include "chat/ports.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace makechat::chat {

/// What the administrator decides.
struct Policy {
    std::optional<std::string> server_name;  ///< none: as at set-up
    std::optional<bool> registration_open;   ///< false: only admins make accounts; none: as at set-up
    bool everyone_creates_rooms = false;     ///< else only admins
    std::chrono::milliseconds session_ttl = std::chrono::hours{24 * 14};
};

/// All that a use case needs. One per server, alive as long as any Task.
struct Chat {
    Log& log;
    Archive& archive;
    Directory& directory;
    const Clock& clock;
    Random& random;
    IdSource& ids;
    PasswordHasher& passwords;
    const Presence& presence;
    Policy policy;
};

/// After limits::decisions_max tries.
inline Error too_many_changes() { return {Code::overloaded, "Too many changes at the same moment. Try again.", 1}; }

/// Decides and commits. `decide` reads the directory (never waits) and gives a Change or a refusal; when a fact that it
/// rested on has moved before the commit, it is asked again. So two who want one name, or the last two owners who leave
/// at the same moment, are told apart by the log. A Change without writes is done as it is.
template <class Decide>
Task<Result<Commit>> commit(Chat& chat, Decide decide) {
    for (int tries = 0; tries < limits::decisions_max; ++tries) {
        const Position as_of = chat.directory.position();
        Result<Change> change = decide();
        if (!change) co_return fail(change.error());
        if (change->writes.empty()) co_return Commit{};
        change->as_of = as_of;
        Task<Result<Commit>> append = chat.log.append(std::move(*change));
        Result<Commit> committed = co_await std::move(append);
        if (committed || committed.error().code != Code::stale) co_return committed;
    }
    co_return fail(too_many_changes());
}

}  // namespace makechat::chat
