#include "property/operation.hpp"

#include "property/model.hpp"

#include <array>
#include <sstream>

namespace makechat::property {
namespace {

using namespace chat;

constexpr std::array<std::string_view, 6> usernames{"ann", "bob", "cat", "dan", "eve", "fay"};
constexpr std::array<std::string_view, 4> room_names{"general", "secret", "third", "fourth"};

/// One of his, the newest that is not ended; now and then another.
No credential_of(const Model& model, No user, std::uint8_t chance) {
    No newest = none;
    std::vector<No> his;
    for (No i = 0; i < model.credentials.size(); ++i) {
        const auto& credential = model.credentials[i];
        if (credential.user != user || !credential.known) continue;
        his.push_back(i);
        if (!credential.ended) newest = i;
    }
    const bool any = chance % 16 == 15 || newest == none;
    return any && !his.empty() ? his[chance / 16 % his.size()] : newest;
}

Text text_of(const Action& action, const Model& model, std::size_t step) {
    Text text;
    text.form = static_cast<Text::Form>(action.a % 6);
    text.words = "text " + std::to_string(step);
    const No named = action.b % model.users.size();
    switch (text.form) {
        case Text::Form::plain: break;
        case Text::Form::mention:
            text.mentioned = named;
            text.words += " @" + model.users[named].name + ", look";
            break;
        case Text::Form::all: text.words += " @all"; break;
        case Text::Form::here: text.words += " (@here)"; break;
        case Text::Form::code: text.words += " `@" + model.users[named].name + " @all`"; break;
        case Text::Form::very_long: text.words.resize(15'000, '.'); break;
    }
    return text;
}

/// The whole of an earlier post that had a nonce: (room, sender, nonce), with another text.
void repeat_earlier(Operation& op, const Action& action, const Model& model) {
    std::size_t left = action.what;
    for (int round = 0; round < 2; ++round) {
        std::size_t count = 0;
        for (No room = 0; room < model.rooms.size(); ++room) {
            for (const auto& [key, message] : model.rooms[room].nonces) {
                if (round == 1 && count == left) {
                    op.room = room;
                    op.user = key.first;
                    op.nonce = key.second;
                    return;
                }
                ++count;
            }
        }
        if (count == 0) return;
        left %= count;
    }
}

void choose(Operation& op, const Action& action, const Model& model, std::size_t step) {
    const auto pick = [](auto number, const auto& list) { return static_cast<No>(number) % list.size(); };
    op.user = pick(action.who, model.users);
    op.room = pick(action.what, model.rooms);
    op.other = pick(action.a, model.users);
    op.role = static_cast<Role>(action.b % 4);
    op.flag = action.b % 2 == 1;
    op.name = room_names[action.a % room_names.size()];
    op.text = text_of(action, model, step);
    switch (op.kind) {
        case Kind::sign_up:
            op.name = usernames[action.a % usernames.size()];
            if (op.flag) op.name[0] = static_cast<char>(op.name[0] - 'a' + 'A');
            op.flag = false;
            break;
        case Kind::give_role:
        case Kind::remove: {
            const auto& members = model.rooms[op.room].members;
            if (const auto found = members.find(op.other); found != members.end()) op.was = found->second.role;
            break;
        }
        case Kind::end_credential: op.target = pick(action.what, model.credentials); break;
        case Kind::create_room:
            op.is_open = action.b % 2 == 0;
            op.is_visible = action.b / 2 % 2 == 0;
            break;
        case Kind::change_room:
            if (action.a % 8 < 6) op.name.clear();
            if (action.a % 3 == 0) op.is_open = action.b % 2 == 0;
            if (action.a % 3 == 1) op.is_visible = action.b % 2 == 0;
            if (action.a % 3 == 2) op.mention_all_by = action.b % 2 == 0 ? MentionAllBy::members : MentionAllBy::owners;
            break;
        case Kind::open_direct:
            for (No user = 0; user < model.users.size(); ++user) {
                if (action.a >> user & 1U) op.people.push_back(user);
            }
            break;
        case Kind::post:
        case Kind::post_direct:
            if (action.b % 2 == 1) op.nonce = "nonce " + std::to_string(action.b % 3);
            if (op.kind == Kind::post && action.b % 8 == 6 && !model.messages.empty())
                op.message = pick(action.what, model.messages);
            break;
        case Kind::repeat_post: repeat_earlier(op, action, model); break;
        case Kind::edit:
        case Kind::erase:
            if (model.messages.empty()) break;
            // The newest are those that others are about to hear of.
            op.message = model.messages.size() - 1 - pick(action.what, model.messages);
            if (action.b % 4 != 0) op.user = model.messages[op.message].sender;
            // The same text again; one that mentions nobody, for of the others only the words are known here.
            if (const auto text = model.messages[op.message].text();
                action.b % 8 == 7 && !text.empty() && !text.contains('@'))
                op.text = {Text::Form::plain, none, text};
            break;
        case Kind::mark_read: op.seq = action.a % (model.rooms[op.room].last_seq + 3); break;
        case Kind::set_level: op.level = static_cast<NotifyLevel>(action.a % 3); break;
        default: break;
    }
    op.credential = credential_of(model, op.user, action.b);
}

std::string_view word_of(Kind kind) {
    constexpr std::string_view words[] = {
        "sign up",     "sign in",     "make token", "end credential", "set disabled", "set superuser",
        "create room", "open direct", "join",       "invite",         "give role",    "remove",
        "change room", "delete room", "post",       "post direct",    "repeat post",  "edit",
        "erase",       "mark read",   "set level",  "pass time",      "connect",      "resume",
        "cut",         "receive",     "catch up",   "run loop",       "restart"};
    static_assert(std::size(words) == static_cast<std::size_t>(Kind::restart) + 1);
    return words[static_cast<std::size_t>(kind)];
}

std::string_view word_of(Fault::How how) {
    switch (how) {
        case Fault::How::no_fault: break;
        case Fault::How::refused: return " refused at call ";
        case Fault::How::unknown: return " unknown at call ";
        case Fault::How::disk: return " disk full at write ";
    }
    return " ";
}

}  // namespace

bool is_domain(Kind kind) { return kind < Kind::pass_time; }

bool is_one_commit(Kind kind) { return is_domain(kind) && kind != Kind::post_direct; }

bool is_personal(Kind kind) {
    const bool of_others =
        kind == Kind::sign_up || kind == Kind::sign_in || kind == Kind::set_disabled || kind == Kind::set_superuser;
    return is_domain(kind) && !of_others;
}

Operation resolve(const Action& action, const Model& model, std::size_t step) {
    Operation op;
    op.kind = action.kind;
    choose(op, action, model, step);
    return op;
}

std::string show(const Action& action) {
    std::ostringstream out;
    out << word_of(action.kind) << " (" << int{action.who} << ' ' << int{action.what} << ' ' << int{action.a} << ' '
        << int{action.b} << ')';
    if (action.fault.how != Fault::How::no_fault) out << word_of(action.fault.how) << action.fault.at_call;
    if (action.with_next) out << " with";
    return out.str();
}

std::string show(const Operation& op) {
    std::ostringstream out;
    const auto number = [&](std::string_view word, No no) {
        if (no != none) out << ' ' << word << ' ' << no;
    };
    out << word_of(op.kind);
    number("user", op.user);
    number("by credential", op.credential);
    number("room", op.room);
    number("other", op.other);
    number("message", op.message);
    number("target", op.target);
    for (const auto no : op.people) out << " with " << no;
    out << " role " << to_word(op.role) << (op.flag ? " on" : " off");
    if (!op.name.empty()) out << " name " << op.name;
    if (!op.nonce.empty()) out << ' ' << op.nonce;
    if (op.is_open) out << (*op.is_open ? " open" : " closed");
    if (op.is_visible) out << (*op.is_visible ? " visible" : " hidden");
    out << " seq " << op.seq << " '" << op.text.words.substr(0, 40) << '\'';
    return out.str();
}

}  // namespace makechat::property
