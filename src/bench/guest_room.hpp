#pragma once

#include "base/result.hpp"
#include "bench/socket.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace makechat::bench {

/// Of `http://HOST:PORT`. Error: bad_parameter, with what to write instead.
Result<Endpoint> endpoint_of(std::string_view url);

/// A hidden room of the bench's own on a server that others use; it goes with its owner.
class GuestRoom {
public:
    /// `token`: of one who may make rooms. Error: internal (refused, or it is no makechat that answers).
    static Result<GuestRoom> make(const Endpoint& server, const std::string& token);
    GuestRoom(GuestRoom&& other) noexcept
        : server_(std::move(other.server_)), token_(std::move(other.token_)), id_(std::exchange(other.id_, {})) {}
    GuestRoom& operator=(GuestRoom&&) = delete;
    ~GuestRoom();  ///< says so on stderr if it cannot be removed
    [[nodiscard]] const std::string& id() const { return id_; }

private:
    GuestRoom(Endpoint server, std::string token, std::string id)
        : server_(std::move(server)), token_(std::move(token)), id_(std::move(id)) {}

    Endpoint server_;
    std::string token_;
    std::string id_;
};

}  // namespace makechat::bench
