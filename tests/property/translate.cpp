#include "property/server.hpp"

#include <algorithm>

namespace makechat::property {

using namespace chat;

namespace {

template <class Id>
No number_of(const std::map<Id, No>& numbers, const Id& id) {
    const auto found = numbers.find(id);
    return found == numbers.end() ? none : found->second;
}

template <class Id>
void count(std::map<Id, No>& numbers, std::vector<Id>& ids, const Id& id) {
    numbers.emplace(id, ids.size());
    ids.push_back(id);
}

std::string state_of(const User& user) {
    return user.username + (user.is_superuser ? " superuser" : "") + (user.is_disabled ? " disabled" : "");
}

std::string state_of(const Room& room) {
    if (room.kind == RoomKind::direct) return "direct";
    return room.name + (room.is_open ? " open" : "") + (room.is_visible ? " visible" : "") + " " +
           std::string(to_word(room.mention_all_by));
}

template <class... Cases>
struct Overloaded : Cases... {
    using Cases::operator()...;
};
template <class... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

}  // namespace

std::vector<Event> Server::take_written() {
    std::vector<Event> events;
    for (const auto& entry : std::exchange(written_, {})) {
        if (const auto* e = std::get_if<UserCreated>(&entry.body)) count(user_numbers_, users_, e->user.id);
        if (const auto* e = std::get_if<RoomCreated>(&entry.body)) count(room_numbers_, rooms_, e->room.id);
        if (const auto* e = std::get_if<MessagePosted>(&entry.body)) count(message_numbers_, messages_, e->message.id);
        if (const auto* e = std::get_if<TokenCreated>(&entry.body))
            count(credential_numbers_, credentials_, Credential{e->token.id});
        if (const auto* e = std::get_if<SessionOpened>(&entry.body))
            count(credential_numbers_, credentials_, Credential{e->session.id});
        const auto place = places_.size() + 1;
        places_.emplace(entry.position.value, place);
        events.push_back(translate(entry));
    }
    return events;
}

std::size_t Server::place_of(Position position) const {
    const auto found = places_.find(position.value);
    return found == places_.end() ? 0 : found->second;
}

Event Server::translate(const Entry& entry) {
    Event event;
    event.log = entry.log.kind;
    event.seq = entry.seq.value;
    event.by = number_of(user_numbers_, entry.actor);
    if (event.log == LogId::Kind::room) event.of = event.room = number_of(room_numbers_, entry.log.room());
    if (event.log == LogId::Kind::user) event.of = number_of(user_numbers_, entry.log.user());
    const auto people = [&](const std::vector<UserId>& users) {
        std::vector<No> numbers;
        for (const auto& user : users) numbers.push_back(number_of(user_numbers_, user));
        return numbers;
    };
    const auto set = [&](What what) { event.what = what; };
    const auto set_user = [&](What what, UserId user) {
        event.what = what;
        event.user = number_of(user_numbers_, user);
    };
    const auto set_room = [&](What what, RoomId room) {
        event.what = what;
        event.room = number_of(room_numbers_, room);
    };
    const auto set_credential = [&](What what, UserId user, Credential credential) {
        set_user(what, user);
        event.credential = number_of(credential_numbers_, credential);
    };
    const auto set_message = [&](What what, const Message& message) {
        set_user(what, message.sender);
        event.message = number_of(message_numbers_, message.id);
        event.reply_to = message.reply_to ? number_of(message_numbers_, *message.reply_to) : none;
        event.text = message.text;
        event.mentions = people(message.mentions);
        event.here = people(message.here);
        std::ranges::sort(event.here);
        event.mentions_all = message.mentions_all;
    };
    const auto set_account = [&](const User& user) {
        set_user(What::account, user.id);
        event.text = state_of(user);
    };
    const Overloaded by_kind{
        [&](const UserCreated& e) { set_account(e.user); },
        [&](const UserChanged& e) { set_account(e.user); },
        [&](const TokenCreated& e) { set_credential(What::credential_made, e.token.user, e.token.id); },
        [&](const TokenRevoked& e) { set_credential(What::credential_ended, e.user, e.token); },
        [&](const SessionOpened& e) { set_credential(What::credential_made, e.session.user, e.session.id); },
        [&](const SessionEnded& e) { set_credential(What::credential_ended, e.user, e.session); },
        [&](const RoomDeleted& e) { set_room(What::room_deleted, e.room.id); },
        [&](const RoomCreated& e) {
            set(What::room_created);
            event.text = state_of(e.room);
        },
        [&](const RoomChanged& e) {
            set(What::room_changed);
            event.text = state_of(e.room);
        },
        [&](const Joined& e) {
            set_user(What::joined, e.user);
            event.role = e.role;
        },
        [&](const Left& e) {
            set_user(What::left, e.user);
            event.role = e.role;
        },
        [&](const RoleChanged& e) {
            set_user(What::role, e.user);
            event.role = e.role;
            event.was = e.was;
        },
        [&](const MessagePosted& e) { set_message(What::posted, e.message); },
        [&](const MessageEdited& e) { set_message(What::edited, e.message); },
        [&](const MessageDeleted& e) { set_message(What::erased, e.message); },
        [&](const ReadMoved& e) {
            set_room(What::read, e.room);
            event.read = e.read.value;
            event.unread = e.unread;
            event.unread_mentions = e.mentions;
        },
        [&](const NotifyChanged& e) {
            set_room(What::level, e.room);
            event.level = e.level;
        },
        [&](const SettingsChanged&) {},
        [&](const ServerChanged&) {},
        [&](const LostRoom& e) {
            set_room(What::lost_room, e.room);
            event.role = e.role;
        },
        [&](const LostDeletedRoom& e) { set_room(What::lost_deleted_room, e.room.id); },
    };
    std::visit(by_kind, entry.body);
    return event;
}

}  // namespace makechat::property
