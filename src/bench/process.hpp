#pragma once

#include "base/result.hpp"

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace makechat::bench {

/// A process that the bench has started; it ends with its owner at the latest.
class Process {
public:
    Process() = default;
    /// Runs `words` on `cores`, with what it says going to the end of `log`. Error: internal (cannot be started).
    static Result<Process> start(const std::vector<std::string>& words, const std::vector<int>& cores,
                                 const std::filesystem::path& log);
    /// A copy of this process that does `work` on `cores` and ends. Only while there is one thread.
    static Result<Process> fork(const std::vector<int>& cores, const std::function<void()>& work);
    Process(Process&& other) noexcept : id_(std::exchange(other.id_, 0)) {}
    Process& operator=(Process&& other) noexcept;
    ~Process();

    [[nodiscard]] bool runs() const;
    void terminate();                               ///< SIGTERM, and waits for the end
    void kill();                                    ///< SIGKILL, and waits for the end
    [[nodiscard]] std::size_t memory() const;       ///< bytes resident now (VmRSS)
    [[nodiscard]] std::size_t memory_peak() const;  ///< most that were resident (VmHWM)

private:
    explicit Process(pid_t id) : id_(id) {}
    void end(int signal);
    [[nodiscard]] std::size_t status_kib(const char* key) const;

    pid_t id_ = 0;
};

}  // namespace makechat::bench
