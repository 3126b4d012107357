#pragma once

#include "chat/ports.hpp"
#include "store/sqlite/database.hpp"

namespace makechat::sqlite {

/// The state that all entries amount to. The caller holds a read transaction. Throws Failure.
chat::Snapshot read_snapshot(Database& database);

}  // namespace makechat::sqlite
