#pragma once

#include "chat/ports.hpp"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace makechat::crypto {

/// Passwords as Argon2id (RFC 9106; 19 MiB, two passes, as OWASP advises), on threads of its own: some 20 ms of one core
/// and 19 MiB for each job that runs, given back to the system after it. Call crypto::start before.
///
/// It verifies two older forms as right_but_old: Argon2 with other parameters, and the first makechat's
/// SHA256(password + secret_key) as 64 lower-case hex digits. A wrong password takes as long whatever is stored.
///
/// Errors: too_many (limits::hashes_waiting_max wait, come back in 2 s); maintenance (it has been stopped); internal (no
/// 19 MiB left).
class Argon2Hasher final : public chat::PasswordHasher {
public:
    /// `secret_key`: the setting of that name, for the old form; empty: none was set.
    explicit Argon2Hasher(std::string secret_key, std::size_t threads = threads_by_default());
    ~Argon2Hasher() override { stop(); }

    /// Half of the cores, for the loops need the others; one at least.
    static std::size_t threads_by_default();

    Task<Result<std::string>> hash(std::string password) override;
    Task<Result<Verdict>> verify(std::string password, std::string hash) override;

    /// Refuses what waits and what comes, finishes what runs. While the executors of those who wait still live. May be
    /// called twice, from one thread.
    void stop();

private:
    /// Waits for its turn; is called with whether to do the work, and completes in either case.
    using Job = std::function<void(bool run)>;
    /// None: it waits for its turn. Otherwise the refusal, and the job was not called.
    std::optional<Error> enqueue(Job job);
    void run();

    [[nodiscard]] Verdict judge(const std::string& password, const std::string& hash) const;
    [[nodiscard]] bool matches_old_form(const std::string& password, std::string_view hash) const;

    const std::string secret_key_;
    const std::string dummy_hash_;  ///< of nobody's password: the work for those who have none

    std::mutex guard_;
    std::condition_variable changed_;
    std::deque<Job> waiting_;
    bool stopping_ = false;

    std::vector<std::jthread> threads_;
};

}  // namespace makechat::crypto
