#pragma once

#include "store/sqlite/fault_report.hpp"
#include "store/sqlite/queue.hpp"
#include "store/sqlite/reader.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

namespace makechat::sqlite {

/// Threads that read, each with a connection of its own; they wait neither for the writer nor for each other.
class Readers {
public:
    /// Work must not throw: it catches Failure.
    using Work = std::function<void(Reader&)>;

    /// Throws Failure.
    Readers(const std::filesystem::path& file, std::size_t threads);
    Readers(const Readers&) = delete;
    Readers& operator=(const Readers&) = delete;
    /// Does what waits first.
    ~Readers();

    /// False: limits::reads_waiting_max wait. Threads: any.
    [[nodiscard]] bool offer(Work work) { return queue_.offer(work); }

    /// Of what the work's reads meet. Threads: any.
    FaultReport& faults() { return faults_; }

private:
    void work(Reader& reader);

    FaultReport faults_;
    Queue<Work> queue_;
    std::vector<std::unique_ptr<Reader>> readers_;
    std::vector<std::thread> threads_;
};

}  // namespace makechat::sqlite
