#pragma once

#include "ws/protocol.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// For tests alone: frames as clients send them, spelled out byte by byte after RFC 6455, 5.2.
namespace makechat::ws {

struct ClientFrame {
    Opcode opcode = Opcode::text;
    std::string_view payload;
    bool final = true;
    std::array<std::uint8_t, 4> mask{0x37, 0xFA, 0x21, 0x3D};  ///< of the RFC's example, 5.7
};

inline std::string encode(const ClientFrame& frame) {
    std::string out;
    const auto byte = [&out](std::uint64_t value) { out += static_cast<char>(value & 0xFFU); };
    const std::uint64_t size = frame.payload.size();
    byte((frame.final ? 0x80U : 0x00U) | static_cast<unsigned>(frame.opcode));
    const int length_bytes = size < 126 ? 0 : size < 0x10000 ? 2 : 8;
    byte(0x80U | (length_bytes == 0 ? size : length_bytes == 2 ? 126U : 127U));
    for (int i = length_bytes - 1; i >= 0; --i) byte(size >> (8 * i));
    for (const auto part : frame.mask) byte(part);
    for (std::size_t i = 0; i < size; ++i) byte(static_cast<unsigned char>(frame.payload[i]) ^ frame.mask[i % 4]);
    return out;
}

inline std::string text_frame(std::string_view payload) { return encode({Opcode::text, payload}); }

}  // namespace makechat::ws
