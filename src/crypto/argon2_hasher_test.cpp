#include "crypto/argon2_hasher.hpp"

#include "base/limits.hpp"
#include "base/sha256.hpp"
#include "crypto/start.hpp"
#include "support/run.hpp"

#include <gtest/gtest.h>
#include <sodium.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <fstream>

namespace makechat::crypto {
namespace {

using Verdict = chat::PasswordHasher::Verdict;

class Argon2 : public testing::Test {
protected:
    static void SetUpTestSuite() { ASSERT_TRUE(start()); }
};

std::string argon2_with(unsigned long long passes, std::size_t memory_bytes, int algorithm) {
    std::array<char, crypto_pwhash_STRBYTES> text{};
    EXPECT_EQ(crypto_pwhash_str_alg(text.data(), "secret", 6, passes, memory_bytes, algorithm), 0);
    return text.data();
}

TEST_F(Argon2, verifies_what_it_has_hashed) {
    Argon2Hasher hasher("key");
    const auto hash = run(hasher.hash("secret")).value();
    EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")) << hash;
    EXPECT_NE(run(hasher.hash("secret")).value(), hash) << "no salt";
    EXPECT_EQ(run(hasher.verify("secret", hash)).value(), Verdict::right);
    EXPECT_EQ(run(hasher.verify("Secret", hash)).value(), Verdict::wrong);
    EXPECT_EQ(run(hasher.verify("", hash)).value(), Verdict::wrong);
}

TEST_F(Argon2, takes_any_bytes_of_a_password) {
    Argon2Hasher hasher("key");
    const std::string password("пароль\0京", 16);
    const auto hash = run(hasher.hash(password)).value();
    EXPECT_EQ(run(hasher.verify(password, hash)).value(), Verdict::right);
    EXPECT_EQ(run(hasher.verify(password.substr(0, 12), hash)).value(), Verdict::wrong);
}

struct Case {
    std::string name;
    std::string hash;
    Verdict for_secret;
};

TEST_F(Argon2, knows_older_forms_and_asks_for_the_new_one) {
    const auto old_form = sha256_hex("secretkey");
    auto upper = old_form;
    for (auto& digit : upper) digit = static_cast<char>(std::toupper(digit));
    const Case cases[] = {
        {"SHA256(password + secret_key)", old_form, Verdict::right_but_old},
        {"the same with another key", sha256_hex("secretother"), Verdict::wrong},
        {"upper-case hex was never written", upper, Verdict::wrong},
        {"cut", old_form.substr(1), Verdict::wrong},
        {"fewer passes", argon2_with(1, 19 << 20, crypto_pwhash_ALG_ARGON2ID13), Verdict::right_but_old},
        {"less memory", argon2_with(2, 8 << 20, crypto_pwhash_ALG_ARGON2ID13), Verdict::right_but_old},
        {"more memory", argon2_with(2, 20 << 20, crypto_pwhash_ALG_ARGON2ID13), Verdict::right_but_old},
        {"Argon2i", argon2_with(3, 19 << 20, crypto_pwhash_ALG_ARGON2I13), Verdict::right_but_old},
        {"nobody's", "", Verdict::wrong},
        {"no hash at all", "secret", Verdict::wrong},
        {"longer than any hash", "$argon2id$" + std::string(500, 'x'), Verdict::wrong},
    };
    Argon2Hasher hasher("key");
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        EXPECT_EQ(run(hasher.verify("secret", c.hash)).value(), c.for_secret);
        EXPECT_EQ(run(hasher.verify("guess", c.hash)).value(), Verdict::wrong);
    }
}

TEST_F(Argon2, nobodys_password_is_wrong_even_when_guessed) {
    Argon2Hasher hasher("key");
    EXPECT_EQ(run(hasher.verify("nobody's", "")).value(), Verdict::wrong);
}

/// The quickest of some, for the machine may be busy.
std::chrono::nanoseconds time_of(Argon2Hasher& hasher, const std::string& hash) {
    auto best = std::chrono::nanoseconds::max();
    for (int i = 0; i < 5; ++i) {
        const auto begin = std::chrono::steady_clock::now();
        EXPECT_EQ(run(hasher.verify("guess", hash)).value(), Verdict::wrong);
        best = std::min<std::chrono::nanoseconds>(best, std::chrono::steady_clock::now() - begin);
    }
    return best;
}

TEST_F(Argon2, the_clock_does_not_tell_what_is_stored) {
    Argon2Hasher hasher("key");
    const auto usual = time_of(hasher, run(hasher.hash("secret")).value());
    EXPECT_GT(time_of(hasher, ""), usual / 2) << "nobody";
    EXPECT_GT(time_of(hasher, sha256_hex("secretkey")), usual / 2) << "the old form";
}

TEST_F(Argon2, refuses_what_would_wait_too_long) {
    Argon2Hasher hasher("key", 1);
    std::vector<Task<Result<std::string>>> tasks;
    const auto all = limits::hashes_waiting_max + 10;
    for (std::size_t i = 0; i < all; ++i) tasks.push_back(hasher.hash("secret"));
    std::size_t done = 0;
    for (const auto& result : run_all(std::move(tasks))) {
        if (result) {
            ++done;
            continue;
        }
        EXPECT_EQ(result.error(),
                  (Error{Code::too_many, "Too many sign-ins at the moment. Try again in a few seconds.", 2}));
    }
    EXPECT_GE(done, limits::hashes_waiting_max);
    EXPECT_LT(done, all) << "none was refused";
}

Task<Result<std::string>> hash_and_stop(Argon2Hasher& hasher) {
    hasher.stop();
    co_return co_await hasher.hash("secret");
}

TEST_F(Argon2, a_stop_ends_what_waits_and_refuses_what_comes) {
    Argon2Hasher hasher("key", 1);
    std::vector<Task<Result<std::string>>> tasks;
    for (int i = 0; i < 10; ++i) tasks.push_back(hasher.hash("secret"));
    tasks.push_back(hash_and_stop(hasher));
    const auto results = run_all(std::move(tasks));
    ASSERT_FALSE(results[8]);
    EXPECT_EQ(results[8].error().code, Code::maintenance);
    ASSERT_FALSE(results[10]);
    EXPECT_EQ(results[10].error().code, Code::maintenance);
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#elif defined(__has_feature)
constexpr bool sanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
constexpr bool sanitized = false;
#endif

long resident_bytes() {
    long pages = 0;
    long resident_pages = 0;
    std::ifstream("/proc/self/statm") >> pages >> resident_pages;
    return resident_pages * sysconf(_SC_PAGESIZE);
}

TEST_F(Argon2, gives_its_memory_back_to_the_system) {
    if (sanitized) GTEST_SKIP() << "sanitizers keep freed memory";
    Argon2Hasher hasher("key");
    (void)run(hasher.hash("secret"));
    const auto before = resident_bytes();
    for (int i = 0; i < 5; ++i) (void)run(hasher.hash("secret"));
    EXPECT_LT(resident_bytes() - before, 2 << 20);
}

}  // namespace
}  // namespace makechat::crypto
