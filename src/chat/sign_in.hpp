#pragma once

#include "chat/chat.hpp"

#include <string>

/// Sessions and tokens: how a user shows who he is.
namespace makechat::chat {

/// Who makes a request.
struct Caller {
    SharedUser user;
    Credential credential;
    bool read_only = false;  ///< by a token that may only read
};

/// The caller whose token or session `value` is; none for unknown and expired ones and for disabled users.
enum class CredentialKind : std::uint8_t { token, session };
std::optional<Caller> authenticate(Chat& chat, CredentialKind kind, std::string_view value);

/// A secret that is told once, to its owner.
struct OpenedSession {
    Session session;
    std::string value;
};
struct NewToken {
    Token token;
    std::string value;
};

/// Errors: bad_login (unknown name or wrong password: same words, same time), forbidden (right, but disabled), too_many.
/// A password of the old makechat is hashed anew.
Task<Result<SharedUser>> verify_login(Chat& chat, std::string username, std::string password);

/// Where the request came from, as shown in the list of sessions.
struct Origin {
    std::string address;
    std::string agent;
};
/// `verified`: the stored hash that a password has just been found to fit; it opens a session only while it is in force.
/// Empty: he has shown by other means who he is. Errors: bad_login (changed since), forbidden (disabled since).
Task<Result<OpenedSession>> session_create(Chat& chat, UserId user, Origin origin, std::string verified = {});
/// Errors: not_found (no such session of his).
Task<Result<bool>> end_session(Chat& chat, UserId user, SessionId session);

/// `name` 1–120 characters; `scope` all or read. Errors: bad_parameter; conflict (limits::tokens_per_user_max).
Task<Result<NewToken>> token_create(Chat& chat, UserId user, std::string name, std::string scope);
/// His own; a superuser anybody's. Errors: not_found (for another's as for none).
Task<Result<bool>> revoke_token(Chat& chat, UserId by, TokenId token);

/// Ends what has run out; called now and then. Returns how many.
Task<Result<std::size_t>> end_expired_sessions(Chat& chat);

/// A session and a token for `user` with fresh secrets, that nothing has committed yet: parts of a larger change.
OpenedSession make_session(Chat& chat, UserId user, Origin origin);
NewToken make_token(Chat& chat, UserId user, std::string name, std::string scope);

/// The writes that end all sessions (but `keep`) and tokens of a user: parts of a larger change.
void add_session_ends(const Directory& directory, UserId user, const Credential* keep, std::vector<Write>& writes);
void add_token_ends(const Directory& directory, UserId user, std::vector<Write>& writes);

}  // namespace makechat::chat
