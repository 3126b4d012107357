#include "store/sqlite/nonces.hpp"

#include "store/sqlite/rows.hpp"

#include <sodium.h>
#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

namespace makechat::sqlite {

using namespace chat;

namespace {

constexpr int rows_dropped_at_once = 4;  ///< with each commit, which adds one

SecretHash cursor_key_of(Database& database) {
    Statement select{database, "SELECT cursor_key FROM meta"};
    auto rows = select.query();
    if (!rows.next()) throw Failure(SQLITE_CORRUPT, "meta is empty");
    SecretHash key{};
    rows.copy(0, key);
    return key;
}

}  // namespace

void Nonces::Table::insert(Used used) {
    if ((size_ + 1) * 4 > slots_.size() * 3) {
        constexpr std::size_t slots_min = 64;
        const auto old = std::exchange(slots_, std::vector<Used>(std::max(slots_min, slots_.size() * 2)));
        for (const auto& each : old) {
            if (each.seq != 0) place(each);
        }
    }
    place(used);
    ++size_;
}

void Nonces::Table::place(Used used) {
    auto slot = used.hash & (slots_.size() - 1);
    while (slots_[slot].seq != 0) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = used;
}

void Nonces::Table::find(Hash hash, std::vector<Seq>& found) const {
    if (slots_.empty()) return;
    for (auto slot = hash & (slots_.size() - 1); slots_[slot].seq != 0; slot = (slot + 1) & (slots_.size() - 1)) {
        if (slots_[slot].hash == hash) found.push_back({slots_[slot].seq});
    }
}

void Nonces::Table::clear() {
    if (size_ > 0) std::ranges::fill(slots_, Used{});
    size_ = 0;
}

Nonces::Nonces(Database& database, std::size_t kept_min)
    : kept_min_(kept_min),
      key_(cursor_key_of(database)),
      insert_(database, "INSERT INTO recent_nonces (position, nonces) VALUES (?1, ?2)"),
      delete_(database,
              "DELETE FROM recent_nonces WHERE position IN"
              " (SELECT position FROM recent_nonces WHERE position < ?1 ORDER BY position LIMIT ?2)") {
    Statement select{database, "SELECT position, nonces FROM recent_nonces ORDER BY position"};
    for (auto rows = select.query(); rows.next();) {
        const Position position{rows.number(0)};
        const auto bytes = rows.bytes(1);
        for (std::size_t at = 0; at + sizeof(Used) <= bytes.size(); at += sizeof(Used)) {
            Used used;
            std::memcpy(&used, bytes.data() + at, sizeof used);
            add(used, position);
        }
    }
}

Nonces::Hash Nonces::hash(RoomId room, UserId sender, std::string_view nonce) const {
    std::string text;
    text.append(reinterpret_cast<const char*>(room.bytes.data()), room.bytes.size());
    text.append(reinterpret_cast<const char*>(sender.bytes.data()), sender.bytes.size());
    text.append(nonce);
    Hash hash = 0;
    static_assert(crypto_shorthash_KEYBYTES <= sizeof(SecretHash) && crypto_shorthash_BYTES == sizeof hash);
    crypto_shorthash(reinterpret_cast<unsigned char*>(&hash), reinterpret_cast<const unsigned char*>(text.data()),
                     text.size(), key_.data());
    return hash;
}

std::vector<Seq> Nonces::find(Hash hash) const {
    std::vector<Seq> found;
    noted_index_.find(hash, found);
    now_.find(hash, found);
    before_.find(hash, found);
    return found;
}

void Nonces::note(Hash hash, Seq seq) {
    noted_.push_back({hash, seq.value});
    noted_index_.insert(noted_.back());
}

void Nonces::drop_from(std::size_t count) {
    noted_.resize(std::min(count, noted_.size()));
    noted_index_.clear();
    for (const auto& used : noted_) noted_index_.insert(used);
}

void Nonces::write(Position position) {
    noted_at_ = position;
    if (noted_.empty()) return;
    insert_.run(position, Bytes(reinterpret_cast<const std::uint8_t*>(noted_.data()), noted_.size() * sizeof(Used)));
    if (outdated_) outdated_ = delete_.run(before_from_, std::int64_t{rows_dropped_at_once}) == rows_dropped_at_once;
}

void Nonces::keep() {
    for (const auto& used : noted_) add(used, noted_at_);
    drop_from(0);
}

/// A full generation is the older one from then on, and the one before it is forgotten.
void Nonces::add(Used used, Position position) {
    if (now_.size() >= kept_min_) {
        before_ = std::exchange(now_, {});
        before_from_ = now_from_;
        outdated_ = true;
    }
    if (now_.size() == 0) now_from_ = position;
    now_.insert(used);
}

void move_old_nonces(Database& database) {
    Nonces nonces(database);
    Statement old{database,
                  "SELECT n.room, n.sender, n.nonce, n.seq FROM nonces n"
                  " JOIN messages m ON m.room = n.room AND m.seq = n.seq ORDER BY m.id"};
    Statement position{database, "SELECT position FROM entries WHERE log = ?1 AND seq = ?2"};
    for (auto rows = old.query(); rows.next();) {
        const auto room = rows.id<RoomId>(0);
        auto entry = position.query(key_of(LogId::of(room)), rows.seq(3));
        if (!entry.next()) throw Failure(SQLITE_CORRUPT, "a message without its entry");
        nonces.note(nonces.hash(room, rows.id<UserId>(1), rows.text(2)), rows.seq(3));
        nonces.write({entry.number(0)});
        nonces.keep();
    }
    database.run("DROP TABLE nonces");
}

}  // namespace makechat::sqlite
