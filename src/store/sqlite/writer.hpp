#pragma once

#include "chat/ports.hpp"
#include "store/sqlite/checkpointer.hpp"
#include "store/sqlite/conflicts.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/fault_report.hpp"
#include "store/sqlite/heads.hpp"
#include "store/sqlite/nonces.hpp"
#include "store/sqlite/projection.hpp"
#include "store/sqlite/queue.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <thread>
#include <variant>
#include <vector>

namespace makechat::sqlite {

/// A change that waits to be written, and what becomes of it.
struct Append {
    Append(chat::Change change, Completion<Result<chat::Commit>>* waiter);

    chat::Batch entries;  ///< their seqs and positions come with the transaction
    std::vector<chat::Fact> rests_on;
    std::vector<chat::Fact> changes;
    chat::Position as_of;
    std::string nonce;
    Completion<Result<chat::Commit>>* done;

    std::optional<Error> refused;
    std::optional<chat::Entry> first;  ///< of the same nonce, committed before: nothing is written
};

struct Record {
    chat::Uses uses;
    Completion<Result<bool>>* done;
};

/// Of what deleted rooms have left, the next piece is deleted.
struct ClearRemains {};

using Job = std::variant<Append, Record, ClearRemains>;

/// The one thread that writes. All that waits is one transaction with one fsync (at most limits::writes_per_commit_max);
/// then the committed entries are handed on, and only then do the writers get their answers.
///
/// When the disk fails, the transaction leaves no trace, all of its jobs are overloaded, and the next one tries again.
/// After a failed fsync nobody knows whether the disk has the commit; should the computer stop before the next commit
/// overwrites it, the entries may be there, and a retry by nonce finds them. Damage met by a job is that job's alone.
class Writer {
public:
    /// Throws Failure.
    Writer(const std::filesystem::path& file, chat::Committed committed);
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;
    /// Writes and answers what waits, then moves the write-ahead log into the database.
    ~Writer();

    /// False: limits::writes_waiting_max wait, or limits::writes_waiting_bytes_max. Threads: any.
    [[nodiscard]] bool offer(Job job);

private:
    enum class Care : std::uint8_t { none, savepoints };

    void work();
    void commit(std::span<Job> jobs);
    std::optional<Error> write(std::span<Job> jobs);
    void write_all(std::span<Job> jobs, Care care);
    void end_transaction();
    void settle_outcome();
    void write_carefully(Job& job);
    void write_one(Job& job);
    void write_one(Append& job);
    void write_one(Record& job) { projection_.record(job.uses); }
    void write_one(ClearRemains&) { projection_.clear_remains(); }
    [[nodiscard]] std::optional<chat::Entry> find_first(const Append& job);
    [[nodiscard]] bool rooms_exist(const chat::Batch& entries);
    void roll_back();
    void abandon();
    void hand_on(std::span<const Job> jobs);
    static void answer(std::span<Job> jobs, const std::optional<Error>& refused);
    void keep_log_short();
    void go_on_clearing();

    Database database_;
    const chat::Committed committed_;
    Heads heads_;
    Projection projection_;
    Nonces nonces_;
    Statement find_nonce_;
    Statement find_entry_;
    Statement update_position_;
    Statement begin_;
    Statement end_;
    chat::Position position_;  ///< of the newest entry, in the present transaction
    chat::Position kept_at_;   ///< of the newest committed entry
    Conflicts conflicts_;
    bool unsettled_ = false;  ///< whether the last transaction was committed is not known
    bool clearing_ = false;   ///< a ClearRemains waits
    int log_pages_ = 0;       ///< in the write-ahead log
    int copied_at_ = 0;       ///< as many were there when the checkpointer was woken
    FaultReport faults_;
    Checkpointer checkpointer_;
    std::shared_ptr<Queue<Job>> queue_;  ///< a loop may still have to wake it when the writer is gone
    std::thread thread_;
};

}  // namespace makechat::sqlite
