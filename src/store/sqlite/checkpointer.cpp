#include "store/sqlite/checkpointer.hpp"

namespace makechat::sqlite {

Checkpointer::Checkpointer(const std::filesystem::path& file)
    : database_(file, Database::Mode::read_write), faults_(file, "brought up to date from its write-ahead log", 1) {
    database_.number("SELECT one FROM meta");  // on a connection that has never read SQLite does nothing, and says ok
    thread_ = std::thread([this] { work(); });
    wake();  // for what a killed process has left
}

Checkpointer::~Checkpointer() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        woken_.notify_one();
    }
    thread_.join();
}

void Checkpointer::wake() {
    const std::lock_guard lock(mutex_);
    wanted_ = true;
    woken_.notify_one();
}

void Checkpointer::work() {
    for (;;) {
        {
            std::unique_lock lock(mutex_);
            woken_.wait(lock, [&] { return wanted_ || stopping_; });
            if (stopping_) return;
            wanted_ = false;
        }
        try {
            if (database_.checkpoint()) faults_.worked();
        } catch (const Failure& failure) {
            faults_.failed(failure);  // nothing is lost: the log keeps what could not be copied
        }
    }
}

}  // namespace makechat::sqlite
