#pragma once

#include "base/id.hpp"
#include "base/time.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <span>
#include <string>

namespace makechat {

/// Where chance comes from, so that tests can repeat it. Threads: any.
class Random {
public:
    virtual ~Random() = default;
    /// Fills `bytes` with unpredictable bytes.
    virtual void fill(std::span<std::uint8_t> bytes) = 0;
};

/// The kernel's generator: fit for secrets.
class SystemRandom final : public Random {
public:
    void fill(std::span<std::uint8_t> bytes) override;
};

/// `length` characters of a-z0-9, each equally likely: tokens (32), set-up codes.
std::string random_word(Random& random, std::size_t length);

/// Makes ObjectIds that grow with time and, within a process, with each call. Threads: any.
class IdSource {
public:
    IdSource(const Clock& clock, Random& random);

    template <class IdType>
    IdType next() {
        return IdType{next_bytes()};
    }

private:
    std::array<std::uint8_t, 12> next_bytes();

    const Clock& clock_;
    std::array<std::uint8_t, 5> process_{};
    std::atomic<std::uint32_t> counter_;
};

}  // namespace makechat
