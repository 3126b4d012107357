#include "crypto/argon2_hasher.hpp"

#include "base/limits.hpp"
#include "base/machine.hpp"
#include "base/sha256.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <utility>

namespace makechat::crypto {

namespace {

using Verdict = chat::PasswordHasher::Verdict;

constexpr unsigned long long passes = 2;
constexpr std::size_t memory_bytes = 19 << 20;

const Error stopped{Code::maintenance, "The server is stopping. Try again in a few seconds.", 2};

/// Empty when there is no memory for it.
std::string argon2(std::string_view password) {
    std::array<char, crypto_pwhash_STRBYTES> text{};
    const int failed = crypto_pwhash_str_alg(text.data(), password.data(), password.size(), passes, memory_bytes,
                                             crypto_pwhash_ALG_ARGON2ID13);
    return failed ? std::string{} : std::string(text.data());
}

bool matches_argon2(const std::string& hash, std::string_view password) {
    if (hash.size() >= crypto_pwhash_STRBYTES) return false;
    return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

bool is_current(const std::string& hash) {
    return hash.starts_with(crypto_pwhash_argon2id_STRPREFIX) &&
           crypto_pwhash_str_needs_rehash(hash.c_str(), passes, memory_bytes) == 0;
}

bool is_old_form(std::string_view hash) {
    const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    return hash.size() == 64 && std::ranges::all_of(hash, is_digit);
}

/// Passwords do not stay in freed memory.
struct Wiped {
    std::string& secret;
    ~Wiped() { sodium_memzero(secret.data(), secret.size()); }
};

}  // namespace

std::size_t Argon2Hasher::threads_by_default() { return std::max<std::size_t>(1, usable_cores() / 2); }

Argon2Hasher::Argon2Hasher(std::string secret_key, std::size_t threads)
    : secret_key_(std::move(secret_key)), dummy_hash_(argon2("nobody's")) {
    for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

Task<Result<std::string>> Argon2Hasher::hash(std::string password) {
    const Wiped wiped{password};
    co_return co_await suspend_for<Result<std::string>>([&](auto& done) {
        const auto refused = enqueue([&](bool run) {
            if (!run) return done.finish(fail(stopped));
            auto text = argon2(password);
            if (text.empty()) return done.finish(fail({Code::internal, "The password could not be hashed."}));
            done.finish(std::move(text));
        });
        if (refused) done.finish(fail(*refused));
    });
}

Task<Result<Verdict>> Argon2Hasher::verify(std::string password, std::string hash) {
    const Wiped wiped{password};
    co_return co_await suspend_for<Result<Verdict>>([&](auto& done) {
        const auto refused = enqueue([&](bool run) {
            if (!run) return done.finish(fail(stopped));
            done.finish(judge(password, hash));
        });
        if (refused) done.finish(fail(*refused));
    });
}

std::optional<Error> Argon2Hasher::enqueue(Job job) {
    const std::scoped_lock lock(guard_);
    if (stopping_) return stopped;
    if (waiting_.size() >= limits::hashes_waiting_max) {
        return Error{Code::too_many, "Too many sign-ins at the moment. Try again in a few seconds.", 2};
    }
    waiting_.push_back(std::move(job));
    changed_.notify_one();
    return std::nullopt;
}

void Argon2Hasher::run() {
    for (;;) {
        Job job;
        {
            std::unique_lock lock(guard_);
            changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
            if (stopping_) return;
            job = std::move(waiting_.front());
            waiting_.pop_front();
        }
        job(true);
    }
}

void Argon2Hasher::stop() {
    std::deque<Job> refused;
    {
        const std::scoped_lock lock(guard_);
        stopping_ = true;
        refused.swap(waiting_);
    }
    changed_.notify_all();
    for (const auto& job : refused) job(false);
    threads_.clear();  // waits for what runs
}

Verdict Argon2Hasher::judge(const std::string& password, const std::string& hash) const {
    const bool old_form = is_old_form(hash);
    if (old_form && matches_old_form(password, hash)) return Verdict::right_but_old;  // hashing it anew is as slow
    if (old_form || hash.empty()) {
        matches_argon2(dummy_hash_, password);
        return Verdict::wrong;
    }
    if (!matches_argon2(hash, password)) return Verdict::wrong;
    return is_current(hash) ? Verdict::right : Verdict::right_but_old;
}

bool Argon2Hasher::matches_old_form(const std::string& password, std::string_view hash) const {
    return equal_in_constant_time(sha256_hex(password + secret_key_), hash);
}

}  // namespace makechat::crypto
