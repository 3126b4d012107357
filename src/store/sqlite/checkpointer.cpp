#include "store/sqlite/checkpointer.hpp"

#include "base/log.hpp"

#include <fmt/format.h>

namespace makechat::sqlite {

Checkpointer::Checkpointer(const std::filesystem::path& file)
    : database_(file, Database::Mode::read_write), thread_([this] { work(); }) {
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
            database_.checkpoint();
        } catch (const Failure& failure) {
            // Nothing is lost: the log keeps what could not be copied. The writer tells of a failing disk.
            log::debug(fmt::format("sqlite: checkpoint: {}", failure.what()));
        }
    }
}

}  // namespace makechat::sqlite
