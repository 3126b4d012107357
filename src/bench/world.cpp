#include "bench/world.hpp"

#include "base/random.hpp"
#include "chat/ports.hpp"
#include "crypto/argon2_hasher.hpp"
#include "net/run.hpp"
#include "store/sqlite/store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace makechat::bench {
namespace {

using namespace chat;

constexpr std::size_t writes_per_change = 500;
constexpr std::size_t token_chars = 32;

/// A store that is filled: writes gather until a change is full.
class Filling {
public:
    Filling(sqlite::Store& store, std::size_t writes, const std::function<void(double)>& progress)
        : store_(store), total_(writes), progress_(progress) {}

    Result<bool> add(LogId log, Body body) {
        change_.writes.push_back({log, std::move(body)});
        return change_.writes.size() < writes_per_change ? Result<bool>(true) : flush();
    }

    Result<bool> flush() {
        if (change_.writes.empty()) return true;
        done_ += change_.writes.size();
        change_.at = clock_.now();
        change_.as_of = position_;
        auto committed = net::run(store_.append(std::exchange(change_, {})));
        if (!committed) return fail(committed.error());
        position_ = committed->entries.back().position;
        progress_(static_cast<double>(done_) / static_cast<double>(std::max(total_, done_)));
        return true;
    }

    void begin_at(Position position) { position_ = position; }

private:
    sqlite::Store& store_;
    const std::size_t total_;
    const std::function<void(double)>& progress_;
    SystemClock clock_;
    Change change_;
    Position position_;
    std::size_t done_ = 0;
};

/// Makes what the entries hold.
class Maker {
public:
    explicit Maker(Random& random) : random_(random), ids_(clock_, random) {}

    User user(std::size_t number, const std::string& password) {
        User user;
        user.id = ids_.next<UserId>();
        user.username = world_username(number);
        user.email = fmt::format("user{}@example.com", number);
        user.password = password;
        user.is_superuser = number == 0;
        user.created = clock_.now();
        return user;
    }
    Token token(UserId user, const std::string& value) {
        return {.id = ids_.next<TokenId>(),
                .user = user,
                .name = "bench",
                .scope = "all",
                .prefix = value.substr(0, 4),
                .hash = sha256(value),
                .created = clock_.now(),
                .last_used = {}};
    }
    Room room(std::string name) {
        Room room;
        room.id = ids_.next<RoomId>();
        room.name = std::move(name);
        room.created = clock_.now();
        return room;
    }
    static Joined joined(UserId user, bool owns) {
        const auto role = owns ? Role::owner : Role::member;
        return {user, member_id_of(user, role), role, user};
    }
    Message message(RoomId room, UserId sender, std::size_t number) {
        Message message;
        message.id = ids_.next<MessageId>();
        message.room = room;
        message.sender = sender;
        message.text = fmt::format("{:<100}", fmt::format("Message {} of a long talk.", number));
        message.created = clock_.now();
        return message;
    }
    std::string secret() { return random_word(random_, token_chars); }

private:
    SystemClock clock_;
    Random& random_;
    IdSource ids_;
};

Result<bool> fill_users(Filling& filling, Maker& maker, World& world, std::size_t count) {
    crypto::Argon2Hasher hasher{"", 1};
    const auto password = net::run(hasher.hash(world_password));
    if (!password) return fail(password.error());
    const auto first = world.users.size();
    for (std::size_t i = first; i < first + count; ++i) {
        auto user = maker.user(i, *password);
        world.users.push_back(user.id);
        world.tokens.push_back(maker.secret());
        auto added = filling.add(LogId::server(), UserCreated{std::move(user)});
        if (added) added = filling.add(LogId::server(), TokenCreated{maker.token(world.users[i], world.tokens[i])});
        if (!added) return added;
    }
    return true;
}

Result<RoomId> fill_room(Filling& filling, Maker& maker, const std::string& name, std::span<const UserId> members) {
    auto room = maker.room(name);
    const auto id = room.id;
    auto added = filling.add(LogId::of(id), RoomCreated{std::move(room), {}});
    for (std::size_t i = 0; added && i < members.size(); ++i)
        added = filling.add(LogId::of(id), Maker::joined(members[i], i == 0));
    // A change is all or nothing, but a room must be there before the next change writes to it.
    if (added) added = filling.flush();
    if (!added) return fail(added.error());
    return id;
}

Result<bool> fill_messages(Filling& filling, Maker& maker, const World& world, std::size_t count) {
    const auto senders = std::min<std::size_t>(world.users.size(), 10);
    for (std::size_t i = 0; i < count; ++i) {
        const auto added =
            filling.add(LogId::of(world.room), MessagePosted{maker.message(world.room, world.users[i % senders], i)});
        if (!added) return added;
    }
    return filling.flush();
}

Result<bool> fill(Filling& filling, Maker& maker, const WorldSize& size, World& world) {
    auto done = fill_users(filling, maker, world, size.users);
    if (!done) return done;
    const std::span<const UserId> users = world.users;
    for (std::size_t i = 0; i < size.rooms_of_100; ++i) {
        const auto first = std::min(i * 100, users.size());
        const auto members = users.subspan(first, std::min<std::size_t>(100, users.size() - first));
        auto room = fill_room(filling, maker, fmt::format("team {}", i), members);
        if (!room) return fail(room.error());
        world.teams.push_back(*room);
    }
    auto room = fill_room(filling, maker, "bench", users.first(std::min(size.room_members, users.size())));
    if (!room) return fail(room.error());
    world.room = *room;
    done = fill_messages(filling, maker, world, size.messages);
    if (!done) return done;
    return filling.flush();
}

}  // namespace

std::string world_username(std::size_t user) { return fmt::format("user{}", user); }

Result<World> make_world(const std::filesystem::path& folder, const WorldSize& size,
                         const std::function<void(double)>& progress) {
    SystemRandom random;
    auto store = sqlite::Store::open(folder, random);
    if (!store) return fail(store.error());
    Maker maker{random};
    World world;
    Filling filling{**store, size.users * 2 + size.rooms_of_100 * 101 + size.room_members + size.messages, progress};
    const auto done = fill(filling, maker, size, world);
    if (!done) return fail(done.error());
    return world;
}

namespace {

/// Opens the store again and lets `work` go on from where it stands.
template <class Work>
Result<bool> go_on(const std::filesystem::path& folder, std::size_t writes, const std::function<void(double)>& progress,
                   Work work) {
    SystemRandom random;
    auto store = sqlite::Store::open(folder, random);
    if (!store) return fail(store.error());
    const auto snapshot = net::run((*store)->load());
    if (!snapshot) return fail(snapshot.error());
    Maker maker{random};
    Filling filling{**store, writes, progress};
    filling.begin_at(snapshot->position);
    const auto done = work(filling, maker);
    return done ? filling.flush() : done;
}

}  // namespace

Result<bool> add_messages(const std::filesystem::path& folder, const World& world, std::size_t count,
                          const std::function<void(double)>& progress) {
    return go_on(folder, count, progress,
                 [&](Filling& filling, Maker& maker) { return fill_messages(filling, maker, world, count); });
}

Result<bool> add_users(const std::filesystem::path& folder, World& world, std::size_t count,
                       const std::function<void(double)>& progress) {
    return go_on(folder, 2 * count, progress,
                 [&](Filling& filling, Maker& maker) { return fill_users(filling, maker, world, count); });
}

}  // namespace makechat::bench
