#include "bench/cores.hpp"
#include "bench/raw.hpp"

#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <memory>

namespace makechat::bench {
namespace {

using Clock = std::chrono::steady_clock;

struct Close {
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, Close>;
using Statement = std::unique_ptr<sqlite3_stmt, Close>;

Statement prepare(sqlite3* database, const char* sql) {
    sqlite3_stmt* statement = nullptr;
    sqlite3_prepare_v3(database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    return Statement{statement};
}

bool run(const Statement& statement) {
    const int result = sqlite3_step(statement.get());
    sqlite3_reset(statement.get());
    return result == SQLITE_DONE;
}

/// Rows per second; 0 when SQLite refused something.
double commits(const std::filesystem::path& file, std::size_t waiting, std::size_t row_bytes,
               std::chrono::milliseconds time) {
    sqlite3* opened = nullptr;
    if (sqlite3_open(file.c_str(), &opened) != SQLITE_OK) return 0;
    const Database database{opened};
    // As the product has it: a write-ahead log, an fsync for each commit, no checkpoint within one.
    sqlite3_exec(opened,
                 "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;"
                 "CREATE TABLE entries (room INTEGER, seq INTEGER, body BLOB, PRIMARY KEY (room, seq))"
                 " STRICT, WITHOUT ROWID",
                 nullptr, nullptr, nullptr);
    const auto begin = prepare(opened, "BEGIN IMMEDIATE");
    const auto commit = prepare(opened, "COMMIT");
    const auto insert = prepare(opened, "INSERT INTO entries VALUES (1, ?1, ?2)");
    const std::string body(row_bytes, 'x');
    std::int64_t seq = 0;
    const auto begun = Clock::now();
    while (Clock::now() - begun < time) {
        if (!run(begin)) return 0;
        for (std::size_t i = 0; i < waiting; ++i) {
            sqlite3_bind_int64(insert.get(), 1, ++seq);
            sqlite3_bind_blob(insert.get(), 2, body.data(), static_cast<int>(body.size()), SQLITE_STATIC);
            if (!run(insert)) return 0;
        }
        if (!run(commit)) return 0;
    }
    return static_cast<double>(seq) / std::chrono::duration<double>(Clock::now() - begun).count();
}

}  // namespace

Result<double> raw_group_commit(const std::filesystem::path& folder, std::size_t waiting, std::size_t row_bytes,
                                std::chrono::milliseconds time, const std::vector<int>& cores) {
    int ends[2];
    if (pipe(ends) < 0) return fail({Code::internal, "Cannot make a pipe."});
    const Descriptor reading{ends[0]};
    const Descriptor writing{ends[1]};
    const auto file = folder / fmt::format("raw-{}.db", Clock::now().time_since_epoch().count());
    const auto process = Process::fork(cores, [&] {
        const double rate = commits(file, waiting, row_bytes, time);
        [[maybe_unused]] const auto written = write(writing.number(), &rate, sizeof rate);
    });
    if (!process) return fail(process.error());
    double rate = 0;
    const auto got = read(reading.number(), &rate, sizeof rate);
    std::error_code ignored;
    for (const auto* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + suffix, ignored);
    if (got != sizeof rate || rate == 0) return fail({Code::internal, "SQLite cannot write in " + folder.string()});
    return rate;
}

}  // namespace makechat::bench
