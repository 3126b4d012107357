#include "chat/replay.hpp"

#include "base/limits.hpp"
#include "chat/rights.hpp"

#include <sodium.h>

#include <algorithm>

namespace makechat::chat {
namespace {

constexpr std::size_t cursor_bytes = 16;  // 8 of the position, 8 of its signature
constexpr auto alphabet = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
using CursorBytes = std::array<unsigned char, cursor_bytes>;

CursorBytes sign(Position position, const SecretHash& key) {
    static_assert(crypto_shorthash_KEYBYTES <= sizeof(SecretHash) && crypto_shorthash_BYTES == 8);
    CursorBytes bytes{};
    for (unsigned i = 0; i < 8; ++i)
        bytes[i] = static_cast<unsigned char>(static_cast<std::uint64_t>(position.value) >> (56 - 8 * i));
    crypto_shorthash(bytes.data() + 8, bytes.data(), 8, key.data());
    return bytes;
}

/// A log with news, and from which seq on its entries concern him.
struct Source {
    LogId log;
    Seq from;
    Seq last;  ///< of a room's log
};

/// The logs with news after `after`: a comparison in memory each, an indexed read only for these.
std::vector<Source> changed_logs(const Directory& directory, const Coverage& coverage, Position after) {
    std::vector<Source> sources;
    if (directory.rooms.user_log_position(coverage.user) > after) sources.push_back({LogId::of(coverage.user), {}, {}});
    if (coverage.follows_memberships()) {
        for (const auto& mine : directory.rooms.rooms_of(coverage.user)) {
            // Live, he would have got nothing from before he came.
            if (mine.last_position > after)
                sources.push_back({LogId::of(mine.room), mine.membership.joined, mine.last_seq});
        }
    } else {
        for (const auto room : coverage.rooms) {
            const auto view = directory.rooms.find(room);
            if (view && view->last_position > after) sources.push_back({LogId::of(room), {}, view->last_seq});
        }
    }
    return sources;
}

/// What an event will weigh, roughly: texts are what differs.
std::size_t weight(const Entry& entry) {
    constexpr std::size_t without_text = 256;
    if (const auto* posted = std::get_if<MessagePosted>(&entry.body)) return without_text + posted->message.text.size();
    if (const auto* edited = std::get_if<MessageEdited>(&entry.body)) return without_text + edited->message.text.size();
    return without_text;
}

/// How many entries like these may be kept of one log.
std::size_t tail_length(const std::vector<Entry>& entries) {
    std::size_t bytes = 0;
    for (const auto& entry : entries) bytes += weight(entry);
    const auto fitting = limits::tails_bytes_max / 8 * entries.size() / bytes;
    return std::clamp(fitting, limits::replay_page_entries_max, limits::tail_entries_max);
}

/// Reads of `log` what is after `after` and a little of what is before, so that who comes back with about the same cursor
/// finds it in memory; of a log with much news, the newest.
Task<Result<bool>> read_tail(Chat& chat, LogId log, Position after) {
    Position from{std::max<std::int64_t>(0, after.value - limits::tail_positions_before)};
    auto reading = chat.archive.entries_since(log, from, limits::replay_page_entries_max);
    auto entries = co_await std::move(reading);
    const bool whole = entries && entries->size() == limits::replay_page_entries_max;
    if (whole) {
        auto newest = chat.archive.entries(log, {Window::Kind::latest, {}, tail_length(*entries)});
        entries = co_await std::move(newest);
        if (entries && !entries->empty()) from = {entries->front().position.value - 1};
    }
    if (!entries) {
        chat.directory.tails.give_up(log);
        co_return fail(entries.error());
    }
    chat.directory.tails.fill(log, std::move(*entries), from, whole);
    co_return true;
}

/// What is after `after` in `log`: from memory where thousands come back at once, else by one read of the store.
Task<Result<std::vector<Entry>>> entries_after(Chat& chat, LogId log, Position after, std::size_t max) {
    auto& tails = chat.directory.tails;
    if (auto found = tails.find(log, after, max)) co_return std::move(*found);
    const auto turn = tails.take_turn(log, after);
    if (turn == LogTails::Turn::read) {
        auto reading = read_tail(chat, log, after);
        if (const auto read = co_await std::move(reading); !read) co_return fail(read.error());
    } else if (turn == LogTails::Turn::wait) {
        auto waiting = suspend_for<bool>([&](Completion<bool>& done) { tails.wait(log, done); });
        co_await waiting;
    }
    if (auto found = tails.find(log, after, max)) co_return std::move(*found);
    auto reading = chat.archive.entries_since(log, after, max);
    co_return co_await std::move(reading);
}

/// Whether an entry makes `user` a member of its room, or ends that; none: neither.
std::optional<bool> changes_to_in(const Entry& entry, UserId user) {
    if (const auto* joined = std::get_if<Joined>(&entry.body); joined && joined->user == user) return true;
    if (const auto* left = std::get_if<Left>(&entry.body); left && left->user == user) return false;
    return std::nullopt;
}

/// The rooms that he has lost since the cursor, as his own log says.
struct LostRooms {
    std::vector<RoomId> rooms;
    bool and_others = false;  ///< the log goes on

