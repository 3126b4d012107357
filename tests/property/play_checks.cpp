#include "chat/reading.hpp"
#include "property/play.hpp"

#include <algorithm>

/// What the server says when it is asked, against the model.
namespace makechat::property {

using namespace chat;

namespace {

constexpr Window everything{Window::Kind::after, Seq{0}, 10'000};

template <class T>
std::optional<Code> code_of(const Result<T>& result) {
    return result ? std::optional<Code>{} : result.error().code;
}

void expect(bool holds, const std::string& what) {
    if (!holds) throw Broken("asked, " + what + "\n");
}

}  // namespace

void Play::check_state() {
    for (No room = 0; room < model_.rooms.size(); ++room) check_room(room);
    for (No user = 0; user < model_.users.size(); ++user) check_user(user);
    check_messages();
    check_logs();
    for (No i = 0; i < model_.credentials.size(); ++i) {
        const bool holds = server_.chat().directory.credentials.holds(server_.credential(i), server_.clock.now());
        expect(holds == model_.holds(i, server_.clock.now()), "credential " + std::to_string(i) + " is as dead");
    }
}

void Play::check_room(No no) {
    const auto& directory = server_.chat().directory;
    const auto& room = model_.rooms[no];
    const auto name = "room " + std::to_string(no);
    const auto view = directory.rooms.find(server_.room(no));
    expect(view.has_value() != room.deleted, name + " is there or not");
    for (No user = 0; user < model_.users.size(); ++user) check_reader(no, user);
    if (room.deleted) return;
    expect(view->last_seq.value == room.last_seq, name + " ends elsewhere");
    expect(view->members_total == room.members.size(), name + " counts its members");
    for (No user = 0; user < model_.users.size(); ++user) {
        const auto has = directory.rooms.membership(server_.room(no), server_.user(user));
        const auto wanted = room.members.find(user);
        expect(has.has_value() == (wanted != room.members.end()), name + " has user " + std::to_string(user));
        if (!has) continue;
        const auto& member = wanted->second;
        const bool alike = has->role == member.role && has->joined.value == member.joined &&
                           has->read.value == member.read && has->level == member.level;
        expect(alike, name + " knows user " + std::to_string(user) + " as he is not");
    }
}

void Play::check_reader(No room, No user) {
    const auto name = "user " + std::to_string(user) + " in room " + std::to_string(room);
    auto refused = model_.refuses_to_watch({room}, user);
    const auto page = run(page_of_messages(server_.chat(), server_.user(user), server_.room(room), everything));
    // Who is disabled is refused, however.
    if (model_.users[user].disabled) return expect(!page.has_value(), name + " is disabled, and reads");
    expect(code_of(page) == refused, name + " reads: " + show(code_of(page)));
    if (!page) return;
    std::vector<No> numbers;
    for (const auto& message : *page) numbers.push_back(server_.number(message.id));
    std::vector<No> wanted;
    for (No i = 0; i < model_.messages.size(); ++i) {
        if (model_.messages[i].room == room) wanted.push_back(i);
    }
    expect(numbers == wanted, name + " has another page");
    std::int64_t ordinal = 0;
    for (const auto& message : *page) {
        const auto& known = model_.messages[server_.number(message.id)];
        expect(message.text == known.text() && message.seq.value == known.seq && message.ordinal == ++ordinal,
               name + " reads message " + std::to_string(server_.number(message.id)) + " as it is not");
    }
}

void Play::check_user(No no) {
    const auto& user = model_.users[no];
    const auto account = server_.chat().directory.accounts.find(server_.user(no));
    expect(account && account->is_disabled == user.disabled && account->is_superuser == user.superuser,
           "user " + std::to_string(no) + " is not as he is");
    const auto rooms = run(unread_rooms(server_.chat(), server_.user(no)));
    expect(rooms.has_value(), "unread counts are not told");
    std::size_t count = 0;
    for (No room = 0; room < model_.rooms.size(); ++room) {
        const auto member = model_.rooms[room].members.find(no);
        if (member == model_.rooms[room].members.end()) continue;
        ++count;
        const auto line =
            std::ranges::find(*rooms, server_.room(room), [](const auto& each) { return each.mine.room; });
        expect(line != rooms->end(), "a room of user " + std::to_string(no) + " is missing");
        const auto unread = model_.unread(room, no, member->second.read);
        const auto mentions = model_.unread_mentions(room, no, member->second.read);
        expect(line->counts.unread == unread && line->counts.mentions == mentions,
               "user " + std::to_string(no) + " has " + std::to_string(line->counts.unread) + " unread, " +
                   std::to_string(line->counts.mentions) + " mentions in room " + std::to_string(room) + ", not " +
                   std::to_string(unread) + ", " + std::to_string(mentions));
    }
    expect(rooms->size() == count, "user " + std::to_string(no) + " has another number of rooms");
}

void Play::check_messages() {
    for (No i = 0; i < model_.messages.size(); ++i) {
        const auto& message = model_.messages[i];
        const auto name = "message " + std::to_string(i);
        const auto found = run(server_.store.message(server_.message(i)));
        expect(found.has_value() != model_.rooms[message.room].deleted, name + " is there or not");
        if (!found) continue;
        expect(found->text == message.text() && found->deleted.has_value() == message.forms.empty(),
               name + " says '" + found->text.substr(0, 40) + "'");
        const auto history = must(run(server_.store.history(server_.message(i))));
        std::vector<std::string> forms;
        for (const auto& version : history) forms.push_back(version.text);
        expect(forms == message.forms, name + " has other forms");
    }
}

/// Every log is dense, and all that was ever acknowledged stands in it, once.
void Play::check_logs() {
    const auto check = [this](LogId log, LogId::Kind kind, No of) {
        std::vector<Event> events;
        for (const auto& entry : must(run(server_.store.entries(log, everything))))
            events.push_back(server_.translate(entry));
        const auto wanted = model_.log_of(kind, of);
        for (std::size_t i = 0; i < events.size(); ++i)
            expect(events[i].seq == static_cast<std::int64_t>(i) + 1, "a log has a hole: " + show(events[i]));
        expect(events == wanted, "a log says\n" + show(events) + "and should say\n" + show(wanted));
    };
    check(LogId::server(), LogId::Kind::server, none);
    for (No user = 0; user < model_.users.size(); ++user) check(LogId::of(server_.user(user)), LogId::Kind::user, user);
    for (No room = 0; room < model_.rooms.size(); ++room) {
        if (!model_.rooms[room].deleted) check(LogId::of(server_.room(room)), LogId::Kind::room, room);
    }
}

}  // namespace makechat::property
