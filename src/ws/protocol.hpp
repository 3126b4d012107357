#pragma once

#include <cstdint>
#include <string_view>

/// The numbers of RFC 6455 (the WebSocket protocol) that both directions share.
namespace makechat::ws {

/// RFC 6455, 5.2. What is not named here is reserved and refused.
enum class Opcode : std::uint8_t {
    continuation = 0x0,
    text = 0x1,
    binary = 0x2,
    close = 0x8,
    ping = 0x9,
    pong = 0xA,
};

/// Control frames may stand between the fragments of a message and are never fragmented themselves (5.5).
constexpr bool is_control(Opcode opcode) { return (static_cast<unsigned>(opcode) & 0x8U) != 0; }

/// Close codes (RFC 6455, 7.4.1, and the IANA registry) that this server sends.
enum class Close : std::uint16_t {
    normal = 1000,
    going_away = 1001,
    protocol_error = 1002,
    unsupported = 1003,
    not_utf8 = 1007,
    policy = 1008,  ///< the right to be here has ended
    too_big = 1009,
    internal = 1011,  ///< a bug; the cause is in the log
    service_restart = 1012,
    try_again_later = 1013,  ///< "resync": the queue was full
};

/// What a close frame without a code means (7.4.1); never on the wire.
inline constexpr std::uint16_t no_close_code = 1005;

/// Why the peer's bytes cannot be read any further, and how to close therefore.
struct Violation {
    Close code;
    std::string_view why;  ///< a literal; fits a close frame
};

}  // namespace makechat::ws
