#include "contract/store_contract.hpp"
#include "store/memory/store.hpp"

#include <algorithm>
#include <map>

/// Any store against the reference model: the same changes, and the same answers to every question.
namespace makechat {

using namespace chat;

namespace {

constexpr std::uint64_t seeds = 12;
constexpr int rounds = 60;
constexpr std::size_t together_max = 8;  ///< changes that may share a transaction

/// Draws changes that are mostly, but not always, sensible.
class Changes {
public:
    explicit Changes(StoreWorld& world) : world_(world) {
        for (int i = 0; i < 4; ++i) first_users_.push_back(next_user());
    }

    /// To be written before any other.
    std::vector<Change> take_first_users() { return std::move(first_users_); }

    Change next() {
        switch (world_.random.below(20)) {
            case 0: return next_user();
            case 1: return create_room();
            case 2: return rooms_.empty() ? create_room() : delete_room();
            case 3:
            case 4: return in_room(Joined{user(), member_id_of(user(), Role::member), role(), user()});
            case 5: return in_room(Left{user(), {}, role(), user()});
            case 6: return in_room(RoleChanged{user(), {}, role(), {}, role(), user()});
            case 7:
            case 8: return of_user(ReadMoved{room(), {below(30)}, 1, 1});
            case 9: return of_user(NotifyChanged{room(), NotifyLevel::none});
            case 10: return of_user(SettingsChanged{"{}"});
            case 11: return edit();
            case 12: return remove();
            case 13: return rename();
            default: return post();
        }
    }

    /// Of what other worlds have said is there.
    void learn(const Entry& entry) {
        if (const auto* posted = std::get_if<MessagePosted>(&entry.body)) messages_.push_back(posted->message);
        if (const auto* edited = std::get_if<MessageEdited>(&entry.body)) messages_.push_back(edited->message);
    }

    std::vector<UserId> users() const { return users_; }
    std::vector<RoomId> rooms() const {
        std::vector<RoomId> ids;
        for (const auto& each : rooms_) ids.push_back(each.id);
        return ids;
    }
    std::vector<Message> messages() const { return messages_; }

private:
    std::int64_t below(std::size_t end) { return static_cast<std::int64_t>(world_.random.below(end)); }
    UserId user() { return users_[world_.random.below(users_.size())]; }
    RoomId room() { return rooms_.empty() ? RoomId{} : rooms_[world_.random.below(rooms_.size())].id; }
    Role role() { return static_cast<Role>(world_.random.below(4)); }

    Change in_room(Body body) { return world_.change(user(), {{LogId::of(room()), std::move(body)}}); }
    Change of_user(Body body) { return world_.change(user(), {{LogId::of(user()), std::move(body)}}); }

