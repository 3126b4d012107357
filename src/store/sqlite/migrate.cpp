#include "store/sqlite/migrate.hpp"

#include "base/id.hpp"
#include "base/log.hpp"
#include "base/sha256.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/migrations.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace makechat::sqlite {
namespace {

/// "mkch" in the file's header: this is makechat's.
constexpr std::int64_t application_id = 0x6D6B6368;

/// Only its owner may read a database; SQLite gives its side files the same mode.
int create_private(const std::filesystem::path& file) {
    const int created = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (created < 0) return errno;
    close(created);
    return 0;
}

void copy_before(Database& database, const std::filesystem::path& file, int number) {
    const auto copy = fmt::format("{}.before-{}", file.string(), number);
    std::filesystem::remove(copy);  // of a try that did not get further
    if (const int error = create_private(copy); error != 0)
        throw Failure(0, copy + ": " + std::generic_category().message(error));
    Statement vacuum{database, "VACUUM INTO ?1"};
    vacuum.run(copy);
    log::info(fmt::format("sqlite: the database before schema {} is kept as {}", number, copy));
}

void make_meta(Database& database, Random& random) {
    Id<struct ServerTag> server;
    SecretHash key{};
    random.fill(server.bytes);
    random.fill(key);
    Statement insert{database, "INSERT INTO meta (one, position, server_id, cursor_key) VALUES (1, 0, ?1, ?2)"};
    insert.run(to_hex(server), key);
}

void apply(Database& database, const Migration& migration, Random& random) {
    database.run("BEGIN EXCLUSIVE");
    try {
        database.run(std::string(migration.sql));
        if (migration.number == 1) make_meta(database, random);
        database.run(fmt::format("PRAGMA user_version = {}", migration.number));
        database.run("COMMIT");
    } catch (const Failure&) {
        if (database.in_transaction()) database.run("ROLLBACK");
        throw;
    }
}

Result<bool> bring_up(Database& database, const std::filesystem::path& file, Random& random) {
    const auto version = database.number("PRAGMA user_version");
    const auto tables = database.number("SELECT count(*) FROM sqlite_schema");
    const bool is_new = version == 0 && tables == 0;
    if (!is_new && database.number("PRAGMA application_id") != application_id)
        return fail({Code::conflict, fmt::format("{} is a database of another program.", file.string())});
    const auto known = static_cast<std::int64_t>(migrations().size());
    if (version > known) {
        return fail({Code::conflict,
                     fmt::format("{} was written by a newer makechat (schema {}, this program knows {}). Run that one, "
                                 "or restore a backup from before.",
                                 file.string(), version, known)});
    }
    if (is_new) database.run(fmt::format("PRAGMA application_id = {}", application_id));
    if (const auto mode = database.text("PRAGMA journal_mode = WAL"); mode != "wal")
        return fail({Code::internal,
                     fmt::format("{}: this file system does not carry SQLite's write-ahead log.", file.string())});
    database.run("PRAGMA synchronous = FULL");
    if (!is_new && version < known) copy_before(database, file, static_cast<int>(version) + 1);
    for (const auto& migration : migrations()) {
        if (migration.number > version) apply(database, migration, random);
    }
    if (database.number("SELECT count(*) FROM meta") != 1) throw Failure(0, "meta is empty");
    return true;
}

}  // namespace

Result<bool> migrate(const std::filesystem::path& file, Random& random) {
    if (const int error = create_private(file); error != 0) {
        return fail({Code::internal,
                     fmt::format("{} cannot be opened: {}.", file.string(), std::generic_category().message(error))});
    }
    try {
        Database database(file, Database::Mode::read_write);
        return bring_up(database, file, random);
    } catch (const Failure& failure) {
        if (failure.is_damage()) {
            return fail(
                {Code::internal, fmt::format("{} is damaged ({}). Restore it from a backup; until then keep the "
                                             "file as it is.",
                                             file.string(), failure.what())});
        }
        return fail({Code::internal, fmt::format("{} cannot be used: {}.", file.string(), failure.what())});
    }
}

}  // namespace makechat::sqlite
