#pragma once

#include <cstdint>
#include <filesystem>

namespace makechat::sqlite {

/// Whether acknowledged commits in a write-ahead log have become unreadable. SQLite takes the first frame whose checksum is
/// wrong for the log's end, and drops what follows without a word. After a power failure that is right: what follows is at
/// most the one commit that was being written, for each is synced before the next. Two are damage. So is a header that is
/// neither sound nor empty, for which SQLite drops the whole log. Damage of the last commit cannot be told from a commit
/// that was not finished.
///
/// True: it can be read to its end, or there is none. Throws Failure. Nobody may have the database open.
bool is_log_sound(const std::filesystem::path& log);

}  // namespace makechat::sqlite
