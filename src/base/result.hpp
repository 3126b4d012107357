#pragma once

#include <expected>
#include <string>
#include <utility>

namespace makechat {

/// Why something was refused. Each maps to one HTTP status and title in api/errors.cpp and nowhere else.
enum class Code {
    missing,          ///< a required parameter is absent
    bad_parameter,    ///< wrong type, too long, not an id, unknown word, forged cursor
    malformed_json,   ///< not JSON; the text gives line and column
    bad_username,     ///< taken, or against the rule
    bad_email,        ///< taken, or against the rule
    bad_password,     ///< too short, too long, or the two differ
    unauthenticated,  ///< no credential, or one that is not valid
    bad_login,        ///< wrong name or password: which of them is never told
    forbidden,        ///< known, but without the right
    not_found,        ///< is not there, or may not be known to be there
    not_acceptable,   ///< the media type asked for or sent is not JSON
    exists,           ///< a unique name is taken
    conflict,         ///< would leave a room without owner or the server without admin
    too_large,        ///< the body is over the route's limit
    too_many,         ///< a rate limit; retry_after_s says when to come back
    internal,         ///< a bug or a broken part; the cause is in the log
    overloaded,       ///< a bounded queue is full or the store fails; nothing was written
    maintenance,      ///< the server is stopping
    stale,            ///< between domain and store only: a fact of the decision has changed, decide anew
};

/// A refusal. `text` is shown to people: no SQL, no paths, no secrets.
struct Error {
    Code code;
    std::string text;
    int retry_after_s = 0;  ///< for too_many, overloaded and maintenance

    bool operator==(const Error&) const = default;
};

/// A value or the Error that took its place. libstdc++ 12's expected is not [[nodiscard]].
template <class T>
struct [[nodiscard]] Result : std::expected<T, Error> {
    using std::expected<T, Error>::expected;
};

/// `return fail({Code::forbidden, "Guests can only read."});`
inline std::unexpected<Error> fail(Error error) { return std::unexpected<Error>(std::move(error)); }

}  // namespace makechat
