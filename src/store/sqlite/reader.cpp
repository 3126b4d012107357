#include "store/sqlite/reader.hpp"

#include "base/log.hpp"
#include "store/sqlite/rows.hpp"
#include "store/sqlite/snapshot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace makechat::sqlite {

using namespace chat;

namespace {

constexpr Seq end_of_time{std::numeric_limits<std::int64_t>::max()};

/// One committed state for all reads until the end of the block.
class Moment {
public:
    explicit Moment(Database& database) : database_(database) { database_.run("BEGIN"); }
    Moment(const Moment&) = delete;
    Moment& operator=(const Moment&) = delete;
    ~Moment() {
        try {
            if (database_.in_transaction()) database_.run("COMMIT");
        } catch (const Failure& failure) {
            // Nothing was written that could be lost.
            log::debug(fmt::format("sqlite: end of a read: {}", failure.what()));
        }
    }

private:
    Database& database_;
};

std::unexpected<Error> no_such_message() { return fail({Code::not_found, "There is no such message."}); }

/// Reads a window by the two ways to walk: `down(bound, limit)` yields what is below bound, descending,
/// `up(bound, limit)` what is above, ascending.
template <class Down, class Up>
auto read_window(const Window& window, Down down, Up up) {
    const auto limit = window.limit;
    const auto ascending = [](auto rows) {
        std::ranges::reverse(rows);
        return rows;
    };
    switch (window.kind) {
        case Window::Kind::latest: return ascending(down(end_of_time, limit));
        case Window::Kind::before: return ascending(down(window.bound, limit));
        case Window::Kind::after: return up(window.bound, limit);
        case Window::Kind::around: break;
    }
    auto before = down(window.bound, limit);
    auto after = up(Seq{window.bound.value - 1}, limit);
    const auto wanted_after = std::max(limit - limit / 2, limit - before.size());
    after.resize(std::min(after.size(), wanted_after));
    before.resize(std::min(before.size(), limit - after.size()));
    auto all = ascending(std::move(before));
    all.insert(all.end(), std::make_move_iterator(after.begin()), std::make_move_iterator(after.end()));
    return all;
}

}  // namespace

Reader::Reader(const std::filesystem::path& file)
    : database_(file, Database::Mode::read_only),
      deleted_(database_, "SELECT 1 FROM deleted_rooms WHERE id = ?1"),
      messages_down_(database_, select_messages() + "WHERE m.room = ?1 AND m.seq < ?2 ORDER BY m.seq DESC LIMIT ?3"),
      messages_up_(database_, select_messages() + "WHERE m.room = ?1 AND m.seq > ?2 ORDER BY m.seq LIMIT ?3"),
      entries_down_(database_, select_entries() + "AND e.seq < ?3 ORDER BY e.seq DESC LIMIT ?4"),
      entries_up_(database_, select_entries() + "AND e.seq > ?3 ORDER BY e.seq LIMIT ?4"),
      message_by_id_(database_, select_messages() + "WHERE m.id = ?1"),
      versions_(database_, "SELECT text, at FROM message_versions WHERE room = ?1 AND seq = ?2 ORDER BY version"),
      last_seq_(database_, "SELECT seq FROM entries WHERE log = ?1 ORDER BY seq DESC LIMIT 1"),
      position_(database_, "SELECT position FROM entries WHERE log = ?1 AND seq = ?2"),
      ordinal_(database_, "SELECT ordinal FROM messages WHERE room = ?1 AND seq <= ?2 ORDER BY seq DESC LIMIT 1"),
      posted_(database_, "SELECT posted FROM members WHERE room = ?1 AND user = ?2"),
      own_(database_, "SELECT count(*) FROM messages WHERE room = ?1 AND seq > ?2 AND seq <= ?3 AND sender = ?4"),
      mentions_(database_, "SELECT count(*) FROM mentions WHERE room = ?1 AND user = ?2 AND seq > ?3"),
      to_all_(database_,
              "SELECT count(*) FROM messages INDEXED BY messages_to_all"
              " WHERE room = ?1 AND seq > ?2 AND mentions_all = 'all' AND sender <> ?3") {
    database_.run("PRAGMA cache_size = -4096");
    database_.run("PRAGMA temp_store = MEMORY");
}

std::vector<Message> Reader::messages(RoomId room, const Window& window) {
    const Moment moment(database_);
    if (is_deleted(LogId::of(room))) return {};
    const auto walk = [&](Statement& statement, Seq bound, std::size_t limit) {
        std::vector<Message> found;
        for (auto rows = statement.query(room, bound, static_cast<std::int64_t>(limit)); rows.next();)
            found.push_back(read_message(rows));
        return found;
    };
    return read_window(
        window, [&](Seq bound, std::size_t limit) { return walk(messages_down_, bound, limit); },
        [&](Seq bound, std::size_t limit) { return walk(messages_up_, bound, limit); });
}

