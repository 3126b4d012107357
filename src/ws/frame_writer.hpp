#pragma once

#include "ws/protocol.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace makechat::ws {

/// A control frame's payload, at most (RFC 6455, 5.5).
inline constexpr std::size_t control_bytes_max = 125;

/// Before the payload of a frame that is not masked.
inline constexpr std::size_t frame_head_bytes_max = 10;

/// Appends a whole frame as a server sends it: FIN set, not masked (RFC 6455, 5.1 and 5.2). The same bytes go to every
/// recipient, so encode once and share. Of a control frame's payload only control_bytes_max bytes are taken.
inline void append_frame(std::string& out, Opcode opcode, std::string_view payload) {
    if (is_control(opcode)) payload = payload.substr(0, control_bytes_max);
    const auto append_big_endian = [&out](std::uint64_t value, int bytes) {
        for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xFFU);
    };
    out += static_cast<char>(0x80U | static_cast<unsigned>(opcode));
    if (payload.size() <= 125) {
        append_big_endian(payload.size(), 1);
    } else if (payload.size() <= 0xFFFF) {
        out += static_cast<char>(126);
        append_big_endian(payload.size(), 2);
    } else {
        out += static_cast<char>(127);
        append_big_endian(payload.size(), 8);
    }
    out += payload;
}

/// Appends a close frame (5.5.1). `reason` must be UTF-8; it is cut, between two characters, to what fits.
inline void append_close(std::string& out, std::uint16_t code, std::string_view reason) {
    std::size_t size = std::min(reason.size(), control_bytes_max - 2);
    const auto starts_in_a_character = [&] { return (static_cast<unsigned char>(reason[size]) & 0xC0U) == 0x80U; };
    while (size > 0 && size < reason.size() && starts_in_a_character()) --size;

    std::string payload{static_cast<char>(code >> 8U), static_cast<char>(code & 0xFFU)};
    payload += reason.substr(0, size);
    append_frame(out, Opcode::close, payload);
}

}  // namespace makechat::ws
