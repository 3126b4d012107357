#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// Every bound of the program, in one place. Units and `_max` come last in a name.
namespace makechat::limits {

using namespace std::chrono_literals;

// What people write (api.md).
inline constexpr std::size_t name_chars_max = 120;      ///< room, token and display names, in code points
inline constexpr std::size_t username_chars_max = 120;  ///< [a-zA-Z0-9_-]
inline constexpr std::size_t topic_chars_max = 1'000;
inline constexpr std::size_t text_bytes_max = 16'000;  ///< of one message, as UTF-8
inline constexpr std::size_t nonce_chars_max = 64;
inline constexpr std::size_t email_bytes_max = 254;       ///< RFC 5321, 4.5.3.1.3
inline constexpr std::size_t avatar_bytes_max = 2'048;    ///< a URL
inline constexpr std::size_t settings_bytes_max = 8'192;  ///< the client's own settings, as JSON
inline constexpr std::size_t password_bytes_min = 8;      ///< for sign-up; the command line may set shorter ones
inline constexpr std::size_t password_bytes_max = 1'024;
inline constexpr std::size_t mentions_max = 100;  ///< people named in one message; further names are only text
inline constexpr std::size_t direct_room_users_max = 50;
inline constexpr std::size_t tokens_per_user_max = 100;
inline constexpr std::size_t sessions_per_user_max = 100;  ///< past it the one unused for longest ends

// Pages of lists: default and maximum.
inline constexpr std::size_t rooms_page = 1'000;
inline constexpr std::size_t rooms_page_max = 1'000;
inline constexpr std::size_t messages_page = 50;
inline constexpr std::size_t messages_page_max = 200;
inline constexpr std::size_t list_page = 100;
inline constexpr std::size_t list_page_max = 1'000;
inline constexpr std::size_t room_members_shown_max = 1'000;     ///< ids in one room's answer
inline constexpr std::size_t list_room_members_shown_max = 100;  ///< ids of each room in a list
inline constexpr std::size_t users_by_id_max = 100;
inline constexpr std::size_t users_suggested_max = 20;

// Replay.
inline constexpr std::size_t replay_entries_max = 10'000;
inline constexpr auto replay_age_max = 7 * 24h;
inline constexpr std::size_t replay_page_entries_max = 256;       ///< of each log, read at once
inline constexpr std::size_t replay_page_bytes_max = 256 * 1024;  ///< of texts, held for one stream at once
inline constexpr std::size_t tails_bytes_max =
    16 * 1024 * 1024;                                   ///< of what people come back to, for all logs together
inline constexpr std::size_t tail_entries_max = 4'096;  ///< of one log, if their texts are short
inline constexpr std::int64_t tail_positions_before =
    10'000;  ///< read with what one missed: who comes next missed more
inline constexpr std::size_t presence_room_members_max = 500;  ///< larger rooms are told a count

// HTTP.
inline constexpr std::size_t header_bytes_max = 16 * 1024;
inline constexpr std::size_t target_bytes_max = 8 * 1024;
inline constexpr std::size_t message_body_bytes_max = 128 * 1024;
inline constexpr std::size_t body_bytes_max = 16 * 1024;
inline constexpr std::size_t json_depth_max = 32;
inline constexpr auto header_read_max = 15s;
inline constexpr auto body_read_max = 30s;
inline constexpr auto answer_max = 60s;
inline constexpr auto keep_alive_max = 75s;  ///< of silence between two requests
inline constexpr std::size_t gzip_bytes_min = 1'024;
inline constexpr auto long_poll_max = 50s;
inline constexpr std::size_t connections_max = 20'000;  ///< in all; lowered to what the descriptor limit allows
inline constexpr std::size_t connections_per_address_max = 12'000;  ///< a proxy is one address

// Memory for slow peers, in all: a body or a message that is half there, answers and events that are not taken. Each of them
// is bounded above, but twenty thousand of them would not fit anywhere. Counted for each loop, so that a machine with more
// cores, which has more memory, serves more of them.
inline constexpr std::size_t held_bytes_per_loop_max = 128 * 1024 * 1024;
inline constexpr std::size_t held_bytes_counted_min = 4 * 1024;  ///< of one connection: below it is what each one costs
inline constexpr int gzips_at_once_max =
    16;  ///< on one loop; past it answers go out as they are, which frees them at once

inline constexpr std::size_t custom_files_max = 1'000;             ///< of custom_dir
inline constexpr std::size_t custom_bytes_max = 32 * 1024 * 1024;  ///< of them all; they are kept in memory

// Live.
inline constexpr std::size_t ws_message_bytes_max = 64 * 1024;
inline constexpr auto ws_message_read_max = 30s;  ///< from its first byte to its last
inline constexpr std::size_t outbox_bytes_max = 1024 * 1024;
inline constexpr std::size_t palette_bytes_max = 512 * 1024;  ///< of events that a loop holds for those who wait
inline constexpr std::size_t drains_per_turn = 256;           ///< watchers that get theirs before others have a turn
inline constexpr auto ping_after = 25s;
inline constexpr int pings_missed_max = 2;
inline constexpr auto close_wait_max = 5s;                ///< for the peer to end after our last bytes
inline constexpr std::size_t rooms_per_stream_max = 100;  ///< `room` parameters of one stream
inline constexpr int ops_in_flight_max = 64;              ///< of one WebSocket; past it nothing more is read

inline constexpr std::size_t published_bytes_max = 32 * 1024 * 1024;  ///< committed, waiting for one loop; past it 503
inline constexpr std::size_t signals_waiting_max = 4'096;             ///< for one loop; past it typing is not told

// Store.
inline constexpr std::size_t writes_waiting_max = 16'384;
inline constexpr std::size_t writes_waiting_bytes_max = 64 * 1024 * 1024;
inline constexpr std::size_t reads_waiting_max = 4'096;
inline constexpr std::size_t reads_done_bytes_max =
    64 * 1024 * 1024;  ///< read, waiting for a loop; past it readers wait
inline constexpr std::size_t writes_per_commit_max = 1'024;
inline constexpr std::size_t nonces_kept_min = 750'000;  ///< a retry that comes after so many others is a new message
inline constexpr int decisions_max = 8;                  ///< tries of one decision against moving facts
inline constexpr std::size_t conflict_window_entries = 100'000;  ///< how far back a decision may have begun

// Work off the loops.
inline constexpr std::size_t hashes_waiting_max = 256;             ///< Argon2 jobs; past it 429
inline constexpr std::size_t log_bytes_waiting_max = 1024 * 1024;  ///< past it lines are dropped, and counted
inline constexpr auto log_write_max = 1s;                          ///< at the end, for a log that nobody reads
inline constexpr std::size_t rate_keys_max =
    100'000;  ///< people or addresses of one rate; some 5 MB when all are in use
inline constexpr std::size_t control_connections_max = 64;  ///< to the control socket, which is its owner's alone

// Accepting.
inline constexpr int accepts_per_turn_max = 64;    ///< then the connections that there are get their turn
inline constexpr auto accept_trouble_again = 60s;  ///< until the log may say once more that descriptors are out

// The end.
inline constexpr auto stop_max = 10s;          ///< from SIGTERM to the end
inline constexpr auto stop_requests_max = 8s;  ///< of that: to answer what was accepted
inline constexpr auto stop_streams_max = 2s;   ///< of that: for live connections to read why they part

static_assert(text_bytes_max * 6 < message_body_bytes_max, "a text may arrive as \\uXXXX throughout");
static_assert(text_bytes_max < ws_message_bytes_max);
static_assert(ws_message_bytes_max < outbox_bytes_max);
static_assert(messages_page <= messages_page_max && list_page <= list_page_max && rooms_page <= rooms_page_max);
static_assert(users_suggested_max <= users_by_id_max && users_by_id_max <= list_page_max);
static_assert(password_bytes_max < body_bytes_max && settings_bytes_max < body_bytes_max);
static_assert(text_bytes_max < replay_page_bytes_max && replay_page_bytes_max < outbox_bytes_max);
static_assert(long_poll_max < answer_max);
static_assert(writes_per_commit_max <= writes_waiting_max);
static_assert(outbox_bytes_max * 8 <= held_bytes_per_loop_max, "a few slow readers are no reason to cut anybody");
static_assert(message_body_bytes_max < writes_waiting_bytes_max);
static_assert(stop_streams_max < stop_requests_max && stop_requests_max < stop_max);

}  // namespace makechat::limits
