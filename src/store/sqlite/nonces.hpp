#pragma once

#include "base/limits.hpp"
#include "base/sha256.hpp"
#include "chat/ids.hpp"
#include "store/sqlite/database.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace makechat::sqlite {

/// Which nonces have been used, so far back as a retry may come: the last limits::nonces_kept_min at least, twice as many
/// at most. An index on disk would cost each message a random page; here a commit appends one row, and the index is in
/// memory, 22 to 43 bytes a nonce, read back from those rows at start.
///
/// It holds hashes: what it finds may be another's nonce, and the message itself tells. Threads: the writer's.
class Nonces {
public:
    /// Reads what is kept. Throws Failure.
    explicit Nonces(Database& database, std::size_t kept_min = limits::nonces_kept_min);

    using Hash = std::uint64_t;

    [[nodiscard]] Hash hash(chat::RoomId room, chat::UserId sender, std::string_view nonce) const;
    /// Messages in the nonce's room that may be the one which has used it.
    [[nodiscard]] std::vector<chat::Seq> find(Hash hash) const;

    /// Used by the message `seq`, if its transaction is committed.
    void note(Hash hash, chat::Seq seq);
    [[nodiscard]] std::size_t noted() const { return noted_.size(); }
    /// Of what was noted, all but the first `count` will not be committed.
    void drop_from(std::size_t count);
    /// What was noted, as part of the transaction that ends at `position`. Throws Failure.
    void write(chat::Position position);
    /// What was noted since the last call of either is committed, or never was.
    void keep();
    void drop() { drop_from(0); }

private:
    struct Used {
        Hash hash = 0;
        std::int64_t seq = 0;  ///< 0: a free slot
    };
    /// Open addressing: a quarter of it is free at least.
    class Table {
    public:
        void insert(Used used);
        void find(Hash hash, std::vector<chat::Seq>& found) const;
        void clear();
        [[nodiscard]] std::size_t size() const { return size_; }

    private:
        void place(Used used);

        std::vector<Used> slots_;
        std::size_t size_ = 0;
    };

    void add(Used used, chat::Position position);

    const std::size_t kept_min_;
    SecretHash key_;  ///< nobody can choose nonces that share a hash
    Statement insert_;
    Statement delete_;
    Table now_;
    Table before_;                ///< the generation of nonces before those in now_
    chat::Position now_from_;     ///< of the first row in now_
    chat::Position before_from_;  ///< of the first row in before_
    bool outdated_ = false;       ///< there may be rows before that
    std::vector<Used> noted_;
    Table noted_index_;
    chat::Position noted_at_;
};

/// For the migration that made this of a table of all nonces. Throws Failure.
void move_old_nonces(Database& database);

}  // namespace makechat::sqlite
