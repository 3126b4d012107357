#pragma once

#include "store/sqlite/database.hpp"

#include <atomic>
#include <filesystem>
#include <string>

namespace makechat::sqlite {

/// What the log says of one thing that may fail again and again: once that it fails, with file, cause and remedy, and once
/// that it works again. Of damage only the first is told, for the next read may well succeed. Threads: any.
class FaultReport {
public:
    /// `ability`: "written", for "FILE cannot be written".
    FaultReport(std::filesystem::path file, std::string ability)
        : file_(std::move(file)), ability_(std::move(ability)) {}

    void failed(const Failure& failure);
    void worked();

private:
    const std::filesystem::path file_;
    const std::string ability_;
    std::atomic<bool> failing_ = false;
    std::atomic<bool> damaged_ = false;
};

}  // namespace makechat::sqlite
