#pragma once

#include "store/sqlite/fault_report.hpp"
#include "store/sqlite/queue.hpp"
#include "store/sqlite/reader.hpp"

#include <condition_variable>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
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

    /// A result of so many bytes goes to who waits for it; `taken` by him before it is answered. While more than
    /// limits::reads_done_bytes_max are on the way, nothing is read, so that slow loops do not make results pile up.
    void done(std::size_t bytes);
    void taken(std::size_t bytes);

private:
    void work(Reader& reader);
    void wait_until_taken();

    std::mutex mutex_;  ///< guards the next three
    std::condition_variable changed_;
    std::size_t done_bytes_ = 0;
    bool closing_ = false;

    FaultReport faults_;
    Queue<Work> queue_;
    std::vector<std::unique_ptr<Reader>> readers_;
    std::vector<std::thread> threads_;
};

}  // namespace makechat::sqlite
