#pragma once

#include "support/fake_random.hpp"

#include <cstdint>

namespace makechat {

/// A disk that fails on demand, under every SQLite database opened while the object lives, and a computer that loses its
/// power. One at a time. Threads: any.
class FailingDisk {
public:
    /// Of what belongs to a database: its file, the write-ahead log FILE-wal, the index of that in FILE-shm.
    enum class Part : std::uint8_t { all, database, log, index };
    enum class Reads : std::uint8_t { work, fail, come_short };

    FailingDisk();
    FailingDisk(const FailingDisk&) = delete;
    FailingDisk& operator=(const FailingDisk&) = delete;
    ~FailingDisk();

    /// From the nth write on (1: the next) all fail as on a full disk; 0: none.
    void fail_writes_from(int n);
    /// No room in this part.
    void fill(Part part);
    /// Writes fail as where the kernel has made the file system read-only.
    void make_read_only();
    /// From now on fsync fails. What was written since the last one never reaches the disk, unless it is written again.
    void fail_syncs(bool fails);
    void fail_reads(Reads how, Part part = Part::all);
    /// All is well again.
    void heal();

    /// The nth write, sync or removal from now (1: the next) is the first that is not carried out any more.
    void cut_power_at(int n);
    /// The power is back and all is well: the files are what the disk has. Nobody may have them open.
    void start_again(FakeRandom& random);
};

}  // namespace makechat
