#pragma once

#include "base/json_text.hpp"
#include "chat/chat.hpp"
#include "chat/replay.hpp"

#include <string>
#include <string_view>

/// Chat's words as JSON: the only place that knows how a user, a room, a message or an event looks on the wire.
namespace makechat::api {

/// His own account, as he and admins see it.
void write_account(JsonText& json, const chat::User& user);
/// As every user may see him: the keys, for more may stand beside them.
void write_profile_keys(JsonText& json, const chat::User& user);
/// `mine`: the role in it of whom it is written for.
void write_room(JsonText& json, const chat::Rooms::View& room, std::optional<chat::Role> mine = {});
void write_member(JsonText& json, const chat::Membership& membership, const chat::User& user, bool online);
void write_message(JsonText& json, const chat::Message& message, const chat::Accounts& accounts);

/// One event as every carrier sends it; the same bytes for each recipient.
std::string event_of(const chat::Entry& entry, const chat::Accounts& accounts, const chat::Cursors& cursors);

std::string hello_event(chat::UserId user, std::string_view cursor, std::string_view server, int retry_ms);
std::string resync_event(std::string_view cursor);
std::string user_event(const chat::User& user);
std::string typing_event(chat::RoomId room, chat::UserId user);
std::string presence_event(chat::UserId user, bool online);
std::string presence_count_event(chat::RoomId room, std::size_t online);

}  // namespace makechat::api
