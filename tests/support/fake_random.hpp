#pragma once

#include "base/random.hpp"

#include <cstdint>
#include <mutex>
#include <random>
#include <span>

namespace makechat {

/// The same chance again for the same seed. A failing test prints its seed. Threads: any.
class FakeRandom final : public Random {
public:
    explicit FakeRandom(std::uint64_t seed = 1) : generator_(seed) {}

    void fill(std::span<std::uint8_t> bytes) override {
        const std::lock_guard lock(mutex_);
        for (auto& byte : bytes) byte = static_cast<std::uint8_t>(generator_());
    }

    /// 0 … end - 1.
    std::size_t below(std::size_t end) {
        const std::lock_guard lock(mutex_);
        return static_cast<std::size_t>(generator_() % end);
    }

private:
    std::mutex mutex_;
    std::mt19937_64 generator_;
};

}  // namespace makechat
