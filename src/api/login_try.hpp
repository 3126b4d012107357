#pragma once

#include "api/call.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace makechat::api {

/// A try at a password. Wrong ones are limited per account and address together, and per address, so that nobody can lock
/// out another. Each try takes from both buckets and a right one gives back: many at the same moment are counted too. The
/// account's name is folded, for other spellings of it are no further tries.
class LoginTry {
public:
    LoginTry(const Call& call, std::string_view username);

    /// None: go ahead. Error: too_many.
    [[nodiscard]] std::optional<Error> begin() const;
    /// The password was right, or was not looked at.
    void give_back() const;

private:
    RateLimits& rates_;
    std::string account_and_address_;
    std::string address_;
    std::chrono::nanoseconds now_;
};

}  // namespace makechat::api
