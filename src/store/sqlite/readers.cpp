#include "store/sqlite/readers.hpp"

#include "base/limits.hpp"

namespace makechat::sqlite {

Readers::Readers(const std::filesystem::path& file, std::size_t threads)
    : faults_(file, "read"), queue_(limits::reads_waiting_max) {
    for (std::size_t i = 0; i < threads; ++i) readers_.push_back(std::make_unique<Reader>(file));
    for (auto& reader : readers_) threads_.emplace_back([this, &reader] { work(*reader); });
}

Readers::~Readers() {
    queue_.close();
    {
        const std::lock_guard lock(mutex_);
        closing_ = true;  // the loops that would take results may have ended
    }
    changed_.notify_all();
    for (auto& thread : threads_) thread.join();
}

void Readers::work(Reader& reader) {
    std::vector<Work> taken;
    while (queue_.take(taken, 1)) {
        wait_until_taken();
        taken.front()(reader);
        taken.clear();
    }
}

void Readers::wait_until_taken() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return closing_ || done_bytes_ <= limits::reads_done_bytes_max; });
}

void Readers::done(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    done_bytes_ += bytes;
}

void Readers::taken(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    const bool waited = done_bytes_ > limits::reads_done_bytes_max;
    done_bytes_ -= bytes;
    if (waited) changed_.notify_all();
}

}  // namespace makechat::sqlite
