#pragma once

#include "api/resources.hpp"
#include "api/services.hpp"
#include "http/message.hpp"

#include <memory>
#include <string_view>
#include <variant>

namespace makechat::api {

/// The gate of the API, one for each loop: finds the row of a request and makes the checks that a row names, in the order
/// that api.md gives them, before any byte of the body is read. Threads: its loop's.
class Api final : public http::Handler {
public:
    Api(Services& services, LiveFeed& live) : services_(services), live_(live) {}

    std::variant<http::Reply, std::unique_ptr<http::Exchange>> admit(const http::Head& head) override;
    http::Reply refuse(int status, std::string_view why) override;

private:
    Services& services_;
    LiveFeed& live_;
    Resources resources_;
};

}  // namespace makechat::api
