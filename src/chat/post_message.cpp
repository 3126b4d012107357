#include "chat/post_message.hpp"

#include "base/fold.hpp"
#include "base/limits.hpp"
#include "chat/mentions.hpp"
#include "chat/names.hpp"
#include "chat/rights.hpp"
#include "chat/room_settings.hpp"

#include <algorithm>

namespace makechat::chat {
namespace {

/// Fills the mentions of `message` from its text: members of the room only, and @all or @here where the room lets him.
/// Adds to `rests_on` what they rest on.
void resolve_mentions(const Chat& chat, const Standing& author, Message& message, std::vector<Fact>& rests_on) {
    const auto mentioned = find_mentions(message.text);
    message.mentions.clear();
    message.here.clear();
    message.mentions_all = MentionsAll::nobody;
    for (const auto& name : mentioned.names) {
        rests_on.push_back(Fact::username(fold(name)));
        const auto user = chat.directory.accounts.find_name(name);
        if (user) rests_on.push_back(Fact::member(message.room, user->id));
        if (!user || !chat.directory.rooms.membership(message.room, user->id)) continue;
        // Two spellings of one name are one mention.
        if (std::ranges::find(message.mentions, user->id) == message.mentions.end())
            message.mentions.push_back(user->id);
    }
    const bool may_all = author.room->mention_all_by == MentionAllBy::members || may_manage(author);
    if (mentioned.all && may_all) {
        message.mentions_all = MentionsAll::all;
    } else if (mentioned.here && may_all) {
        message.mentions_all = MentionsAll::here;
        rests_on.push_back(Fact::people(message.room));
        for (const auto& member : chat.directory.rooms.members(message.room)) {
            if (chat.presence.online(member.user)) message.here.push_back(member.user);
        }
    }
}

Result<Change> decide_post(const Chat& chat, UserId author, const Draft& draft, MessageId id) {
    const auto standing = writer_in(chat.directory, draft.room, author);
    if (!standing) return fail(standing.error());
    Message message;
    message.id = id;
    message.room = draft.room;
    message.sender = author;
    message.text = draft.text;
    message.reply_to = draft.reply_to;
    message.created = chat.clock.now();
    Change change{author, message.created, {}, {}, {}, draft.nonce};
    change.rests_on = {Fact::room(draft.room), Fact::member(draft.room, author), Fact::user(author)};
    resolve_mentions(chat, *standing, message, change.rests_on);
    change.writes.push_back({LogId::of(draft.room), MessagePosted{std::move(message)}});
    return change;
}

Result<bool> check_draft(const Draft& draft) {
    if (auto rule = check_text(draft.text); !rule) return rule;
    return check_line("nonce", draft.nonce, limits::nonce_chars_max);
}

Error bad_reply() { return {Code::bad_parameter, "The 'reply_to' parameter names no message of this room."}; }
Error no_such_message() { return {Code::not_found, "There is no such message."}; }

/// Whether he may know that there is such a message: who may read it, and who wrote it, while he may see the room.
bool known_to(const Chat& chat, UserId user, const Message& message) {
    const auto standing = standing_in(chat.directory, message.room, user);
    return standing && (may_read(*standing) || message.sender == user);
}

Task<Result<Message>> stored(Chat& chat, MessageId id) {
    auto finding = chat.archive.message(id);
    auto message = co_await std::move(finding);
    if (!message && message.error().code == Code::not_found) co_return fail(no_such_message());
    co_return message;
}

/// Decides on a message as it is now, and again when it has been changed meanwhile.
template <class Decide>
Task<Result<Commit>> commit_on(Chat& chat, MessageId id, Decide decide) {
    for (int tries = 0; tries < limits::decisions_max; ++tries) {
        const Position as_of = chat.directory.position();
        auto reading = stored(chat, id);
        const auto message = co_await std::move(reading);
        if (!message) co_return fail(message.error());
        Result<Change> change = decide(*message);
        if (!change) co_return fail(change.error());
        if (change->writes.empty()) co_return Commit{};
        change->as_of = as_of;
        auto appending = chat.log.append(std::move(*change));
        auto committed = co_await std::move(appending);
        if (committed || committed.error().code != Code::stale) co_return committed;
    }
    co_return fail(too_many_changes());
}

Result<Change> decide_edit(const Chat& chat, UserId editor, const Message& was, const std::string& text) {
    const auto standing = writer_in(chat.directory, was.room, editor);
    if (!standing) return fail(known_to(chat, editor, was) ? standing.error() : no_such_message());
    if (was.deleted) return fail(no_such_message());
    if (was.sender != editor) return fail({Code::forbidden, "Only the sender can edit a message."});
    Change change{editor, chat.clock.now(), {}, {}, {}, {}};
    change.rests_on = {Fact::message(was.id), Fact::room(was.room), Fact::member(was.room, editor), Fact::user(editor)};
    if (text == was.text) return change;
    Message message = was;
    message.text = text;
    message.edited = change.at;
    resolve_mentions(chat, *standing, message, change.rests_on);
    change.writes.push_back({LogId::of(was.room), MessageEdited{std::move(message)}});
    return change;
}

Result<Change> decide_message_deletion(const Chat& chat, UserId by, const Message& was) {
    const auto standing = standing_in(chat.directory, was.room, by);
    if (!standing || !(may_manage(*standing) || known_to(chat, by, was))) return fail(no_such_message());
    if (was.deleted) return fail(no_such_message());
    if (!may_manage(*standing)) {
        if (was.sender != by) return fail({Code::forbidden, "You are not owner of this room."});
        if (auto writer = writer_in(chat.directory, was.room, by); !writer) return fail(writer.error());
    }
    Message message = was;
    message.text.clear();
    message.mentions.clear();
    message.here.clear();
    message.mentions_all = MentionsAll::nobody;
    message.reply_to.reset();
    message.deleted = chat.clock.now();
    Change change{by, *message.deleted, {}, {}, {}, {}};
    change.rests_on = {Fact::message(was.id), Fact::room(was.room), Fact::member(was.room, by), Fact::user(by)};
    change.writes.push_back({LogId::of(was.room), MessageDeleted{std::move(message), by}});
    return change;
}

}  // namespace

Task<Result<Posted>> post_direct_message(Chat& chat, UserId author, UserId recipient, Draft draft) {
    // All that can be wrong is told before the room is made, which would outlive the refusal of its first message.
    if (auto rule = check_draft(draft); !rule) co_return fail(rule.error());
    std::vector<UserId> people{author};
    if (recipient != author) people.push_back(recipient);
    std::ranges::sort(people);
    if (draft.reply_to && !chat.directory.rooms.find_direct(people)) co_return fail(bad_reply());
    auto opening = open_direct_room(chat, author, std::move(people));
    const auto direct = co_await std::move(opening);
    if (!direct) co_return fail(direct.error());
    draft.room = direct->room;
    auto posting = post_message(chat, author, std::move(draft));
    co_return co_await std::move(posting);
}

Task<Result<Posted>> post_message(Chat& chat, UserId author, Draft draft) {
    if (auto rule = check_draft(draft); !rule) co_return fail(rule.error());
    if (draft.reply_to) {
        auto finding = find_message(chat, author, *draft.reply_to);
        const auto answered = co_await std::move(finding);
        if (!answered && answered.error().code != Code::not_found) co_return fail(answered.error());
        if (!answered || answered->room != draft.room) co_return fail(bad_reply());
    }
    const auto id = chat.ids.next<MessageId>();
    auto committing = commit(chat, [&] { return decide_post(chat, author, draft, id); });
    auto committed = co_await std::move(committing);
    if (!committed) co_return fail(committed.error());
    Entry& entry = committed->entries.front();
    co_return Posted{std::move(std::get<MessagePosted>(entry.body).message), entry.position, committed->repeated};
}

Task<Result<Message>> edit_message(Chat& chat, UserId editor, MessageId id, std::string text) {
    if (auto rule = check_text(text); !rule) co_return fail(rule.error());
    auto committing = commit_on(chat, id, [&](const Message& was) { return decide_edit(chat, editor, was, text); });
    const auto committed = co_await std::move(committing);
    if (!committed) co_return fail(committed.error());
    auto reading = stored(chat, id);
    co_return co_await std::move(reading);
}

Task<Result<bool>> delete_message(Chat& chat, UserId by, MessageId id) {
    auto committing = commit_on(chat, id, [&](const Message& was) { return decide_message_deletion(chat, by, was); });
    const auto committed = co_await std::move(committing);
    if (!committed) co_return fail(committed.error());
    co_return true;
}

Task<Result<Message>> find_message(Chat& chat, UserId reader, MessageId id) {
    auto reading = stored(chat, id);
    auto message = co_await std::move(reading);
    if (message && !reader_of(chat.directory, message->room, reader)) co_return fail(no_such_message());
    co_return message;
}

Task<Result<std::vector<MessageVersion>>> message_history(Chat& chat, UserId reader, MessageId id) {
    auto finding = find_message(chat, reader, id);
    const auto message = co_await std::move(finding);
    if (!message) co_return fail(message.error());
    auto reading = chat.archive.history(id);
    co_return co_await std::move(reading);
}

}  // namespace makechat::chat
