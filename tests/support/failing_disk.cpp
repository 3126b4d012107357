#include "support/failing_disk.hpp"

#include "support/page_cache.hpp"

#include <sqlite3.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>

namespace makechat {
namespace {

using Part = FailingDisk::Part;
using Reads = FailingDisk::Reads;

enum class Writes : std::uint8_t { work, full, read_only };

std::atomic<int> writes_left{0};  ///< before they fail; counts only while positive
std::atomic<Writes> writes{Writes::work};
std::atomic<Part> writes_part{Part::all};
std::atomic<bool> syncs_fail{false};
std::atomic<Reads> reads{Reads::work};
std::atomic<Part> reads_part{Part::all};
std::atomic<int> steps_left{0};  ///< before the power fails; counts only while positive
std::atomic<bool> without_power{false};

sqlite3_vfs* system_disk = nullptr;
sqlite3_vfs disk;
std::unique_ptr<PageCache> cache;

/// An open file; the system's own follows it in memory.
struct File {
    sqlite3_file base;
    std::string path;  ///< empty: temporary
    Part part;
};

constexpr std::size_t file_bytes = (sizeof(File) + 15) / 16 * 16;

File& of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }
sqlite3_file* system_file(sqlite3_file* file) {
    return reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(file) + file_bytes);
}
const sqlite3_io_methods& system_methods(sqlite3_file* file) { return *system_file(file)->pMethods; }

bool hits(Part wanted, Part part) { return wanted == Part::all || wanted == part; }

int failure(int code, int error) {
    errno = error;
    return code;
}

/// Counts a step towards the end of the power; false: there is none.
bool has_power() {
    if (steps_left > 0 && --steps_left == 0) without_power = true;
    return !without_power;
}

int failure_of_write(Part part) {
    if (!has_power()) return failure(SQLITE_IOERR_WRITE, EIO);
    if (writes_left > 0 && --writes_left == 0) writes = Writes::full;
    if (writes == Writes::work || !hits(writes_part, part)) return SQLITE_OK;
    return writes == Writes::full ? failure(SQLITE_FULL, ENOSPC) : failure(SQLITE_IOERR_WRITE, EROFS);
}

int close(sqlite3_file* file) {
    const int code = system_methods(file).xClose(system_file(file));
    of(file).~File();
    return code;
}

int read(sqlite3_file* file, void* bytes, int size, sqlite3_int64 at) {
    const int code = system_methods(file).xRead(system_file(file), bytes, size, at);
    if (reads == Reads::work || !hits(reads_part, of(file).part)) return code;
    if (reads == Reads::fail) return failure(SQLITE_IOERR_READ, EIO);
    std::memset(static_cast<char*>(bytes) + size / 2, 0, static_cast<std::size_t>(size - size / 2));
    return SQLITE_IOERR_SHORT_READ;
}

int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 at) {
    if (const int failed = failure_of_write(of(file).part)) return failed;
    const int code = system_methods(file).xWrite(system_file(file), bytes, size, at);
    if (code == SQLITE_OK && !of(file).path.empty())
        cache->write(of(file).path, static_cast<std::size_t>(at),
                     {static_cast<const char*>(bytes), static_cast<std::size_t>(size)});
    return code;
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
    if (const int failed = failure_of_write(of(file).part)) return failed;
    const int code = system_methods(file).xTruncate(system_file(file), size);
    if (code == SQLITE_OK && !of(file).path.empty()) cache->truncate(of(file).path, static_cast<std::size_t>(size));
    return code;
}

/// The model stands for the disk: a real sync would only take time.
int sync(sqlite3_file* file, int) {
    if (!has_power()) return failure(SQLITE_IOERR_FSYNC, EIO);
    if (syncs_fail) {
        cache->fail_sync(of(file).path);
        return failure(SQLITE_IOERR_FSYNC, EIO);
    }
    cache->sync(of(file).path);
    return SQLITE_OK;
}

