#include "chat/credentials.hpp"

#include <algorithm>

namespace makechat::chat {
namespace {

/// Uses on several loops may pass each other. What lies further ahead is of a clock that has been set back since, and
/// would keep a session alive until the clock is there again.
constexpr std::int64_t passing_ms_max = 60'000;

bool is_of_another_clock(std::int64_t last, std::int64_t now) { return last > now + passing_ms_max; }

/// The later of the two.
void advance(std::atomic<std::int64_t>& last, std::int64_t now) {
    std::int64_t seen = last.load(std::memory_order_relaxed);
    while ((seen < now || is_of_another_clock(seen, now)) &&
           !last.compare_exchange_weak(seen, now, std::memory_order_relaxed)) {}
}

}  // namespace

void Credentials::load(const std::vector<Token>& tokens, const std::vector<Session>& sessions) {
    const std::unique_lock lock(mutex_);
    for (const auto& token : tokens) add(token);
    for (const auto& session : sessions) add(session);
}

void Credentials::apply(const Entry& entry) {
    const std::unique_lock lock(mutex_);
    if (const auto* e = std::get_if<TokenCreated>(&entry.body)) add(e->token);
    if (const auto* e = std::get_if<TokenRevoked>(&entry.body)) remove_token(e->user, e->token);
    if (const auto* e = std::get_if<SessionOpened>(&entry.body)) add(e->session);
    if (const auto* e = std::get_if<SessionEnded>(&entry.body)) remove_session(e->user, e->session);
}

void Credentials::add(const Token& token) {
    auto use = std::make_shared<TokenUse>(token, to_millis(token.last_used), to_millis(token.last_used));
    tokens_[token.hash] = use;
    tokens_by_id_[token.id] = use;
    of_user_[token.user].tokens.push_back(std::move(use));
}

void Credentials::add(const Session& session) {
    auto use = std::make_shared<SessionUse>(session, to_millis(session.last_used), to_millis(session.last_used));
    sessions_[session.hash] = use;
    sessions_by_id_[session.id] = use;
    of_user_[session.user].sessions.push_back(std::move(use));
}

void Credentials::remove_token(UserId user, TokenId token) {
    const auto found = tokens_by_id_.find(token);
    if (found == tokens_by_id_.end()) return;
    tokens_.erase(found->second->token.hash);
    std::erase(of_user_[user].tokens, found->second);
    tokens_by_id_.erase(found);
}

void Credentials::remove_session(UserId user, SessionId session) {
    const auto found = sessions_by_id_.find(session);
    if (found == sessions_by_id_.end()) return;
    sessions_.erase(found->second->session.hash);
    std::erase(of_user_[user].sessions, found->second);
    sessions_by_id_.erase(found);
}

bool Credentials::lives(const SessionUse& use, Time now) const {
    return now < from_millis(use.last_used.load(std::memory_order_relaxed)) + session_ttl_;
}

std::optional<Credentials::Match> Credentials::use_token(std::string_view value, Time now) {
    const auto hash = sha256(value);
    const std::shared_lock lock(mutex_);
    const auto found = tokens_.find(hash);
    if (found == tokens_.end()) return std::nullopt;
    advance(found->second->last_used, to_millis(now));
    return Match{found->second->token.user, found->second->token.id, found->second->token.scope == "read"};
}

std::optional<Credentials::Match> Credentials::use_session(std::string_view value, Time now) {
    const auto hash = sha256(value);
    const std::shared_lock lock(mutex_);
    const auto found = sessions_.find(hash);
    if (found == sessions_.end() || !lives(*found->second, now)) return std::nullopt;
    advance(found->second->last_used, to_millis(now));
    return Match{found->second->session.user, found->second->session.id, false};
}

bool Credentials::holds(const Credential& credential, Time now) const {
    const std::shared_lock lock(mutex_);
    if (const auto* token = std::get_if<TokenId>(&credential)) return tokens_by_id_.contains(*token);
    const auto found = sessions_by_id_.find(std::get<SessionId>(credential));
    return found != sessions_by_id_.end() && lives(*found->second, now);
}

Token Credentials::present(const TokenUse& use) const {
    Token token = use.token;
    token.last_used = from_millis(use.last_used.load(std::memory_order_relaxed));
    return token;
}

Session Credentials::present(const SessionUse& use) const {
    Session session = use.session;
    session.last_used = from_millis(use.last_used.load(std::memory_order_relaxed));
    session.expires = session.last_used + session_ttl_;
    return session;
}

std::vector<Token> Credentials::tokens_of(UserId user) const {
    const std::shared_lock lock(mutex_);
    std::vector<Token> tokens;
    if (const auto of = of_user_.find(user); of != of_user_.end()) {
        for (const auto& use : of->second.tokens) tokens.push_back(present(*use));
    }
    return tokens;
}

std::vector<Session> Credentials::sessions_of(UserId user) const {
    const std::shared_lock lock(mutex_);
    std::vector<Session> sessions;
    if (const auto of = of_user_.find(user); of != of_user_.end()) {
        for (const auto& use : of->second.sessions) sessions.push_back(present(*use));
    }
    return sessions;
}

std::size_t Credentials::token_count(UserId user) const {
    const std::shared_lock lock(mutex_);
    const auto of = of_user_.find(user);
    return of == of_user_.end() ? 0 : of->second.tokens.size();
}

std::optional<UserId> Credentials::owner_of(TokenId token) const {
    const std::shared_lock lock(mutex_);
    const auto found = tokens_by_id_.find(token);
    if (found == tokens_by_id_.end()) return std::nullopt;
    return found->second->token.user;
}

std::vector<Session> Credentials::expired_sessions(Time now, std::size_t max) {
    const std::shared_lock lock(mutex_);
    std::vector<Session> expired;
    const auto now_ms = to_millis(now);
    for (const auto& [hash, use] : sessions_) {
        if (expired.size() == max) break;
        if (is_of_another_clock(use->last_used.load(std::memory_order_relaxed), now_ms))
            advance(use->last_used, now_ms);
        if (!lives(*use, now)) expired.push_back(present(*use));
    }
    return expired;
}

Uses Credentials::collect_uses() {
    const std::shared_lock lock(mutex_);  // `recorded` is this caller's alone
    Uses uses;
    for (const auto& [hash, use] : tokens_) {
        const auto last = use->last_used.load(std::memory_order_relaxed);
        if (last == use->recorded) continue;
        use->recorded = last;
        uses.tokens.push_back({use->token.id, from_millis(last)});
        uses.users.push_back({use->token.user, from_millis(last)});
    }
    for (const auto& [hash, use] : sessions_) {
        const auto last = use->last_used.load(std::memory_order_relaxed);
        if (last == use->recorded) continue;
        use->recorded = last;
        uses.sessions.push_back({use->session.id, from_millis(last), from_millis(last) + session_ttl_});
        uses.users.push_back({use->session.user, from_millis(last)});
    }
    return uses;
}

void Credentials::record_again(const Uses& uses) {
    const std::shared_lock lock(mutex_);
    for (const auto& use : uses.tokens) {
        if (const auto found = tokens_by_id_.find(use.token); found != tokens_by_id_.end()) found->second->recorded = 0;
    }
    for (const auto& use : uses.sessions) {
        if (const auto found = sessions_by_id_.find(use.session); found != sessions_by_id_.end())
            found->second->recorded = 0;
    }
}

}  // namespace makechat::chat
