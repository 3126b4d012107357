#pragma once

#include "chat/entry.hpp"
#include "chat/ports.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <unordered_map>
#include <variant>
#include <vector>

namespace makechat::chat {

/// By what a caller has shown who he is.
using Credential = std::variant<TokenId, SessionId>;

/// All tokens and sessions, in memory: what the server's log says now, and when each was last used.
/// Threads: any; each call is a short lock and a copy out.
class Credentials {
public:
    explicit Credentials(std::chrono::milliseconds session_ttl) : session_ttl_(session_ttl) {}

    void load(const std::vector<Token>& tokens, const std::vector<Session>& sessions);
    void apply(const Entry& entry);

    struct Match {
        UserId user;
        Credential credential;
        bool read_only = false;  ///< a token of scope "read"
    };
    /// Whose secret this is; counts as a use, which makes a session live on. None for unknown and expired ones.
    std::optional<Match> use_token(std::string_view value, Time now);
    std::optional<Match> use_session(std::string_view value, Time now);

    /// Whether a credential that was once matched still holds.
    [[nodiscard]] bool holds(const Credential& credential, Time now) const;

    [[nodiscard]] std::vector<Token> tokens_of(UserId user) const;      ///< oldest first
    [[nodiscard]] std::vector<Session> sessions_of(UserId user) const;  ///< oldest first; expired ones too
    [[nodiscard]] std::size_t token_count(UserId user) const;
    [[nodiscard]] std::optional<UserId> owner_of(TokenId token) const;
    /// Counts those as used now whose last use is of a clock that has been set back since.
    [[nodiscard]] std::vector<Session> expired_sessions(Time now, std::size_t max);

    /// What has been used since the last call. Threads: one.
    Uses collect_uses();
    /// The store could not take them: they are collected again.
    void record_again(const Uses& uses);

private:
    struct TokenUse {
        Token token;
        std::atomic<std::int64_t> last_used;  ///< milliseconds
        std::int64_t recorded;
    };
    struct SessionUse {
        Session session;
        std::atomic<std::int64_t> last_used;
        std::int64_t recorded;
    };
    struct OfUser {
        std::vector<std::shared_ptr<TokenUse>> tokens;
        std::vector<std::shared_ptr<SessionUse>> sessions;
    };

    void add(const Token& token);
    void add(const Session& session);
    void remove_token(UserId user, TokenId token);
    void remove_session(UserId user, SessionId session);
    [[nodiscard]] bool lives(const SessionUse& use, Time now) const;
    Token present(const TokenUse& use) const;
    Session present(const SessionUse& use) const;

    const std::chrono::milliseconds session_ttl_;
    mutable std::shared_mutex mutex_;
    // Guarded by mutex_.
    std::unordered_map<SecretHash, std::shared_ptr<TokenUse>> tokens_;
    std::unordered_map<SecretHash, std::shared_ptr<SessionUse>> sessions_;
    std::unordered_map<TokenId, std::shared_ptr<TokenUse>> tokens_by_id_;
    std::unordered_map<SessionId, std::shared_ptr<SessionUse>> sessions_by_id_;
    std::unordered_map<UserId, OfUser> of_user_;
};

}  // namespace makechat::chat
