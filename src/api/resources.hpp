#pragma once

#include "api/call.hpp"
#include "base/limits.hpp"

#include <cstddef>

/// The endpoints, as classes with on_get, on_post, … after the manual's developer guide. Each turns JSON into chat's words
/// and back; rules stand in chat/. `items_per_page` is what a list gives where the request does not say.
namespace makechat::api {

using Answer = Task<Result<http::Reply>>;

/// /api/register, /api/setup, /api/login, /api/logout, /api/ping
struct SignInResource {
    Answer on_register(Call& call);
    Answer on_setup(Call& call);
    Answer on_login(Call& call);
    Answer on_logout(Call& call);
    Answer on_ping(Call& call);
};

/// /api/users
struct UserResource {
    std::size_t items_per_page = limits::list_page;
    Answer on_get(Call& call);
    Answer on_post(Call& call);
    Answer on_patch(Call& call);
    Answer on_get_me(Call& call);
    Answer on_patch_me(Call& call);
};

/// /api/tokens
struct TokenResource {
    std::size_t items_per_page = limits::list_page;
    Answer on_get(Call& call);
    Answer on_post(Call& call);
    Answer on_delete(Call& call);
};

/// /api/sessions
struct SessionResource {
    std::size_t items_per_page = limits::list_page;
    Answer on_get(Call& call);
    Answer on_delete(Call& call);
};

/// /api/rooms
struct RoomResource {
    std::size_t items_per_page = limits::rooms_page;
    Answer on_get(Call& call);
    Answer on_post(Call& call);
    Answer on_get_one(Call& call);
    Answer on_put(Call& call);
    Answer on_patch(Call& call);
    Answer on_delete(Call& call);
    Answer on_put_notify(Call& call);
    Answer on_put_read(Call& call);
};

/// /api/members
struct MemberResource {
    std::size_t items_per_page = limits::list_page;
    Answer on_get(Call& call);
    Answer on_post(Call& call);
    Answer on_patch(Call& call);
    Answer on_delete(Call& call);
};

/// /api/messages, /api/unread
struct MessageResource {
    std::size_t items_per_page = limits::messages_page;
    Answer on_get(Call& call);
    Answer on_post(Call& call);
    Answer on_get_one(Call& call);
    Answer on_patch(Call& call);
    Answer on_delete(Call& call);
    Answer on_get_history(Call& call);
    Answer on_get_unread(Call& call);
};

/// /api/live, /api/events
struct LiveResource {
    Answer on_websocket(Call& call);
    Answer on_events(Call& call);
};

/// /healthz, /readyz, /metrics, /api/about, /api/server
struct ServerResource {
    Answer on_health(Call& call);
    Answer on_ready(Call& call);
    Answer on_metrics(Call& call);
    Answer on_about(Call& call);
    Answer on_get(Call& call);
};

struct Resources : SignInResource,
                   UserResource,
                   TokenResource,
                   SessionResource,
                   RoomResource,
                   MemberResource,
                   MessageResource,
                   LiveResource,
                   ServerResource {};

}  // namespace makechat::api
