#pragma once

#include "store/sqlite/database.hpp"
#include "store/sqlite/fault_report.hpp"

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

namespace makechat::sqlite {

/// Copies the write-ahead log into the database beside the writer, on a connection and a thread of its own, so that no
/// commit waits for it.
class Checkpointer {
public:
    explicit Checkpointer(const std::filesystem::path& file);
    Checkpointer(const Checkpointer&) = delete;
    Checkpointer& operator=(const Checkpointer&) = delete;
    ~Checkpointer();

    /// Never waits. Threads: any.
    void wake();

    /// Of copying the log, whoever does it. Threads: any.
    FaultReport& faults() { return faults_; }

private:
    void work();

    Database database_;  ///< the thread's
    FaultReport faults_;
    std::mutex mutex_;
    std::condition_variable woken_;
    bool wanted_ = false;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace makechat::sqlite
