#include "api/services.hpp"

#include "base/sha256.hpp"

namespace makechat::api {

namespace {
Rate times(Rate rate, int factor) {
    rate.count *= factor;
    return rate;
}
}  // namespace

RateLimits::RateLimits(const Settings& settings)
    : login_by_account_and_address(settings.login),
      login_by_address(times(settings.login, 10)),
      register_by_address(settings.register_),
      write_by_user(settings.write),
      read_by_user(settings.read) {}

void SetupCode::set(std::string code) {
    const std::lock_guard lock(mutex_);
    code_ = std::move(code);
}

bool SetupCode::matches(std::string_view code) const {
    const std::lock_guard lock(mutex_);
    return !code_.empty() && equal_in_constant_time(code_, code);
}

}  // namespace makechat::api
