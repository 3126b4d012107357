#include "store/sqlite/heads.hpp"

#include "store/sqlite/rows.hpp"

namespace makechat::sqlite {

using namespace chat;

Heads::Heads(Database& database)
    : deleted_(database, "SELECT 1 FROM deleted_rooms WHERE id = ?1"),
      last_seq_(database, "SELECT seq FROM entries WHERE log = ?1 ORDER BY seq DESC LIMIT 1"),
      last_ordinal_(database, "SELECT ordinal FROM messages WHERE room = ?1 ORDER BY seq DESC LIMIT 1") {}

Heads::Head& Heads::of(const LogId& log) {
    if (const auto found = heads_.find(log); found != heads_.end()) return found->second;
    Head head;
    if (log.kind == LogId::Kind::room && deleted_.query(log.room()).next()) return heads_[log] = head;
    if (auto rows = last_seq_.query(key_of(log)); rows.next()) head.seq = rows.seq(0);
    if (log.kind == LogId::Kind::room) {
        if (auto rows = last_ordinal_.query(log.room()); rows.next()) head.ordinal = rows.number(0);
    }
    return heads_[log] = head;
}

}  // namespace makechat::sqlite
