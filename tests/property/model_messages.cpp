#include "property/model.hpp"

#include <algorithm>

namespace makechat::property {

using namespace chat;

void Model::mention(const Text& text, No author, Message& message) const {
    const auto& room = rooms[message.room];
    message.mentions.clear();
    message.here.clear();
    message.mentions_all = MentionsAll::nobody;
    if (text.form == Text::Form::mention && member(message.room, text.mentioned))
        message.mentions.push_back(text.mentioned);
    if (room.mention_all_by == MentionAllBy::owners && !may_manage(message.room, author)) return;
    if (text.form == Text::Form::all) message.mentions_all = MentionsAll::all;
    if (text.form != Text::Form::here) return;
    message.mentions_all = MentionsAll::here;
    for (const auto& [user, member] : room.members) {
        if (online.contains(user)) message.here.push_back(user);
    }
}

Model::Refusal Model::post(const Operation& op, No& first) {
    if (op.message != none) {
        const auto& answered = messages[op.message];
        if (answered.room != op.room || reader(answered.room, op.user)) return Code::bad_parameter;
    }
    if (const auto refused = writer(op.room, op.user)) return refused;
    auto& room = rooms[op.room];
    if (!op.nonce.empty()) {
        const auto used = room.nonces.find({op.user, op.nonce});
        if (used != room.nonces.end()) {
            first = used->second;
            return {};
        }
    }
    const No no = messages.size();
    Message message{op.room, op.user, room.last_seq + 1, {op.text.words}, {}, {}, {}, op.message};
    mention(op.text, op.user, message);
    messages.push_back(std::move(message));
    if (!op.nonce.empty()) room.nonces[{op.user, op.nonce}] = no;
    write_message(What::posted, no, op.user);
    room.members[op.user].read = room.last_seq;
    return {};
}

Model::Refusal Model::post_direct(const Operation& op, No& first) {
    std::vector<No> people{op.user};
    if (op.other != op.user) people.push_back(op.other);
    std::ranges::sort(people);
    if (const auto refused = open_direct(op.user, people)) return refused;
    Operation there = op;
    there.room = direct_room(people);
    return post(there, first);
}

void Model::write_message(What what, No no, No by) {
    Event event{.what = what,
                .log = LogId::Kind::room,
                .of = messages[no].room,
                .by = by,
                .user = messages[no].sender,
                .room = messages[no].room,
                .message = no};
    write(present(std::move(event)));
}

Event Model::present(Event event) const {
    if (event.message == none) return event;
    const auto& message = messages[event.message];
    event.text = message.text();
    event.mentions = message.mentions;
    event.here = message.here;
    event.mentions_all = message.mentions_all;
    event.reply_to = message.reply_to;
    return event;
}

/// Whether he may learn that there is this message.
bool Model::knows(No user, const Message& message) const {
    return may_see(message.room, user) && (may_read(message.room, user) || message.sender == user);
}

Model::Refusal Model::edit(const Operation& op) {
    auto& message = messages[op.message];
    if (!knows(op.user, message) || message.forms.empty()) {
        // He is told first that he may not write, where he may know of the message.
        const auto refused = writer(message.room, op.user);
        return refused && knows(op.user, message) ? refused : Code::not_found;
    }
    if (const auto refused = writer(message.room, op.user)) return refused;
    if (message.sender != op.user) return Code::forbidden;
    if (message.text() == op.text.words) return {};
    message.forms.push_back(op.text.words);
    mention(op.text, op.user, message);
    write_message(What::edited, op.message, op.user);
    return {};
}

Model::Refusal Model::erase(const Operation& op) {
    auto& message = messages[op.message];
    const bool manages = may_see(message.room, op.user) && may_manage(message.room, op.user);
    if ((!manages && !knows(op.user, message)) || message.forms.empty()) return Code::not_found;
    if (!manages && message.sender != op.user) return Code::forbidden;
    if (!manages) {
        if (const auto refused = writer(message.room, op.user)) return refused;
    }
    message.forms.clear();
    message.mentions.clear();
    message.here.clear();
    message.mentions_all = MentionsAll::nobody;
    message.reply_to = none;
    write_message(What::erased, op.message, op.user);
    return {};
}

bool Model::mentions(const Message& message, No user) const {
    const bool here = std::ranges::find(message.here, user) != message.here.end();
    return message.mentions_all == MentionsAll::all || here ||
           std::ranges::find(message.mentions, user) != message.mentions.end();
}

std::int64_t Model::unread(No room, No user, std::int64_t read) const {
    return std::ranges::count_if(
        messages, [&](const Message& each) { return each.room == room && each.seq > read && each.sender != user; });
}

std::int64_t Model::unread_mentions(No room, No user, std::int64_t read) const {
    return std::ranges::count_if(messages, [&](const Message& each) {
        return each.room == room && each.seq > read && each.sender != user && mentions(each, user);
    });
}

Model::Refusal Model::mark_read(const Operation& op) {
    if (!may_see(op.room, op.user)) return Code::not_found;
    if (!member(op.room, op.user)) return Code::forbidden;
    auto& marker = rooms[op.room].members[op.user].read;
    const auto wanted = std::min(op.seq, rooms[op.room].last_seq);
    if (wanted == marker || (wanted < marker && !op.flag)) return {};
    marker = wanted;
    write({.what = What::read,
           .log = LogId::Kind::user,
           .of = op.user,
           .by = op.user,
           .room = op.room,
           .read = wanted,
           .unread = unread(op.room, op.user, wanted),
           .unread_mentions = unread_mentions(op.room, op.user, wanted)});
    return {};
}

Model::Refusal Model::set_level(const Operation& op) {
    if (!may_see(op.room, op.user)) return Code::not_found;
    if (!member(op.room, op.user)) return Code::forbidden;
    auto& level = rooms[op.room].members[op.user].level;
    if (level == op.level) return {};
    level = op.level;
    write({.what = What::level,
           .log = LogId::Kind::user,
           .of = op.user,
           .by = op.user,
           .room = op.room,
           .level = op.level});
    return {};
}

}  // namespace makechat::property
