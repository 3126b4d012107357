#pragma once

#include <span>
#include <string_view>

namespace makechat::sqlite {

/// One step of the schema: migrations/0003_read_markers.sql is version 3, name "0003_read_markers".
struct Migration {
    int version;
    std::string_view name;
    std::string_view sql;
};

/// All of migrations/*.sql, embedded at build time, by version: 1, 2, 3… without holes.
std::span<const Migration> migrations();

}  // namespace makechat::sqlite