    [[nodiscard]] bool may_hold(RoomId room) const {
        return and_others || std::ranges::find(rooms, room) != rooms.end();
    }
};

/// Whether he was in the room before the first of `entries`, as they say; none: they do not.
std::optional<bool> was_in(const std::vector<Entry>& entries, UserId user) {
    for (const auto& entry : entries) {
        if (const auto in = changes_to_in(entry, user)) return !*in;
    }
    return std::nullopt;
}

/// The same, as the log says, which goes on behind `entries`: who is in now and has lost the room since the cursor may have
/// been in or not when it began.
Task<Result<bool>> was_in_before(Chat& chat, Source source, UserId user, Seq last_read) {
    while (last_read < source.from) {
        auto reading =
            chat.archive.entries(source.log, {Window::Kind::after, last_read, limits::replay_page_entries_max});
        const auto entries = co_await std::move(reading);
        if (!entries) co_return fail(entries.error());
        if (entries->empty()) break;
        if (const auto said = was_in(*entries, user)) co_return *said;
        last_read = entries->back().seq;
    }
    co_return false;
}

/// Whether he was in the source's room before the first of `entries`.
Task<Result<bool>> was_reader(Chat& chat, const Source& source, const Coverage& coverage, const LostRooms& lost,
                              const std::vector<Entry>& entries) {
    if (source.log.kind == LogId::Kind::user || !coverage.follows_memberships() || entries.empty()) co_return true;
    if (const auto said = was_in(entries, coverage.user)) co_return *said;
    if (entries.front().seq >= source.from) co_return true;
    if (!lost.may_hold(source.log.room())) co_return false;
    auto looking = was_in_before(chat, source, coverage.user, entries.back().seq);
    co_return co_await std::move(looking);
}

/// Moves what he would have got live out of the entries of one log: of a room that he left and came back to, nothing of the
/// time between. `in`: whether he was in before the first of them.
void take(std::vector<Entry>& entries, const Source& source, const Coverage& coverage, bool in, LostRooms& lost,
          std::vector<Entry>& events) {
    const bool own = source.log.kind == LogId::Kind::user;
    const bool follows = !own && coverage.follows_memberships();
    for (auto& entry : entries) {
        if (follows) in = changes_to_in(entry, coverage.user).value_or(in);
        if (const auto* room = std::get_if<LostRoom>(&entry.body)) lost.rooms.push_back(room->room);
        const bool concerns = own ? concerns_owner(entry, coverage) : in && concerns_reader(entry, coverage.user);
        if (concerns) events.push_back(std::move(entry));
    }
}

/// Of each log: what does not fit into the page is read again for the next.
std::size_t entries_of_each(std::size_t logs) {
    constexpr std::size_t of_each_min = 32;
    constexpr auto of_all = 4 * limits::replay_page_entries_max;
    return std::clamp(of_all / std::max<std::size_t>(logs, 1), of_each_min, limits::replay_page_entries_max);
}

/// Puts the events in order and lets go of what lies behind `reached` or does not fit, which moves `reached` back.
void settle(ReplayPage& page) {
    std::ranges::sort(page.events, {}, &Entry::position);
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < page.events.size(); ++i) {
        bytes += weight(page.events[i]);
        const bool fits = i == 0 || bytes <= limits::replay_page_bytes_max;
        if (fits && page.events[i].position <= page.reached) continue;
        if (!fits) page.reached = std::min(page.reached, page.events[i - 1].position);
        page.events.resize(i);
    }
}

}  // namespace

