#pragma once

#include "store/sqlite/database.hpp"

#include <atomic>
#include <filesystem>
#include <string>

namespace makechat::sqlite {

/// What the log says of one thing that may fail again and again: once that it fails, with file, cause and remedy, and once
/// that it works again: on a disk that is nearly full small writes go through between the others, so it must have worked
/// some times in a row. Of damage only the first is told, for the next read may well succeed. Threads: any.
class FaultReport {
public:
    static constexpr int in_a_row = 16;

    /// `ability`: "written", for "FILE cannot be written".
    FaultReport(std::filesystem::path file, std::string ability, int works_again_after = in_a_row)
        : file_(std::move(file)), ability_(std::move(ability)), works_again_after_(works_again_after) {}

    void failed(const Failure& failure);
    void worked();

private:
    const std::filesystem::path file_;
    const std::string ability_;
    const int works_again_after_;
    std::atomic<int> worked_ = 0;  ///< since it failed
    std::atomic<bool> failing_ = false;
    std::atomic<bool> damaged_ = false;
};

}  // namespace makechat::sqlite
