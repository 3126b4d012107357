#include "api/login_try.hpp"

#include "base/fold.hpp"

#include <fmt/format.h>

namespace makechat::api {

LoginTry::LoginTry(const Call& call, std::string_view username)
    : rates_(call.services.rates),
      account_and_address_(fold(username) + ' ' + one_host(call.client)),
      address_(one_host(call.client)),
      now_(call.chat.clock.monotonic()) {}

std::optional<Error> LoginTry::begin() const {
    auto wait = rates_.login_by_account_and_address.take(account_and_address_, now_);
    if (!wait) {
        wait = rates_.login_by_address.take(address_, now_);
        if (wait) rates_.login_by_account_and_address.give_back(account_and_address_);
    }
    if (!wait) return std::nullopt;
    const auto seconds = static_cast<int>(wait->count());
    return Error{Code::too_many, fmt::format("Too many failed sign-ins. Try again in {} s.", seconds), seconds};
}

void LoginTry::give_back() const {
    rates_.login_by_account_and_address.give_back(account_and_address_);
    rates_.login_by_address.give_back(address_);
}

}  // namespace makechat::api
