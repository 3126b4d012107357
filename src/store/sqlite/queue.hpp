#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <mutex>
#include <utility>
#include <vector>

namespace makechat::sqlite {

/// Work on its way to threads that do it. Past either bound it is refused, and nobody waits. Threads: any.
template <class Work>
class Queue {
public:
    explicit Queue(std::size_t waiting_max, std::size_t bytes_max = std::numeric_limits<std::size_t>::max())
        : waiting_max_(waiting_max), bytes_max_(bytes_max) {}

    /// `bytes`: what the work keeps in memory while it waits. False: full, or closed; `work` stays the caller's.
    [[nodiscard]] bool offer(Work& work, std::size_t bytes = 0) {
        const std::lock_guard lock(mutex_);
        if (!take_in(work, bytes)) return false;
        if (sleeping_ > 0) offered_.notify_one();
        return true;
    }

    /// As offer, but who sleeps in `take` sleeps on until somebody calls `wake`. `wake_wanted`: `by` is to do it soon. Each
    /// who offers is asked, so that nobody's work waits for another's wake.
    enum class Offered : std::uint8_t { refused, taken, wake_wanted };
    [[nodiscard]] Offered offer_quietly(Work& work, std::size_t bytes, const void* by) {
        const std::lock_guard lock(mutex_);
        if (!take_in(work, bytes)) return Offered::refused;
        if (sleeping_ == 0 || woken_ || std::ranges::find(asked_, by) != asked_.end()) return Offered::taken;
        asked_.push_back(by);
        return Offered::wake_wanted;
    }

    void wake() {
        const std::lock_guard lock(mutex_);
        if (asked_.empty()) return;  // another came first
        woken_ = true;
        offered_.notify_one();
    }

    /// Sleeps until there is work, and moves the oldest of it, at most `max`, to the end of `taken`.
    /// False: the queue is closed and empty.
    bool take(std::vector<Work>& taken, std::size_t max) {
        std::unique_lock lock(mutex_);
        ++sleeping_;
        offered_.wait(lock, [&] { return closed_ || (!waiting_.empty() && (woken_ || asked_.empty())); });
        --sleeping_;
        woken_ = false;
        asked_.clear();
        while (!waiting_.empty() && max > 0) {
            taken.push_back(std::move(waiting_.front().work));
            bytes_ -= waiting_.front().bytes;
            waiting_.pop_front();
            --max;
        }
        return !taken.empty();
    }

    /// Nothing more is taken in; what waits is still given out.
    void close() {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        offered_.notify_all();
    }

private:
    struct Waiting {
        Work work;
        std::size_t bytes;
    };

    /// Guarded by mutex_.
    bool take_in(Work& work, std::size_t bytes) {
        if (closed_ || waiting_.size() >= waiting_max_) return false;
        if (bytes_ > 0 && bytes_ + bytes > bytes_max_)
            return false;  // alone, even what is over the bound gets its turn
        waiting_.push_back({std::move(work), bytes});
        bytes_ += bytes;
        return true;
    }

    const std::size_t waiting_max_;
    const std::size_t bytes_max_;
    std::mutex mutex_;  ///< guards all below
    std::condition_variable offered_;
    std::deque<Waiting> waiting_;
    std::size_t bytes_ = 0;
    std::size_t sleeping_ = 0;
    std::vector<const void*> asked_;  ///< to wake who sleeps
    bool woken_ = false;              ///< by one of them, and has not come to it yet
    bool closed_ = false;
};

}  // namespace makechat::sqlite
