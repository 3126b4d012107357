# cmake -P embed_migrations.cmake <out.cpp> <0001_name.sql>...: the files, in order of their numbers, as
# makechat::sqlite::migrations(). Numbers run 1, 2, 3… without holes, so that a merge cannot hide one.
set(out ${CMAKE_ARGV3})
set(files)
if(CMAKE_ARGC GREATER 4)
    math(EXPR last "${CMAKE_ARGC} - 1")
    foreach(i RANGE 4 ${last})
        list(APPEND files ${CMAKE_ARGV${i}})
    endforeach()
endif()
list(SORT files)

set(rows "")
set(version 0)
foreach(path IN LISTS files)
    cmake_path(GET path STEM name)
    if(NOT name MATCHES "^0*([1-9][0-9]*)_[a-z0-9_]+$")
        message(FATAL_ERROR "${path}: a migration is named like 0003_read_markers.sql")
    endif()
    math(EXPR version "${version} + 1")
    if(NOT CMAKE_MATCH_1 EQUAL version)
        message(FATAL_ERROR "${path}: the next migration is number ${version}")
    endif()
    file(READ "${path}" sql)
    string(FIND "${sql}" ")_sql_\"" clash)
    if(NOT clash EQUAL -1)
        message(FATAL_ERROR "${path}: contains the end of a raw string literal")
    endif()
    string(APPEND rows "    Migration{${version}, \"${name}\", R\"_sql_(${sql})_sql_\"},\n")
endforeach()

file(WRITE "${out}" "// Made by cmake/embed_migrations.cmake; do not edit.
#include \"store/sqlite/migrations.hpp\"

#include <array>

namespace makechat::sqlite {

static constexpr std::array<Migration, ${version}> all{
${rows}};

std::span<const Migration> migrations() { return all; }

}  // namespace makechat::sqlite
")
