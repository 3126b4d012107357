#pragma once

#include "base/limits.hpp"
#include "base/result.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string_view>
#include <unordered_map>

namespace makechat {

/// How often something may happen: `count` times in `per`, in a burst too; or without bound.
struct Rate {
    int count = 0;
    std::chrono::seconds per{1};
    bool off = false;

    /// "600/60" (up to 1,000,000 times in up to 86,400 seconds), or "off". Error: bad_parameter.
    static Result<Rate> parse(std::string_view text);

    bool operator==(const Rate&) const = default;
};

/// A token bucket for each key (a user, an address): it holds rate.count tokens and is filled again at an even pace, all
/// of it in rate.per. `now` is Clock::monotonic and may differ a little from thread to thread.
///
/// It remembers at most `keys_max` keys: then those go first whose buckets are the fullest, which loses nothing where they
/// are full. So a flood of addresses costs no memory, and does not free who has used up his own. Threads: any; a lock is
/// held for the time of one look-up.
class TokenBuckets {
public:
    using Now = std::chrono::nanoseconds;
    /// None: go ahead. Otherwise how long until there is a token, at least a second: the value of Retry-After.
    using Wait = std::optional<std::chrono::seconds>;

    explicit TokenBuckets(Rate rate, std::size_t keys_max = limits::rate_keys_max);

    /// Takes a token if there is one. To count failures alone, take before each try and give back after a success:
    /// then many tries at the same time are counted too. (`check` before and `take` after a failure lets them through.)
    Wait take(std::string_view key, Now now) { return take(hash(key), now); }
    Wait take(std::uint64_t key, Now now);

    /// What `take` would answer.
    [[nodiscard]] Wait check(std::string_view key, Now now) const { return check(hash(key), now); }
    [[nodiscard]] Wait check(std::uint64_t key, Now now) const;

    /// Puts back a token that was taken.
    void give_back(std::string_view key) { give_back(hash(key)); }
    void give_back(std::uint64_t key);

    [[nodiscard]] std::size_t keys() const;

private:
    static constexpr std::size_t shards = 16;  ///< so that loops seldom meet at a lock

    struct Shard {
        mutable std::mutex guard;
        /// When each bucket will be full again. Not there: it is full.
        std::unordered_map<std::uint64_t, Now> full_at;
    };

    [[nodiscard]] std::uint64_t hash(std::string_view key) const;
    Shard& shard_of(std::uint64_t key);
    [[nodiscard]] const Shard& shard_of(std::uint64_t key) const;
    [[nodiscard]] Wait wait(Now full_at, Now now) const;
    static void drop_fullest(Shard& shard, Now now);

    Rate rate_;
    Now per_token_;
    std::size_t keys_per_shard_max_;
    std::array<unsigned char, 16> hash_key_;  ///< secret, so that nobody can choose a name that shares another's bucket
    std::array<Shard, shards> shards_;
};

}  // namespace makechat