std::string Cursors::write(Position position) const {
    const auto bytes = sign(position, key_);
    std::array<char, sodium_base64_ENCODED_LEN(cursor_bytes, alphabet)> text{};
    return sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), alphabet);
}

Result<Position> Cursors::read(std::string_view cursor) const {
    CursorBytes bytes{};
    std::size_t size = 0;
    const int failed =
        sodium_base642bin(bytes.data(), bytes.size(), cursor.data(), cursor.size(), nullptr, &size, nullptr, alphabet);
    std::uint64_t value = 0;
    for (unsigned i = 0; i < 8; ++i) value = value << 8U | bytes[i];
    const Position position{static_cast<std::int64_t>(value)};
    if (failed != 0 || size != cursor_bytes ||
        sodium_memcmp(bytes.data(), sign(position, key_).data(), cursor_bytes) != 0)
        return fail({Code::bad_parameter, "The 'cursor' parameter is not a cursor that this server gave."});
    return position;
}

Result<bool> check_coverage(const Directory& directory, const Coverage& coverage) {
    for (const auto room : coverage.rooms) {
        if (const auto standing = reader_of(directory, room, coverage.user); !standing) return fail(standing.error());
    }
    return true;
}

bool concerns_reader(const Entry& entry, UserId user) {
    const auto* left = std::get_if<Left>(&entry.body);
    return !left || left->user != user;
}

bool concerns_owner(const Entry& entry, const Coverage& coverage) {
    const auto covers = [&](RoomId room) {
        return coverage.follows_memberships() || std::ranges::find(coverage.rooms, room) != coverage.rooms.end();
    };
    if (const auto* e = std::get_if<ReadMoved>(&entry.body)) return covers(e->room);
    if (const auto* e = std::get_if<NotifyChanged>(&entry.body)) return covers(e->room);
    if (const auto* e = std::get_if<LostRoom>(&entry.body)) return covers(e->room);
    if (const auto* e = std::get_if<LostDeletedRoom>(&entry.body)) return covers(e->room.id);
    return true;
}

Task<Result<bool>> can_replay(Chat& chat, Coverage coverage, Position after) {
    // A cursor of before a backup was restored.
    if (after > chat.directory.position()) co_return false;
    const Time oldest = chat.clock.now() - limits::replay_age_max;
    std::int64_t events = 0;
    for (const auto& source : changed_logs(chat.directory, coverage, after)) {
        auto reading = entries_after(chat, source.log, after, 1);
        const auto entries = co_await std::move(reading);
        if (!entries) co_return fail(entries.error());
        if (entries->empty()) continue;
        const auto& first = entries->front();
        if (first.at < oldest) co_return false;
        // A log has no holes: what is in it since then need not be read to be counted.
        if (source.log.kind == LogId::Kind::room)
            events += source.last.value - std::max(first.seq, source.from).value + 1;
        if (events > static_cast<std::int64_t>(limits::replay_entries_max)) co_return false;
    }
    co_return true;
}

Task<Result<ReplayPage>> replay(Chat& chat, Coverage coverage, Position after, Position until) {
    ReplayPage page{{}, until};
    LostRooms lost;                                                      // says his own log,
    const auto sources = changed_logs(chat.directory, coverage, after);  // which is the first
    for (const auto& source : sources) {
        const bool own = source.log.kind == LogId::Kind::user;
        const auto max = own ? limits::replay_page_entries_max : entries_of_each(sources.size());
        auto reading = entries_after(chat, source.log, after, max);
        auto entries = co_await std::move(reading);
        if (!entries) co_return fail(entries.error());
        // There may be more in this log: of none is anything told that lies behind.
        const bool more = entries->size() == max;
        if (more) page.reached = std::min(page.reached, entries->back().position);
        if (own) lost.and_others = more;
        auto looking = was_reader(chat, source, coverage, lost, *entries);
        const auto in = co_await std::move(looking);
        if (!in) co_return fail(in.error());
        take(*entries, source, coverage, *in, lost, page.events);
        settle(page);
    }
    // The right may have been lost while reading: what it covered is not told any more.
    std::erase_if(page.events, [&](const Entry& entry) {
        return entry.log.kind == LogId::Kind::room && !reader_of(chat.directory, entry.log.room(), coverage.user);
    });
    co_return page;
}

}  // namespace makechat::chat
