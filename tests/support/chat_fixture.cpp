#include "support/chat_fixture.hpp"

#include "chat/room_settings.hpp"
#include "chat/sign_up.hpp"

#include <algorithm>
#include <utility>

namespace makechat::chat {
namespace {

/// Once: what it does may come through the same door.
void happen(std::function<void()>& meanwhile) {
    if (const auto now = std::exchange(meanwhile, {})) now();
}

}  // namespace

Task<Result<std::string>> FakePasswords::hash(std::string password) {
    happen(meanwhile);
    ++hashed;
    if (refuses) co_return fail(*refuses);
    co_return "fast:" + password;
}

Task<Result<PasswordHasher::Verdict>> FakePasswords::verify(std::string password, std::string hash) {
    happen(meanwhile);
    verified.push_back(hash);
    if (refuses) co_return fail(*refuses);
    if (hash == "old:" + password) co_return Verdict::right_but_old;
    co_return hash == "fast:" + password ? Verdict::right : Verdict::wrong;
}

Task<Result<Commit>> Interleaved::append(Change change) {
    ++appends;
    happen(before_append);
    if (holds_appends) {
        auto holding = suspend_for<bool>([this](Completion<bool>& done) { held_.push_back(&done); });
        co_await holding;
    }
    auto appending = store_.append(std::move(change));
    co_return co_await std::move(appending);
}

void Interleaved::release() {
    holds_appends = false;
    for (auto* each : std::exchange(held_, {})) each->finish(true);
}

Task<Result<std::vector<Message>>> Interleaved::messages(RoomId room, Window window) {
    happen(before_read);
    ++reads;
    return store_.messages(room, window);
}

Task<Result<std::vector<Entry>>> Interleaved::entries(LogId log, Window window) {
    happen(before_read);
    ++reads;
    return store_.entries(log, window);
}

Task<Result<std::vector<Entry>>> Interleaved::entries_since(LogId log, Position after, std::size_t max) {
    happen(before_read);
    ++reads;
    return store_.entries_since(log, after, max);
}

Task<Result<Message>> Interleaved::message(MessageId id) {
    happen(before_read);
    ++reads;
    return store_.message(id);
}

Task<Result<std::vector<MessageVersion>>> Interleaved::history(MessageId id) {
    happen(before_read);
    ++reads;
    return store_.history(id);
}

Task<Result<std::vector<Unread>>> Interleaved::unread(UserId user, std::vector<Place> places) {
    happen(before_read);
    ++reads;
    return store_.unread(user, std::move(places));
}

TestChat::TestChat(Policy policy, std::uint64_t seed)
    : random(seed),
      directory(policy.session_ttl),
      store(random,
            [this](const SharedBatch& batch) {
                directory.apply(*batch);
                committed.insert(committed.end(), batch->begin(), batch->end());
            }),
      chat{interleaved, interleaved, directory, clock, random, ids, passwords, presence, std::move(policy)} {}

UserId TestChat::create(const std::string& name, bool is_superuser) {
    NewAccount account{name, name + "@example.com", "password of " + name, is_superuser};
    return must(run(create_user(chat, std::move(account), PasswordRule::for_people)))->id;
}

RoomId TestChat::make_room(UserId owner, const std::string& name, RoomShape shape) {
    Chat as_everyone{chat};
    as_everyone.policy.everyone_creates_rooms = true;
    return must(run(create_room(as_everyone, owner, {name, {}, shape.is_open, shape.is_visible})));
}

RoomId TestChat::make_direct_room(UserId creator, std::vector<UserId> others) {
    return must(run(open_direct_room(chat, creator, std::move(others)))).room;
}

UserId TestChat::first_owner(RoomId room) const {
    const auto members = directory.rooms.members(room);
    return std::ranges::find(members, Role::owner, &Membership::role)->user;
}

Membership TestChat::add(RoomId room, UserId user, Role role) {
    return must(run(add_member(chat, first_owner(room), room, user, role))).membership;
}

void TestChat::remove(RoomId room, UserId by, UserId user) {
    must(run(remove_member(chat, by, room, member_id(room, user))));
}

void TestChat::give(RoomId room, UserId by, UserId user, Role role) {
    must(run(change_role(chat, by, room, member_id(room, user), role)));
}

std::optional<Role> TestChat::role_of(RoomId room, UserId user) const {
    const auto membership = directory.rooms.membership(room, user);
    if (!membership) return std::nullopt;
    return membership->role;
}

Message TestChat::post(RoomId room, UserId user, std::string text) {
    return must(run(post_message(chat, user, {room, std::move(text), {}, {}}))).message;
}

std::string_view name_of(const Body& body) {
    constexpr std::string_view names[] = {
        "UserCreated",     "UserChanged",   "TokenCreated",   "TokenRevoked",   "SessionOpened", "SessionEnded",
        "RoomDeleted",     "ServerChanged", "RoomCreated",    "RoomChanged",    "Joined",        "Left",
        "RoleChanged",     "MessagePosted", "MessageEdited",  "MessageDeleted", "ReadMoved",     "NotifyChanged",
        "SettingsChanged", "LostRoom",      "LostDeletedRoom"};
    static_assert(std::size(names) == std::variant_size_v<Body>);
    return names[body.index()];
}

std::vector<std::string_view> names_of(const std::vector<Entry>& entries) {
    std::vector<std::string_view> names;
    for (const auto& entry : entries) names.push_back(name_of(entry.body));
    return names;
}

}  // namespace makechat::chat
