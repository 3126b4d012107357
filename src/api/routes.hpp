#pragma once

#include "api/call.hpp"
#include "base/task.hpp"
#include "http/message.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The list of everything that can be called: method, path, who may, body limit, rate, handler.
namespace makechat::api {

struct Resources;

enum class Need : std::uint8_t { anyone, user, admin };
/// Which bucket a call takes from; sign_in and sign_up count by address and are looked at first of all.
enum class Rating : std::uint8_t { none, read, write, sign_in, sign_up };
/// What the 406 check asks of a request. `own`: the handler looks at it itself.
enum class Media : std::uint8_t { json, own };

using Handle = Task<Result<http::Reply>> (*)(Resources& resources, Call& call);

struct Route {
    http::Method method;
    std::string_view path;  ///< "{…}" stands for one segment
    Need need;
    std::size_t body_bytes_max;
    Rating rating;
    Handle handle;
    Media media = Media::json;
};

std::span<const Route> routes();

/// The rows of one path, in the table's order, and what stood for its {…}. None: no such path.
struct Match {
    std::span<const Route> rows;
    std::vector<std::string> segments;  ///< decoded

    [[nodiscard]] const Route* row_for(http::Method method) const;  ///< HEAD finds GET; null: not allowed
    /// "GET, POST, OPTIONS"
    [[nodiscard]] std::string allow() const;
};
std::optional<Match> match(std::string_view path);

}  // namespace makechat::api