std::vector<Entry> Reader::entries(const LogId& log, const Window& window) {
    const Moment moment(database_);
    if (is_deleted(log)) return {};
    const auto walk = [&](Statement& statement, Seq bound, std::size_t limit) {
        std::vector<Entry> found;
        const auto max = static_cast<std::int64_t>(limit);
        for (auto rows = statement.query(key_of(log), log.room(), bound, max); rows.next();)
            found.push_back(read_entry(rows, log));
        return found;
    };
    return read_window(
        window, [&](Seq bound, std::size_t limit) { return walk(entries_down_, bound, limit); },
        [&](Seq bound, std::size_t limit) { return walk(entries_up_, bound, limit); });
}

std::vector<Entry> Reader::entries_since(const LogId& log, Position after, std::size_t max) {
    const Moment moment(database_);
    if (is_deleted(log)) return {};
    const auto last_known = last_seq_until(log, after);
    std::vector<Entry> found;
    const auto limit = static_cast<std::int64_t>(max);
    for (auto rows = entries_up_.query(key_of(log), log.room(), last_known, limit); rows.next();)
        found.push_back(read_entry(rows, log));
    return found;
}

bool Reader::is_deleted(const LogId& log) { return log.kind == LogId::Kind::room && deleted_.query(log.room()).next(); }

/// The seq of the newest entry at or before `position`; 0: none. Seqs are dense and positions grow with them, so that
/// halving finds it without an index; from the end, for who resumes has mostly missed little.
Seq Reader::last_seq_until(const LogId& log, Position position) {
    std::int64_t high = 0;  // what is above is after
    if (auto rows = last_seq_.query(key_of(log)); rows.next()) high = rows.number(0);
    std::int64_t low = high;  // what is at or below may be not after
    for (std::int64_t step = 1; low > 0 && position_of(log, {low}) > position; step *= 2) {
        high = low - 1;
        low = std::max<std::int64_t>(0, low - step);
    }
    while (low < high) {
        const auto middle = low + (high - low + 1) / 2;
        if (position_of(log, {middle}) > position) high = middle - 1;
        else low = middle;
    }
    return {low};
}

Position Reader::position_of(const LogId& log, Seq seq) {
    auto rows = position_.query(key_of(log), seq);
    return rows.next() ? Position{rows.number(0)} : Position{};
}

Result<Message> Reader::message(MessageId id) {
    auto rows = message_by_id_.query(id);
    if (!rows.next()) return no_such_message();
    auto message = read_message(rows);
    if (is_deleted(LogId::of(message.room))) return no_such_message();
    return message;
}

Result<std::vector<MessageVersion>> Reader::history(MessageId id) {
    const Moment moment(database_);
    const auto now = message(id);
    if (!now) return fail(now.error());
    std::vector<MessageVersion> versions;
    if (now->deleted) return versions;
    for (auto rows = versions_.query(now->room, now->seq); rows.next();)
        versions.push_back({rows.text(0), rows.time(1)});
    versions.push_back({now->text, now->edited.value_or(now->created)});
    return versions;
}

std::vector<Unread> Reader::unread(UserId user, const std::vector<Archive::Place>& places) {
    const Moment moment(database_);
    std::vector<Unread> answers;
    answers.reserve(places.size());
    for (const auto& place : places) {
        Unread answer{place.room, 0, 0};
        const auto messages = is_deleted(LogId::of(place.room))
                                  ? 0
                                  : ordinal_until(place.room, end_of_time) - ordinal_until(place.room, place.read);
        if (messages > 0) {
            answer.unread = messages - own_after(user, place);
            answer.mentions = mentions_after(user, place);
        }
        answers.push_back(answer);
    }
    return answers;
}

std::int64_t Reader::ordinal_until(RoomId room, Seq seq) {
    auto rows = ordinal_.query(room, seq);
    return rows.next() ? rows.number(0) : 0;
}

/// Posting moves the marker, so that there is something to count only for who has moved it back, or is no member.
std::int64_t Reader::own_after(UserId user, const Archive::Place& place) {
    Seq posted = end_of_time;
    if (auto rows = posted_.query(place.room, user); rows.next()) posted = rows.seq(0);
    if (posted <= place.read) return 0;
    auto rows = own_.query(place.room, place.read, posted, user);
    return rows.next() ? rows.number(0) : 0;
}

std::int64_t Reader::mentions_after(UserId user, const Archive::Place& place) {
    std::int64_t mentions = 0;
    if (auto rows = mentions_.query(place.room, user, place.read); rows.next()) mentions += rows.number(0);
    if (auto rows = to_all_.query(place.room, place.read, user); rows.next()) mentions += rows.number(0);
    return mentions;
}

Snapshot Reader::load() {
    const Moment moment(database_);
    return read_snapshot(database_);
}

bool Reader::check() { return database_.number("SELECT one FROM meta") == 1; }

}  // namespace makechat::sqlite
