#include "property/model.hpp"

#include <algorithm>

namespace makechat::property {

using namespace chat;

Outcome Model::apply(const Operation& operation, Time now) {
    const auto before = log.size();
    now_ = now;
    Outcome outcome;
    // Who has been let in just before: that he is refused matters, not by which words.
    outcome.by_disabled = is_personal(operation.kind) && users[operation.user].disabled;
    outcome.refused = outcome.by_disabled ? Code::forbidden : decide(operation, now, outcome.first);
    outcome.events.assign(log.begin() + static_cast<std::ptrdiff_t>(before), log.end());
    follow_rights(before);
    return outcome;
}

Model::Refusal Model::decide(const Operation& op, Time now, No& first) {
    switch (op.kind) {
        case Kind::sign_up: return sign_up(op, now);
        case Kind::sign_in: return sign_in(op, now);
        case Kind::make_token: make_credential(op.user, false, now); return {};
        case Kind::end_credential: return end_credential(op);
        case Kind::set_disabled:
        case Kind::set_superuser: return set_account(op);
        case Kind::create_room: return create_room(op);
        case Kind::open_direct: return open_direct(op.user, op.people);
        case Kind::join: return admit(op, op.user);
        case Kind::invite: return admit(op, op.other);
        case Kind::give_role: return give_role(op);
        case Kind::remove: return remove(op);
        case Kind::change_room: return change_room(op);
        case Kind::delete_room: return delete_room(op);
        case Kind::post:
        case Kind::repeat_post: return post(op, first);
        case Kind::post_direct: return post_direct(op, first);
        case Kind::edit: return edit(op);
        case Kind::erase: return erase(op);
        case Kind::mark_read: return mark_read(op);
        case Kind::set_level: return set_level(op);
        default: return {};
    }
}

// Accounts.

Model::Refusal Model::sign_up(const Operation& op, Time now) {
    const auto folded = [](std::string name) {
        std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
        return name;
    };
    for (const auto& user : users) {
        if (folded(user.name) == folded(op.name)) return Code::bad_username;
    }
    const No user = users.size();
    users.push_back({op.name, op.flag, false});
    write({.what = What::account, .by = user, .user = user, .text = state_of(users[user])});
    make_credential(user, true, now);
    make_credential(user, false, now);
    return {};
}

Model::Refusal Model::sign_in(const Operation& op, Time now) {
    if (users[op.user].disabled) return Code::forbidden;
    make_credential(op.user, true, now);
    return {};
}

void Model::make_credential(No user, bool session, Time now) {
    credentials.push_back({user, session, false, false, now});
    write({.what = What::credential_made, .by = user, .user = user, .credential = credentials.size() - 1});
}

bool Model::holds(No credential, Time now) const {
    const auto& shown = credentials[credential];
    return !shown.ended && !(shown.session && now >= shown.used + session_ttl);
}

Model::Refusal Model::end_credential(const Operation& op) {
    auto& target = credentials[op.target];
    const auto& by = users[op.user];
    const bool may = target.user == op.user || (!target.session && by.superuser && !by.disabled);
    if (!may || target.ended) return Code::not_found;
    target.ended = true;
    write({.what = What::credential_ended, .by = op.user, .user = target.user, .credential = op.target});
    return {};
}

Model::Refusal Model::set_account(const Operation& op) {
    User changed = users[op.user];
    (op.kind == Kind::set_disabled ? changed.disabled : changed.superuser) = op.flag;
    const auto is_admin = [](const User& user) { return user.superuser && !user.disabled; };
    if (is_admin(users[op.user]) && !is_admin(changed) && std::ranges::count_if(users, is_admin) == 1)
        return Code::conflict;
    const bool disables = changed.disabled && !users[op.user].disabled;
    const bool changes = state_of(changed) != state_of(users[op.user]);
    users[op.user] = changed;
    if (changes) write({.what = What::account, .by = op.user, .user = op.user, .text = state_of(changed)});
    // Sessions first, then tokens, each oldest first.
    for (const bool session : {true, false}) {
        for (No i = 0; i < credentials.size() && disables; ++i) {
            auto& credential = credentials[i];
            if (credential.user != op.user || credential.session != session || credential.ended) continue;
            credential.ended = true;
            write({.what = What::credential_ended, .by = op.user, .user = op.user, .credential = i});
        }
    }
    return {};
}

// Rooms and members.

const Model::Member* Model::member(No room, No user) const {
    const auto found = rooms[room].members.find(user);
    return found == rooms[room].members.end() ? nullptr : &found->second;
}

bool Model::is(No room, No user, Role role) const {
    const auto* in = member(room, user);
    return in && in->role == role;
}

bool Model::may_see(No room, No user) const {
    const auto& in = rooms[room];
    if (in.deleted) return false;
    return member(room, user) || (!in.direct && (in.is_visible || users[user].superuser));
}

bool Model::may_read(No room, No user) const {
    const auto& in = rooms[room];
    return !in.deleted && (member(room, user) || (!in.direct && in.is_open && in.is_visible));
}

bool Model::may_own(No room, No user) const {
    return is(room, user, Role::owner) || (users[user].superuser && !rooms[room].direct);
}

bool Model::may_manage(No room, No user) const { return may_own(room, user) || is(room, user, Role::admin); }

bool Model::last_owner(No room, No user) const {
    const auto owners =
        std::ranges::count_if(rooms[room].members, [](const auto& each) { return each.second.role == Role::owner; });
    return is(room, user, Role::owner) && owners == 1;
}

Model::Refusal Model::reader(No room, No user) const {
    if (!may_see(room, user)) return Code::not_found;
    if (!may_read(room, user)) return Code::forbidden;
    return {};
}

Model::Refusal Model::refuses_to_watch(const std::vector<No>& named, No user) const {
    for (const auto room : named) {
        if (const auto refused = reader(room, user)) return refused;
    }
    return {};
}

Model::Refusal Model::writer(No room, No user) const {
    if (!may_see(room, user)) return Code::not_found;
    if (!member(room, user) || is(room, user, Role::guest)) return Code::forbidden;
    return {};
}

/// Whether he may make somebody `role`, or unmake him.
Model::Refusal Model::giver(No room, No user, Role role) const {
    if (role == Role::owner ? !may_own(room, user) : !may_manage(room, user)) return Code::forbidden;
    return {};
}

Model::Refusal Model::create_room(const Operation& op) {
    for (const auto& room : rooms) {
        if (!room.deleted && !room.direct && room.name == op.name) return Code::exists;
    }
    const No room = rooms.size();
    rooms.emplace_back();
    rooms[room].name = op.name;
    rooms[room].is_open = *op.is_open;
    rooms[room].is_visible = *op.is_visible;
    write({.what = What::room_created,
           .log = LogId::Kind::room,
           .of = room,
           .by = op.user,
           .room = room,
           .text = state_of(rooms[room])});
    join(room, op.user, Role::owner, op.user);
    return {};
}

No Model::direct_room(const std::vector<No>& people) const {
    for (No room = 0; room < rooms.size(); ++room) {
        if (!rooms[room].direct) continue;
        std::vector<No> there;
        for (const auto& [user, member] : rooms[room].members) there.push_back(user);
        if (there == people) return room;
    }
    return none;
}

Model::Refusal Model::open_direct(No user, std::vector<No> people) {
    people.push_back(user);
    std::ranges::sort(people);
    people.erase(std::ranges::unique(people).begin(), people.end());
    if (direct_room(people) != none) return {};
    if (std::ranges::any_of(people, [&](No each) { return users[each].disabled; })) return Code::bad_parameter;
    const No room = rooms.size();
    rooms.emplace_back();
    rooms[room].direct = true;
    write({.what = What::room_created,
           .log = LogId::Kind::room,
           .of = room,
           .by = user,
           .room = room,
           .text = state_of(rooms[room])});
    for (const auto each : people) join(room, each, Role::member, user);
    return {};
}

/// Joining (`user` does it himself) and inviting.
Model::Refusal Model::admit(const Operation& op, No user) {
    if (!may_see(op.room, op.user)) return Code::not_found;
    const auto& room = rooms[op.room];
    if (room.direct) return Code::bad_parameter;
    if (user == op.user && member(op.room, user)) return {};
    const bool joins = user == op.user && !users[user].superuser;
    if (joins && (!room.is_open || room.barred.contains(user))) return Code::forbidden;
    if (!joins) {
        if (const auto refused = giver(op.room, op.user, op.role)) return refused;
    }
    if (users[user].disabled) return Code::bad_parameter;
    if (!member(op.room, user)) join(op.room, user, joins ? Role::member : op.role, op.user);
    return {};
}

void Model::join(No room, No user, Role role, No by) {
    write({.what = What::joined,
           .log = LogId::Kind::room,
           .of = room,
           .by = by,
           .user = user,
           .room = room,
           .role = role});
    const auto seq = rooms[room].last_seq;
    rooms[room].members[user] = {role, seq, seq, NotifyLevel::all};
    rooms[room].barred.erase(user);
}

Model::Refusal Model::give_role(const Operation& op) {
    if (!may_see(op.room, op.user)) return Code::not_found;
    const auto* was = member(op.room, op.other);
    if (!was || was->role != op.was) return Code::not_found;
    if (rooms[op.room].direct) return Code::bad_parameter;
    const bool of_owner = was->role == Role::owner;
    if (const auto refused = giver(op.room, op.user, of_owner ? Role::owner : op.role)) return refused;
    if (op.role != Role::owner && last_owner(op.room, op.other)) return Code::conflict;
    if (was->role == op.role) return {};
    write({.what = What::role,
           .log = LogId::Kind::room,
           .of = op.room,
           .by = op.user,
           .user = op.other,
           .room = op.room,
           .role = op.role,
           .was = was->role});
    rooms[op.room].members[op.other].role = op.role;
    return {};
}

Model::Refusal Model::remove(const Operation& op) {
    if (!may_see(op.room, op.user)) return Code::not_found;
    const auto* gone = member(op.room, op.other);
    if (!gone || gone->role != op.was) return Code::not_found;
    auto& room = rooms[op.room];
    if (room.direct) return Code::bad_parameter;
    if (op.other != op.user) {
        if (const auto refused = giver(op.room, op.user, gone->role)) return refused;
    }
    if (last_owner(op.room, op.other)) return Code::conflict;
    const Role role = gone->role;
    write({.what = What::left,
           .log = LogId::Kind::room,
           .of = op.room,
           .by = op.user,
           .user = op.other,
           .room = op.room,
           .role = role});
    room.members.erase(op.other);
    if (op.other != op.user || role == Role::guest) room.barred.insert(op.other);
    write({.what = What::lost_room,
           .log = LogId::Kind::user,
           .of = op.other,
           .by = op.user,
           .room = op.room,
           .role = role});
    return {};
}

Model::Refusal Model::change_room(const Operation& op) {
    if (!may_see(op.room, op.user)) return Code::not_found;
    if (!may_manage(op.room, op.user)) return Code::forbidden;
    auto& room = rooms[op.room];
    if (!op.name.empty()) {
        for (const auto& other : rooms) {
            if (&other != &room && !other.deleted && !other.direct && other.name == op.name) return Code::exists;
        }
    }
    const auto was = state_of(room);
    if (!op.name.empty()) room.name = op.name;
    room.is_open = op.is_open.value_or(room.is_open);
    room.is_visible = op.is_visible.value_or(room.is_visible);
    room.mention_all_by = op.mention_all_by.value_or(room.mention_all_by);
    if (state_of(room) == was) return {};
    write({.what = What::room_changed,
           .log = LogId::Kind::room,
           .of = op.room,
           .by = op.user,
           .room = op.room,
           .text = state_of(room)});
    return {};
}

Model::Refusal Model::delete_room(const Operation& op) {
    if (!may_see(op.room, op.user)) return Code::not_found;
    if (!may_own(op.room, op.user)) return Code::forbidden;
    auto& room = rooms[op.room];
    write({.what = What::room_deleted, .by = op.user, .room = op.room});
    std::vector<std::pair<std::int64_t, No>> by_joined;
    for (const auto& [user, member] : room.members) by_joined.emplace_back(member.joined, user);
    std::ranges::sort(by_joined);
    for (const auto& [joined, user] : by_joined)
        write({.what = What::lost_deleted_room, .log = LogId::Kind::user, .of = user, .by = op.user, .room = op.room});
    room.deleted = true;
    room.members.clear();
    return {};
}

// What follows from it.

void Model::write(Event event) {
    const auto same_log = [&](const Event& other) { return other.log == event.log && other.of == event.of; };
    if (event.log == LogId::Kind::room) event.seq = ++rooms[event.of].last_seq;
    else event.seq = std::ranges::count_if(log, same_log) + 1;
    log.push_back(std::move(event));
    times.push_back(now_);
}

/// `before`: how long the log was before the operation.
void Model::follow_rights(std::size_t before) {
    for (No room = 0; room < rooms.size(); ++room) {
        const auto follow = [&](Right& right, No user, bool has) {
            if (has && !right.now) {
                // By his own joining where there is one; else by what was done to the room.
                const auto joins = [&](const Event& each) {
                    return each.what == What::joined && each.of == room && each.user == user;
                };
                const auto begin = log.begin() + static_cast<std::ptrdiff_t>(before);
                const auto joined = std::find_if(begin, log.end(), joins);
                right.gained = static_cast<std::size_t>((joined == log.end() ? begin : joined) - log.begin()) + 1;
            }
            right.now = has;
            if (has) right.last = log.size();
        };
        for (No user = 0; user < users.size(); ++user) {
            follow(rooms[room].membership[user], user, member(room, user) != nullptr);
            follow(rooms[room].reading[user], user, may_read(room, user));
        }
    }
}

std::string Model::state_of(const User& user) const {
    return user.name + (user.superuser ? " superuser" : "") + (user.disabled ? " disabled" : "");
}

std::string Model::state_of(const Room& room) const {
    if (room.direct) return "direct";
    return room.name + (room.is_open ? " open" : "") + (room.is_visible ? " visible" : "") + " " +
           std::string(to_word(room.mention_all_by));
}

std::vector<Event> Model::log_of(LogId::Kind kind, No of) const {
    std::vector<Event> events;
    for (const auto& event : log) {
        if (event.log == kind && event.of == of) events.push_back(present(event));
    }
    return events;
}

}  // namespace makechat::property