    Change next_user() {
        User made;
        made.id = world_.ids.next<UserId>();
        made.username = to_hex(made.id);
        users_.push_back(made.id);
        return world_.change(made.id, {{LogId::server(), UserCreated{made}}});
    }
    Change create_room() {
        Room made{.id = world_.ids.next<RoomId>(), .name = "r" + std::to_string(rooms_.size()), .topic = ""};
        rooms_.push_back(made);
        const auto owner = user();
        return world_.change(owner, {{LogId::of(made.id), RoomCreated{made, {}}},
                                     {LogId::of(made.id), Joined{owner, {}, Role::owner, owner}}});
    }
    /// Also of one that is deleted already.
    Change delete_room() {
        const auto& gone = rooms_[world_.random.below(rooms_.size())];
        return world_.change(user(),
                             {{LogId::server(), RoomDeleted{gone}}, {LogId::of(user()), LostDeletedRoom{gone}}});
    }
    Change rename() {
        if (rooms_.empty()) return create_room();
        auto& changed = rooms_[world_.random.below(rooms_.size())];
        const auto was = changed;
        changed.topic += "x";
        return world_.change(user(), {{LogId::of(changed.id), RoomChanged{changed, was}}});
    }
    Message mention(Message message) {
        message.mentions.clear();
        for (std::size_t i = world_.random.below(3); i > 0; --i) message.mentions.push_back(user());
        message.mentions_all = static_cast<MentionsAll>(world_.random.below(3));
        message.here = {user()};
        return message;
    }
    Change post() {
        auto change = in_room(MessagePosted{});
        auto& posted = std::get<MessagePosted>(change.writes[0].body);
        const auto log = change.writes[0].log;
        posted.message = mention(world_.draft(log.room(), user(), "text " + std::to_string(below(1'000))));
        if (below(4) == 0) change.nonce = std::to_string(below(3));
        return change;
    }
    Change edit() {
        if (messages_.empty()) return post();
        auto message = mention(messages_[world_.random.below(messages_.size())]);
        message.text += "!";
        message.edited = world_.clock.now();
        return world_.change(message.sender, {{LogId::of(message.room), MessageEdited{message}}});
    }
    Change remove() {
        if (messages_.empty()) return post();
        auto message = messages_[world_.random.below(messages_.size())];
        message.text.clear();
        message.mentions.clear();
        message.mentions_all = MentionsAll::nobody;
        message.here.clear();
        message.deleted = world_.clock.now();
        return world_.change(user(), {{LogId::of(message.room), MessageDeleted{message, user()}}});
    }

    StoreWorld& world_;
    std::vector<Change> first_users_;
    std::vector<UserId> users_;
    std::vector<Room> rooms_;
    std::vector<Message> messages_;
};

std::vector<std::string> lines_of(const std::vector<Result<Commit>>& results) {
    std::vector<std::string> lines;
    for (const auto& result : results) {
        if (!result) {
            lines.push_back("refused: " + std::to_string(static_cast<int>(result.error().code)));
            continue;
        }
        std::string line = result->repeated ? "again: " : "new: ";
        for (const auto& entry : result->entries) line += describe(entry) + "\n";
        lines.push_back(std::move(line));
    }
    return lines;
}

std::vector<Result<Commit>> append_together(Store& store, const std::vector<Change>& changes) {
    std::vector<Task<Result<Commit>>> tasks;
    for (const auto& change : changes) tasks.push_back(store.append(change));
    return run_all(std::move(tasks));
}

void compare(StoreWorld& one, StoreWorld& other, const Changes& changes) {
    ASSERT_EQ(describe(one.load()), describe(other.load()));
    std::vector<LogId> logs{LogId::server()};
    for (const auto& user : changes.users()) logs.push_back(LogId::of(user));
    for (const auto& room : changes.rooms()) {
        logs.push_back(LogId::of(room));
        ASSERT_EQ(one.messages(room), other.messages(room));
        for (const auto& user : changes.users()) {
            for (const std::int64_t read : {0, 5, 20})
                ASSERT_EQ(one.unread(user, room, {read}), other.unread(user, room, {read}));
        }
    }
    for (const auto& log : logs) {
        const auto ours = one.entries(log);
        const auto theirs = other.entries(log);
        ASSERT_EQ(ours.size(), theirs.size());
        for (std::size_t i = 0; i < ours.size(); ++i) ASSERT_EQ(describe(ours[i]), describe(theirs[i]));
    }
}

}  // namespace

TEST_P(StoreContract, random_changes_make_what_they_make_of_the_model) {
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        const auto opened = GetParam().open({});
        FakeRandom random(seed);
        memory::Store model(random);
        StoreWorld ours(opened->store(), seed);
        StoreWorld theirs(model, seed);
        Changes changes(ours);
        const auto first = changes.take_first_users();
        ASSERT_EQ(lines_of(append_together(opened->store(), first)), lines_of(append_together(model, first)));
        for (int round = 0; round < rounds; ++round) {
            std::vector<Change> together;
            for (std::size_t i = ours.random.below(together_max) + 1; i > 0; --i) together.push_back(changes.next());
            const auto results = append_together(opened->store(), together);
            ASSERT_EQ(lines_of(results), lines_of(append_together(model, together)));
            for (const auto& result : results) {
                if (!result) continue;
                for (const auto& entry : result->entries) changes.learn(entry);
            }
            if (round % 20 == 19) {
                opened->reopen();
                ours.move_to(opened->store());
            }
            if (round % 5 != 4) continue;
            ASSERT_NO_FATAL_FAILURE(compare(ours, theirs, changes));
        }
        for (const auto& message : changes.messages()) {
            const auto here = run(opened->store().history(message.id));
            const auto there = run(model.history(message.id));
            ASSERT_EQ(here.has_value(), there.has_value());
            if (!here) continue;
            ASSERT_EQ(*here, *there);
        }
    }
}

}  // namespace makechat
