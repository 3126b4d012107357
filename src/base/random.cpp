#include "base/random.hpp"

#include <sodium.h>

namespace makechat {

void SystemRandom::fill(std::span<std::uint8_t> bytes) { randombytes_buf(bytes.data(), bytes.size()); }

std::string random_word(Random& random, std::size_t length) {
    constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
    constexpr std::uint8_t fair_max =
        256 / alphabet.size() * alphabet.size() - 1;  // above it the modulo would be skewed
    std::string word;
    word.reserve(length);
    std::array<std::uint8_t, 64> bytes{};
    while (word.size() < length) {
        random.fill(bytes);
        for (const auto byte : bytes) {
            if (byte <= fair_max && word.size() < length) word.push_back(alphabet[byte % alphabet.size()]);
        }
    }
    return word;
}

IdSource::IdSource(const Clock& clock, Random& random) : clock_(clock) {
    random.fill(process_);
    std::array<std::uint8_t, 4> start{};
    random.fill(start);
    // The top bit stays free: a process has room for 8 million ids before the counter wraps within one second.
    counter_ = (start[0] | start[1] << 8U | start[2] << 16U) & 0x7FFFFFU;
}

std::array<std::uint8_t, 12> IdSource::next_bytes() {
    const auto seconds = static_cast<std::uint32_t>(to_millis(clock_.now()) / 1000);
    const std::uint32_t count = counter_.fetch_add(1, std::memory_order_relaxed);
    std::array<std::uint8_t, 12> bytes{};
    for (unsigned i = 0; i < 4; ++i) bytes[i] = static_cast<std::uint8_t>(seconds >> (24 - 8 * i));
    for (unsigned i = 0; i < 5; ++i) bytes[4 + i] = process_[i];
    for (unsigned i = 0; i < 3; ++i) bytes[9 + i] = static_cast<std::uint8_t>(count >> (16 - 8 * i));
    return bytes;
}

}  // namespace makechat
