#pragma once

#include "base/result.hpp"

#include <filesystem>

namespace makechat::sqlite {

/// The right to a data folder, which one process at a time has: a lock on its file makechat.lock, which holds the
/// process's number for people to read. It ends with the object, and with the process however that ends.
class FolderLock {
public:
    /// Errors, with texts for who starts the program: conflict (another process has it), internal (the file cannot be
    /// made).
    static Result<FolderLock> take(const std::filesystem::path& folder);

    FolderLock(FolderLock&& other) noexcept;
    FolderLock& operator=(FolderLock&&) = delete;
    ~FolderLock();

private:
    explicit FolderLock(int file) : file_(file) {}
    int file_;
};

}  // namespace makechat::sqlite
