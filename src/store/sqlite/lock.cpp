#include "store/sqlite/lock.hpp"

#include "base/log.hpp"
#include "store/sqlite/database.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

namespace makechat::sqlite {
namespace {

std::string read_all(int file) {
    std::array<char, 32> text{};
    const auto size = pread(file, text.data(), text.size(), 0);
    return {text.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
}

}  // namespace

Result<FolderLock> FolderLock::take(const std::filesystem::path& folder) {
    const auto path = folder / "makechat.lock";
    const auto failed = [&](int error) {
        return fail({Code::internal, fmt::format("{} cannot be locked: {}. {}", path.string(),
                                                 std::generic_category().message(error), remedy_of(error))});
    };
    const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) return failed(errno);
    FolderLock lock(file);
    if (flock(file, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) return failed(errno);
        auto owner = read_all(file);
        while (!owner.empty() && owner.back() == '\n') owner.pop_back();
        return fail({Code::conflict, fmt::format("The data folder {} is in use by the process {}. Two cannot share it: "
                                                 "stop that one, or give another folder.",
                                                 folder.string(), owner.empty() ? "that locks it" : owner)});
    }
    const auto own = std::to_string(getpid()) + "\n";
    // The number is for people alone: a full disk may lack it.
    if (ftruncate(file, 0) != 0 || pwrite(file, own.data(), own.size(), 0) < 0)
        log::debug(fmt::format("{} does not hold this process's number", path.string()));
    return lock;
}

FolderLock::FolderLock(FolderLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

FolderLock::~FolderLock() {
    if (file_ >= 0) close(file_);
}

}  // namespace makechat::sqlite
