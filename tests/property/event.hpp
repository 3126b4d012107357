#pragma once

#include "base/result.hpp"
#include "chat/model.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

/// Random histories of a chat, played to the server and to a small model of it, which must agree (play.hpp).
namespace makechat::property {

/// The model counts people, rooms, messages and credentials in the order in which they came: 0, 1, 2, …
using No = std::size_t;
inline constexpr No none = std::numeric_limits<No>::max();

enum class What : std::uint8_t {
    account,
    credential_made,
    credential_ended,
    room_deleted,
    room_created,
    room_changed,
    joined,
    left,
    role,
    posted,
    edited,
    erased,
    read,
    level,
    lost_room,
    lost_deleted_room
};

/// An entry of a log in the model's words. What its kind does not have stays as it is here.
struct Event {
    What what{};
    chat::LogId::Kind log{};
    No of = none;          ///< whose log: a room's or a user's
    std::int64_t seq = 0;  ///< in that log
    No by = none;
    No user = none;
    No room = none;
    No message = none;
    No credential = none;
    No reply_to = none;
    chat::Role role{};
    chat::Role was{};
    std::string text;  ///< a message's, or the state of an account or a room
    std::vector<No> mentions;
    std::vector<No> here;
    chat::MentionsAll mentions_all{};
    std::int64_t read = 0;
    std::int64_t unread = 0;
    std::int64_t unread_mentions = 0;
    chat::NotifyLevel level{};

    bool operator==(const Event&) const = default;
};

std::string show(const Event& event);
std::string show(const std::vector<Event>& events);

/// What became of an operation: why it was refused, or what it wrote.
struct Outcome {
    std::optional<Code> refused;
    std::vector<Event> events;
    bool by_disabled = false;  ///< refused by any code
    No first = none;           ///< a repeated post: the message that its nonce had made
};

std::string show(std::optional<Code> refused);

}  // namespace makechat::property
