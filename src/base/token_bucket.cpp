#include "base/token_bucket.hpp"

#include <sodium.h>

#include <algorithm>
#include <charconv>
#include <vector>

namespace makechat {

namespace {

constexpr int count_max = 1'000'000;
constexpr int seconds_max = 86'400;

/// A whole number of 1 to `max`, and nothing else.
std::optional<int> parse_number(std::string_view text, int max) {
    int number = 0;
    const auto* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{} || stopped != end || number < 1 || number > max) return std::nullopt;
    return number;
}

}  // namespace

Result<Rate> Rate::parse(std::string_view text) {
    if (text == "off") return Rate{.off = true};
    const auto slash = text.find('/');
    if (slash != std::string_view::npos) {
        const auto count = parse_number(text.substr(0, slash), count_max);
        const auto per = parse_number(text.substr(slash + 1), seconds_max);
        if (count && per) return Rate{.count = *count, .per = std::chrono::seconds{*per}};
    }
    return fail({Code::bad_parameter,
                 "A rate is COUNT/SECONDS, such as 600/60 (up to 1000000 in up to 86400 seconds), or 'off'."});
}

TokenBuckets::TokenBuckets(Rate rate, std::size_t keys_max)
    : rate_(rate), per_token_(Now{rate.per} / std::max(rate.count, 1)), keys_per_shard_max_(keys_max / shards) {
    randombytes_buf(hash_key_.data(), hash_key_.size());
}

TokenBuckets::Wait TokenBuckets::take(std::uint64_t key, Now now) {
    if (rate_.off) return std::nullopt;
    auto& shard = shard_of(key);
    const std::scoped_lock lock(shard.guard);
    auto found = shard.full_at.find(key);
    if (found == shard.full_at.end()) {
        if (shard.full_at.size() >= keys_per_shard_max_) drop_fullest(shard, now);
        found = shard.full_at.emplace(key, now).first;
    }
    const auto must_wait = wait(found->second, now);
    if (!must_wait) found->second = std::max(found->second, now) + per_token_;
    return must_wait;
}

TokenBuckets::Wait TokenBuckets::check(std::uint64_t key, Now now) const {
    if (rate_.off) return std::nullopt;
    const auto& shard = shard_of(key);
    const std::scoped_lock lock(shard.guard);
    const auto found = shard.full_at.find(key);
    return found == shard.full_at.end() ? std::nullopt : wait(found->second, now);
}

void TokenBuckets::give_back(std::uint64_t key) {
    auto& shard = shard_of(key);
    const std::scoped_lock lock(shard.guard);
    const auto found = shard.full_at.find(key);
    if (found != shard.full_at.end()) found->second -= per_token_;
}

/// There is a token while one more would not put the moment of being full further off than an empty bucket's.
TokenBuckets::Wait TokenBuckets::wait(Now full_at, Now now) const {
    const auto too_far = std::max(full_at, now) + per_token_ - (now + per_token_ * rate_.count);
    if (too_far <= Now{0}) return std::nullopt;
    return std::chrono::ceil<std::chrono::seconds>(too_far);
}

/// An eighth at once, so that a flood of new keys pays for the search only now and then.
void TokenBuckets::drop_fullest(Shard& shard, Now now) {
    std::vector<Now> times;
    times.reserve(shard.full_at.size());
    for (const auto& [key, full_at] : shard.full_at) times.push_back(full_at);
    const auto eighth = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 8);
    std::ranges::nth_element(times, eighth);
    const auto until = times.empty() ? now : std::max(*eighth, now);
    std::erase_if(shard.full_at, [&](const auto& each) { return each.second <= until; });
}

std::size_t TokenBuckets::keys() const {
    std::size_t sum = 0;
    for (const auto& shard : shards_) {
        const std::scoped_lock lock(shard.guard);
        sum += shard.full_at.size();
    }
    return sum;
}

std::uint64_t TokenBuckets::hash(std::string_view key) const {
    std::uint64_t hash = 0;
    static_assert(crypto_shorthash_BYTES == sizeof hash && crypto_shorthash_KEYBYTES == sizeof hash_key_);
    crypto_shorthash(reinterpret_cast<unsigned char*>(&hash), reinterpret_cast<const unsigned char*>(key.data()),
                     key.size(), hash_key_.data());
    return hash;
}

TokenBuckets::Shard& TokenBuckets::shard_of(std::uint64_t key) {
    return shards_[(key * 0x9E3779B97F4A7C15U >> 32U) % shards];
}

const TokenBuckets::Shard& TokenBuckets::shard_of(std::uint64_t key) const {
    return const_cast<TokenBuckets*>(this)->shard_of(key);
}

}  // namespace makechat
