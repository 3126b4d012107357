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

/// Whether an entry makes `user` a member of its room, or ends that; none: neither.
std::optional<bool> changes_to_in(const Entry& entry, UserId user) {
    if (const auto* joined = std::get_if<Joined>(&entry.body); joined && joined->user == user) return true;
    if (const auto* left = std::get_if<Left>(&entry.body); left && left->user == user) return false;
    return std::nullopt;
}

/// Whether he was in the room before the first of `entries`. `left`: the rooms that he lost since the cursor.
bool was_in(const std::vector<Entry>& entries, const Source& source, UserId user, const std::vector<RoomId>& left) {
    for (const auto& entry : entries) {
        if (const auto in = changes_to_in(entry, user)) return !*in;
    }
    return entries.front().seq >= source.from || std::ranges::find(left, source.log.room()) != left.end();
}

/// Moves what he would have got live out of the entries of one log: of a room that he left and came back to, nothing of the
/// time between.
void take(std::vector<Entry>& entries, const Source& source, const Coverage& coverage, std::vector<RoomId>& left,
          std::vector<Entry>& events) {
    if (entries.empty()) return;
    const bool own = source.log.kind == LogId::Kind::user;
    const bool follows = !own && coverage.follows_memberships();
    bool in = !follows || was_in(entries, source, coverage.user, left);
    for (auto& entry : entries) {
        if (follows) in = changes_to_in(entry, coverage.user).value_or(in);
        if (const auto* lost = std::get_if<LostRoom>(&entry.body)) left.push_back(lost->room);
        const bool concerns = own ? concerns_owner(entry, coverage) : in && concerns_reader(entry, coverage.user);
        if (concerns) events.push_back(std::move(entry));
    }
}

/// What an event will weigh, roughly: texts are what differs.
std::size_t weight(const Entry& entry) {
    constexpr std::size_t without_text = 256;
    if (const auto* posted = std::get_if<MessagePosted>(&entry.body)) return without_text + posted->message.text.size();
    if (const auto* edited = std::get_if<MessageEdited>(&entry.body)) return without_text + edited->message.text.size();
    return without_text;
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
        auto reading = chat.archive.entries_since(source.log, after, 1);
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
    std::vector<RoomId> left;                                                   // says his own log,
    for (const auto& source : changed_logs(chat.directory, coverage, after)) {  // which is the first
        auto reading = chat.archive.entries_since(source.log, after, limits::replay_page_entries_max);
        auto entries = co_await std::move(reading);
        if (!entries) co_return fail(entries.error());
        // There may be more in this log: of none is anything told that lies behind.
        if (entries->size() == limits::replay_page_entries_max)
            page.reached = std::min(page.reached, entries->back().position);
        take(*entries, source, coverage, left, page.events);
        settle(page);
    }
    // The right may have been lost while reading: what it covered is not told any more.
    std::erase_if(page.events, [&](const Entry& entry) {
        return entry.log.kind == LogId::Kind::room && !reader_of(chat.directory, entry.log.room(), coverage.user);
    });
    co_return page;
}

}  // namespace makechat::chat
