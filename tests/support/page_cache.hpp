#pragma once

#include "support/fake_random.hpp"

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace makechat {

/// What the kernel holds of some files, and what of it the disk has: a computer that can lose its power. Pages are 4 KiB
/// in the cache and 512 bytes on the disk, and reach it in any order, unless a sync has put them there.
/// Threads: any.
class PageCache {
public:
    /// A file as it is found: all of it is on the disk, unless it was made just now. One that is known already stays as it
    /// is.
    void open(const std::string& path, bool is_new);
    void write(const std::string& path, std::size_t at, std::string_view bytes);
    void truncate(const std::string& path, std::size_t size);
    /// Known to the folder on the disk only with the next sync of it.
    void remove(const std::string& path);

    /// The first one of a new file is one of its folder too, as SQLite does it.
    void sync(const std::string& path);
    /// The pages that wait are taken for written and are not, as Linux does it: no later sync brings them to the disk,
    /// only writing them again does.
    void fail_sync(const std::string& path);

    /// The power fails and comes back: the files become what the disk has, with a part of what waited, as chance has it.
    void lose_power(FakeRandom& random);

private:
    struct File {
        std::string cached;
        std::string on_disk;
        std::map<std::size_t, std::vector<std::string>> waiting;  ///< page: its forms since the last sync
        bool cut = false;                                         ///< made shorter since the last sync
        bool exists = false;  ///< no longer: it was removed, but the folder on the disk may still name it
        bool named = true;    ///< by the folder on the disk
    };

    static void settle(File& file, FakeRandom& random);

    std::mutex mutex_;
    std::map<std::string, File> files_;
};

}  // namespace makechat
