#include "support/failing_disk.hpp"

#include <sqlite3.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <mutex>
#include <stdexcept>

namespace makechat {
namespace {

std::atomic<int> writes_left{0};  ///< before they fail; counts only while positive
std::atomic<bool> writes_fail{false};
std::atomic<bool> syncs_fail{false};

/// The methods of one kind of file (a database locks, its log does not) with two of them replaced.
struct Methods {
    sqlite3_io_methods own;
    const sqlite3_io_methods* system = nullptr;
};

sqlite3_vfs* system_disk = nullptr;
sqlite3_vfs disk;
std::mutex mutex;  ///< guards kinds
std::array<Methods, 4> kinds;

const sqlite3_io_methods& system_methods(const sqlite3_file* file) {
    return *reinterpret_cast<const Methods*>(file->pMethods)->system;
}

int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 at) {
    const int left = writes_left > 0 ? --writes_left : -1;
    if (left == 0) writes_fail = true;
    if (writes_fail) return SQLITE_FULL;
    return system_methods(file).xWrite(file, bytes, size, at);
}

int sync(sqlite3_file* file, int flags) {
    if (syncs_fail) return SQLITE_IOERR_FSYNC;
    return system_methods(file).xSync(file, flags);
}

int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out) {
    const int code = system_disk->xOpen(system_disk, name, file, flags, out);
    if (!file->pMethods) return code;
    const std::lock_guard lock(mutex);
    for (auto& kind : kinds) {
        if (!kind.system) {
            kind = {*file->pMethods, file->pMethods};
            kind.own.xWrite = write;
            kind.own.xSync = sync;
        }
        if (kind.system != file->pMethods) continue;
        file->pMethods = &kind.own;
        return code;
    }
    std::abort();
}

}  // namespace

FailingDisk::FailingDisk() {
    heal();
    system_disk = sqlite3_vfs_find(nullptr);
    if (!system_disk) throw std::runtime_error("SQLite has no disk");
    disk = *system_disk;
    disk.zName = "failing";
    disk.xOpen = open;
    sqlite3_vfs_register(&disk, 1);
}

FailingDisk::~FailingDisk() {
    sqlite3_vfs_unregister(&disk);
    sqlite3_vfs_register(system_disk, 1);
}

void FailingDisk::fail_writes_from(int n) {
    writes_left = n > 1 ? n : 0;
    writes_fail = n == 1;
}

void FailingDisk::fail_syncs(bool fails) { syncs_fail = fails; }

void FailingDisk::heal() {
    fail_writes_from(0);
    fail_syncs(false);
}

}  // namespace makechat