int size_of(sqlite3_file* file, sqlite3_int64* size) { return system_methods(file).xFileSize(system_file(file), size); }
int lock(sqlite3_file* file, int level) { return system_methods(file).xLock(system_file(file), level); }
int unlock(sqlite3_file* file, int level) { return system_methods(file).xUnlock(system_file(file), level); }
int check_reserved_lock(sqlite3_file* file, int* out) {
    return system_methods(file).xCheckReservedLock(system_file(file), out);
}
/// Not one to grow the file in advance: that would write past write().
int control(sqlite3_file* file, int operation, void* argument) {
    if (operation == SQLITE_FCNTL_SIZE_HINT || operation == SQLITE_FCNTL_CHUNK_SIZE) return SQLITE_OK;
    return system_methods(file).xFileControl(system_file(file), operation, argument);
}
int sector_size(sqlite3_file* file) { return system_methods(file).xSectorSize(system_file(file)); }
int traits(sqlite3_file* file) { return system_methods(file).xDeviceCharacteristics(system_file(file)); }
int map_index(sqlite3_file* file, int page, int size, int extend, void volatile** out) {
    if (extend != 0 && writes == Writes::full && hits(writes_part, Part::index)) {
        // What is there can be mapped, as on a real full disk.
        const int code = system_methods(file).xShmMap(system_file(file), page, size, 0, out);
        return code != SQLITE_OK || *out ? code : failure(SQLITE_IOERR_SHMSIZE, ENOSPC);
    }
    return system_methods(file).xShmMap(system_file(file), page, size, extend, out);
}
int lock_index(sqlite3_file* file, int offset, int count, int flags) {
    return system_methods(file).xShmLock(system_file(file), offset, count, flags);
}
void index_barrier(sqlite3_file* file) { system_methods(file).xShmBarrier(system_file(file)); }
int unmap_index(sqlite3_file* file, int remove) { return system_methods(file).xShmUnmap(system_file(file), remove); }

constexpr sqlite3_io_methods methods{2,           close,
                                     read,        write,
                                     truncate,    sync,
                                     size_of,     lock,
                                     unlock,      check_reserved_lock,
                                     control,     sector_size,
                                     traits,      map_index,
                                     lock_index,  index_barrier,
                                     unmap_index, nullptr,
                                     nullptr};

Part part_of(std::string_view path) { return path.ends_with("-wal") ? Part::log : Part::database; }

int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out) {
    auto* opened = new (file) File{{nullptr}, name ? name : "", part_of(name ? name : "")};
    int is_there = 0;
    if (name) system_disk->xAccess(system_disk, name, SQLITE_ACCESS_EXISTS, &is_there);
    const int code = system_disk->xOpen(system_disk, name, system_file(file), flags, out);
    if (!system_file(file)->pMethods) {
        opened->~File();
        file->pMethods = nullptr;
        return code;
    }
    if (name) cache->open(name, is_there == 0);
    file->pMethods = &methods;
    return code;
}

int remove(sqlite3_vfs*, const char* name, int sync_folder) {
    if (!has_power()) return failure(SQLITE_IOERR_DELETE, EIO);
    const int code = system_disk->xDelete(system_disk, name, sync_folder);
    if (code == SQLITE_OK) cache->remove(name);
    return code;
}

}  // namespace

FailingDisk::FailingDisk() {
    heal();
    cache = std::make_unique<PageCache>();
    system_disk = sqlite3_vfs_find(nullptr);
    if (!system_disk) throw std::runtime_error("SQLite has no disk");
    disk = *system_disk;
    disk.zName = "failing";
    disk.szOsFile = static_cast<int>(file_bytes) + system_disk->szOsFile;
    disk.xOpen = open;
    disk.xDelete = remove;
    sqlite3_vfs_register(&disk, 1);
}

FailingDisk::~FailingDisk() {
    sqlite3_vfs_unregister(&disk);
    sqlite3_vfs_register(system_disk, 1);
}

void FailingDisk::fail_writes_from(int n) {
    writes_part = Part::all;
    writes_left = n > 1 ? n : 0;
    writes = n == 1 ? Writes::full : Writes::work;
}

void FailingDisk::fill(Part part) {
    writes_left = 0;
    writes_part = part;
    writes = Writes::full;
}

void FailingDisk::make_read_only() {
    fail_writes_from(0);
    writes = Writes::read_only;
}

void FailingDisk::fail_syncs(bool fails) { syncs_fail = fails; }

void FailingDisk::fail_reads(Reads how, Part part) {
    reads_part = part;
    reads = how;
}

void FailingDisk::heal() {
    fail_writes_from(0);
    fail_syncs(false);
    fail_reads(Reads::work);
    cut_power_at(0);
}

void FailingDisk::cut_power_at(int n) {
    steps_left = n;
    without_power = false;
}

void FailingDisk::start_again(FakeRandom& random) {
    cache->lose_power(random);
    heal();
}

}  // namespace makechat
