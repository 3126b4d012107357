#pragma once

#include <span>
#include <string_view>

namespace makechat::sqlite {

/// One step from a schema to the next: a file of migrations/, put into the program by the build.
struct Migration {
    int number;             ///< the schema's version after it: 1, 2, 3, … without holes
    std::string_view name;  ///< 0001_start
    std::string_view sql;
};

/// All that this program knows, ascending.
std::span<const Migration> migrations();

}  // namespace makechat::sqlite
