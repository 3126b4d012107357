#pragma once

#include "chat/ports.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace makechat::memory {

/// What the entries so far amount to, in plain containers: the rules of chat/entry.hpp and nothing else.
/// Threads: one at a time.
class State {
public:
    struct RoomState {
        chat::Room room;
        std::map<chat::UserId, chat::Membership> members;
        std::set<chat::UserId> barred;
        std::map<chat::Seq, chat::Message> messages;
        std::map<chat::Seq, std::vector<chat::MessageVersion>> earlier;  ///< forms before the present one
    };

    /// Gives `entry` its position, seq and ordinal, keeps it and does what it says.
    void append(chat::Entry& entry);
    void record(const chat::Uses& uses);

    [[nodiscard]] chat::Position position() const { return position_; }
    [[nodiscard]] const RoomState* room(chat::RoomId id) const;
    [[nodiscard]] const chat::Message* message(chat::MessageId id) const;
    /// The entries of `log` as they are read: messages as they are now, no passwords.
    [[nodiscard]] std::vector<chat::Entry> entries(const chat::LogId& log) const;
    [[nodiscard]] chat::Unread unread(chat::UserId user, const chat::Archive::Place& place) const;
    /// All but the store's own server_id and cursor_key.
    [[nodiscard]] chat::Snapshot snapshot() const;

private:
    friend struct Projection;

    [[nodiscard]] chat::Entry present(chat::Entry entry) const;

    chat::Position position_;
    chat::ServerSettings server_;
    std::map<chat::LogId, std::vector<chat::Entry>> logs_;
    std::map<chat::UserId, chat::User> users_;
    std::map<chat::TokenId, chat::Token> tokens_;
    std::map<chat::SessionId, chat::Session> sessions_;
    std::map<chat::RoomId, RoomState> rooms_;
    std::map<chat::MessageId, std::pair<chat::RoomId, chat::Seq>> messages_;
};

}  // namespace makechat::memory
