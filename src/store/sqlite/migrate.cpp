#include "store/sqlite/migrate.hpp"

#include "base/id.hpp"
#include "base/log.hpp"
#include "base/sha256.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/log_check.hpp"
#include "store/sqlite/migrations.hpp"
#include "store/sqlite/nonces.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
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

/// SQLite takes an empty file for a new database, and throws away the log that it finds beside it.
bool has_log_alone(const std::filesystem::path& file) {
    const auto size = [](const std::filesystem::path& path) {
        std::error_code missing;
        const auto bytes = std::filesystem::file_size(path, missing);
        return missing ? 0 : bytes;
    };
    return size(file) == 0 && size(file.string() + "-wal") > 0;
}

Error damaged_log(const std::filesystem::path& file) {
    return {
        Code::internal,
        fmt::format("{0}-wal is damaged: some of what was written last cannot be read. Restore the data folder from a "
                    "backup; until then keep its files as they are. Or, to go on without it, run: sqlite3 '{0}' "
                    "'PRAGMA wal_checkpoint(TRUNCATE)'",
                    file.string())};
}

void copy_before(Database& database, const std::filesystem::path& file, int number) {
    const auto copy = fmt::format("{}.before-{}", file.string(), number);
    std::error_code ignored;                 // making it anew tells why
    std::filesystem::remove(copy, ignored);  // of a try that did not get further
    if (const int error = create_private(copy); error != 0)
        throw Failure(SQLITE_CANTOPEN, copy + ": " + std::generic_category().message(error), error);
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
        if (migration.number == 2) move_old_nonces(database);
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
    if (database.number("SELECT count(*) FROM meta") != 1) throw Failure(SQLITE_CORRUPT, "meta is empty");
    // What a killed process has left in the log may never have reached the disk, though the kernel shows it: a failed fsync
    // leaves pages that no later one writes. Nothing may be acknowledged on top of them, so all of it is written anew.
    database.empty_log();
    // SQLite would take what is missing of a last page for zeros.
    std::error_code unknown;
    const auto size = std::filesystem::file_size(file, unknown);
    if (unknown) throw Failure(SQLITE_IOERR, unknown.message(), unknown.value());
    if (size % static_cast<std::uintmax_t>(database.number("PRAGMA page_size")) != 0)
        throw Failure(SQLITE_CORRUPT, "it ends within a page");
    return true;
}

}  // namespace

Result<bool> migrate(const std::filesystem::path& file, Random& random) {
    if (has_log_alone(file)) {
        return fail(
            {Code::internal, fmt::format("{0} is empty or not there, but {0}-wal beside it holds what was written "
                                         "last. Restore the data folder from a backup; until then keep its "
                                         "files as they are.",
                                         file.string())});
    }
    if (const int error = create_private(file); error != 0) {
        return fail({Code::internal, fmt::format("{} cannot be opened: {}. {}", file.string(),
                                                 std::generic_category().message(error), remedy_of(error))});
    }
    try {
        if (!is_log_sound(file.string() + "-wal")) return fail(damaged_log(file));
        Database database(file, Database::Mode::read_write);
        return bring_up(database, file, random);
    } catch (const Failure& failure) {
        return fail(refused_at_start(file, failure));
    }
}

}  // namespace makechat::sqlite
