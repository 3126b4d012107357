#include "bench/cores.hpp"
#include "bench/raw.hpp"

#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

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

/// The rows that wait for the writer, and word from it. All rows are alike, so a count stands for them.
class Waiting {
public:
    explicit Waiting(std::size_t rows) : rows_(rows) {}

    std::size_t take_all() {
        std::unique_lock lock(mutex_);
        came_.wait(lock, [&] { return rows_ > 0; });
        return std::exchange(rows_, 0);
    }
    void come_back(std::size_t rows) {
        const std::scoped_lock lock(mutex_);
        rows_ += rows;
        came_.notify_one();
    }

private:
    std::mutex mutex_;
    std::condition_variable came_;
    std::size_t rows_;
};

/// Commits what waits until the time is over; hands each batch to those who sent it, who send again.
class Commits {
public:
    Commits(const std::filesystem::path& file, std::size_t row_bytes) : body_(row_bytes, 'x') {
        sqlite3* opened = nullptr;
        sqlite3_open(file.c_str(), &opened);
        database_.reset(opened);
        // As the product has it: a write-ahead log, an fsync for each commit, no checkpoint within one. A row is found by
        // its place in the room and by its id.
        sqlite3_exec(opened,
                     "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;"
                     "CREATE TABLE entries (room INTEGER, seq INTEGER, id BLOB UNIQUE, body BLOB,"
                     " PRIMARY KEY (room, seq)) STRICT, WITHOUT ROWID",
                     nullptr, nullptr, nullptr);
        begin_ = prepare(opened, "BEGIN IMMEDIATE");
        commit_ = prepare(opened, "COMMIT");
        insert_ = prepare(opened, "INSERT INTO entries VALUES (1, ?1, ?2, ?3)");
    }

    /// False when SQLite refused something.
    bool write(std::size_t rows) {
        if (!run(begin_)) return false;
        for (std::size_t i = 0; i < rows; ++i) {
            ++seq_;
            const auto id = fmt::format("{:012}", seq_);  // ids grow with time, as the product's do
            sqlite3_bind_int64(insert_.get(), 1, seq_);
            sqlite3_bind_blob(insert_.get(), 2, id.data(), static_cast<int>(id.size()), SQLITE_STATIC);
            sqlite3_bind_blob(insert_.get(), 3, body_.data(), static_cast<int>(body_.size()), SQLITE_STATIC);
            if (!run(insert_)) return false;
        }
        return run(commit_);
    }

    [[nodiscard]] std::int64_t rows() const { return seq_; }

private:
    Database database_;
    Statement begin_;
    Statement commit_;
    Statement insert_;
    const std::string body_;
    std::int64_t seq_ = 0;
};

/// Rows per second; 0 when SQLite refused something.
double commits(const std::filesystem::path& file, std::size_t waiting, std::size_t row_bytes,
               std::chrono::milliseconds time) {
    Commits commits{file, row_bytes};
    Waiting for_writer{waiting};
    Waiting for_senders{0};
    std::atomic<bool> over = false;
    const std::jthread senders([&] {
        while (!over) for_writer.come_back(for_senders.take_all());
    });
    const auto begun = Clock::now();
    bool refused = false;
    while (!refused && Clock::now() - begun < time) {
        const auto rows = for_writer.take_all();
        refused = !commits.write(rows);
        for_senders.come_back(rows);
    }
    const auto seconds = std::chrono::duration<double>(Clock::now() - begun).count();
    over = true;
    for_senders.come_back(1);
    return refused ? 0 : static_cast<double>(commits.rows()) / seconds;
}

}  // namespace

Result<double> raw_group_commit(const std::filesystem::path& folder, std::size_t waiting, std::size_t row_bytes,
                                std::chrono::milliseconds time, const std::vector<int>& cores) {
    auto result = Pipe::make();
    if (!result) return fail(result.error());
    const auto file = folder / fmt::format("raw-{}.db", Clock::now().time_since_epoch().count());
    const auto process = Process::fork(cores, [&] {
        const double rate = commits(file, waiting, row_bytes, time);
        [[maybe_unused]] const auto written = write(result->writing.number(), &rate, sizeof rate);
    });
    if (!process) return fail(process.error());
    result->writing = {};  // else its end would not be the end of the pipe
    double rate = 0;
    const auto got = read(result->reading.number(), &rate, sizeof rate);
    std::error_code ignored;
    for (const auto* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + suffix, ignored);
    if (got != sizeof rate || rate == 0) return fail({Code::internal, "SQLite cannot write in " + folder.string()});
    return rate;
}

}  // namespace makechat::bench
