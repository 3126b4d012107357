#pragma once

#include "base/random.hpp"
#include "base/result.hpp"

#include <filesystem>

namespace makechat::sqlite {

/// Makes the database file, or brings it to the schema that this program knows; the caller holds the folder's lock.
/// Before a database that holds something is changed, it is copied to FILE.before-N (N: the first new schema).
/// Errors, with texts for who starts the program: conflict (made by a newer makechat, or by another program), internal
/// (cannot be opened, is damaged, or the disk fails; nothing has changed).
Result<bool> migrate(const std::filesystem::path& file, Random& random);

}  // namespace makechat::sqlite
