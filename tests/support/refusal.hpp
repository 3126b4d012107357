#pragma once

#include "base/result.hpp"

#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>

namespace makechat {

/// Why it was refused; none: it was not.
///
///     EXPECT_EQ(refusal(run(post_message(…))), Code::forbidden);
template <class T>
std::optional<Code> refusal(const Result<T>& result) {
    if (result) return std::nullopt;
    return result.error().code;
}

/// The value of what a test takes for granted; its refusal ends the test with its words.
template <class T>
T must(Result<T> result) {
    if (!result) throw std::runtime_error("refused: " + result.error().text);
    return std::move(*result);
}

/// How gtest shows a code.
inline void PrintTo(Code code, std::ostream* out) {
    constexpr const char* words[] = {"missing",        "bad_parameter",   "malformed_json", "bad_username", "bad_email",
                                     "bad_password",   "unauthenticated", "bad_login",      "forbidden",    "not_found",
                                     "not_acceptable", "exists",          "conflict",       "too_large",    "too_many",
                                     "internal",       "overloaded",      "maintenance",    "stale"};
    static_assert(std::size(words) == static_cast<std::size_t>(Code::stale) + 1);
    *out << words[static_cast<std::size_t>(code)];
}

}  // namespace makechat
