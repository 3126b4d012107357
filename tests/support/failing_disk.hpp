#pragma once

/// A disk that fails on demand, under every SQLite database opened while the object lives. One at a time.
/// Threads: any.
namespace makechat {

class FailingDisk {
public:
    FailingDisk();
    FailingDisk(const FailingDisk&) = delete;
    FailingDisk& operator=(const FailingDisk&) = delete;
    ~FailingDisk();

    /// From the nth write on (1: the next) all fail as on a full disk; 0: none.
    void fail_writes_from(int n);
    /// From now on nothing that is written reaches the disk: fsync fails.
    void fail_syncs(bool fails);
    /// All is well again.
    void heal();
};

}  // namespace makechat
