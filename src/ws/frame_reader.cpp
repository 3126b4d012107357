#include "ws/frame_reader.hpp"

#include "base/limits.hpp"
#include "base/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <utility>

namespace makechat::ws {

/// RFC 6455, 5.2.
struct FrameReader::Frame {
    Opcode opcode;
    bool final;
    std::size_t header_bytes;
    std::size_t payload_bytes;
    std::array<char, 4> mask;
    std::span<char> in_place;  ///< the payload of a frame that lies whole in the caller's buffer, still masked
    std::string own;           ///< otherwise: the whole frame

    [[nodiscard]] std::size_t bytes() const { return header_bytes + payload_bytes; }
    std::span<char> payload() { return own.empty() ? in_place : std::span(own).subspan(header_bytes); }
};

struct FrameReader::Partial {
    std::string frame;        ///< of a cut frame: what has come of it, still masked
    std::string message;      ///< of a fragmented message: the fragments that are whole
    bool in_message = false;  ///< between its first fragment and its last
};

namespace {

std::unexpected<Violation> violation(Close code, std::string_view why) {
    return std::unexpected<Violation>({code, why});
}
std::unexpected<Violation> protocol_error(std::string_view why) { return violation(Close::protocol_error, why); }

std::uint64_t big_endian(std::span<const char> bytes) {
    std::uint64_t value = 0;
    for (const char byte : bytes) value = value << 8U | static_cast<unsigned char>(byte);
    return value;
}

/// RFC 6455, 5.3. Eight bytes at a time, which compilers turn into wider steps still.
void unmask(std::span<char> bytes, const std::array<char, 4>& mask) {
    std::array<char, 8> twice{};
    for (std::size_t i = 0; i < twice.size(); ++i) twice[i] = mask[i % mask.size()];
    std::uint64_t wide;
    std::memcpy(&wide, twice.data(), sizeof wide);

    char* const data = bytes.data();
    std::size_t i = 0;
    for (; i + sizeof wide <= bytes.size(); i += sizeof wide) {
        std::uint64_t chunk;
        std::memcpy(&chunk, data + i, sizeof chunk);
        chunk ^= wide;
        std::memcpy(data + i, &chunk, sizeof chunk);
    }
    for (; i < bytes.size(); ++i) data[i] = static_cast<char>(data[i] ^ mask[i % mask.size()]);
}

/// What the first two bytes already say against a frame.
std::optional<Violation> refuse(unsigned first, unsigned second) {
    if (first & 0x70U) return Violation{Close::protocol_error, "reserved bit"};
    const auto opcode = static_cast<Opcode>(first & 0x0FU);
    const bool final = first & 0x80U;
    switch (opcode) {
        case Opcode::continuation:
        case Opcode::text: break;
        case Opcode::binary: return Violation{Close::unsupported, "only text messages"};
        case Opcode::close:
        case Opcode::ping:
        case Opcode::pong:
            if (!final) return Violation{Close::protocol_error, "fragmented control frame"};
            if ((second & 0x7FU) > 125) return Violation{Close::protocol_error, "control frame over 125 bytes"};
            break;
        default: return Violation{Close::protocol_error, "reserved opcode"};
    }
    if (!(second & 0x80U)) return Violation{Close::protocol_error, "frame without mask"};
    return std::nullopt;
}

/// RFC 6455, 7.4: which codes a peer may send; 1012 to 1014 are in the IANA registry.
bool may_be_sent(std::uint64_t code) {
    return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

std::expected<bool, Violation> deliver_close(std::string_view payload, FrameVisitor& visitor) {
    if (payload.empty()) {
        visitor.on_close(no_close_code, {});
        return false;
    }
    if (payload.size() == 1) return protocol_error("close frame of one byte");
    const auto code = big_endian(payload.substr(0, 2));
    if (!may_be_sent(code)) return protocol_error("close code that may not be sent");
    const auto reason = payload.substr(2);
    if (!is_valid_utf8(reason)) return violation(Close::not_utf8, "close reason is not UTF-8");
    visitor.on_close(static_cast<std::uint16_t>(code), reason);
    return false;
}

std::expected<bool, Violation> deliver_text(std::string_view text, FrameVisitor& visitor) {
    if (!is_valid_utf8(text)) return violation(Close::not_utf8, "message is not UTF-8");
    return visitor.on_text(text);
}

}  // namespace

FrameReader::FrameReader() = default;
FrameReader::FrameReader(FrameReader&&) noexcept = default;
FrameReader& FrameReader::operator=(FrameReader&&) noexcept = default;
FrameReader::~FrameReader() = default;

std::size_t FrameReader::partial_bytes() const {
    return partial_ ? partial_->frame.capacity() + partial_->message.capacity() : 0;
}

std::optional<Violation> FrameReader::read(std::span<char> bytes, FrameVisitor& visitor) {
    while (!bytes.empty()) {
        auto frame = next_frame(bytes);
        if (!frame) return frame.error();
        if (!*frame) return std::nullopt;
        const auto step = deliver(**frame, visitor);
        if (!step) return step.error();
        if (!*step) return std::nullopt;
    }
    return std::nullopt;
}

/// Takes a whole frame from `bytes`, or else all of them into partial_.
FrameReader::Found FrameReader::next_frame(std::span<char>& bytes) {
    if (partial_ && !partial_->frame.empty()) return complete_frame(bytes);
    auto frame = next_header(bytes);
    if (!frame) return frame;
    if (*frame && (*frame)->bytes() <= bytes.size()) {
        (*frame)->in_place = bytes.subspan((*frame)->header_bytes, (*frame)->payload_bytes);
        bytes = bytes.subspan((*frame)->bytes());
        return frame;
    }
    partial().frame.assign(bytes.data(), bytes.size());
    bytes = {};
    return std::nullopt;
}

/// Takes from `bytes` what the cut frame lacks.
FrameReader::Found FrameReader::complete_frame(std::span<char>& bytes) {
    auto& received = partial_->frame;
    const auto take = [&](std::size_t size) {
        received.append(bytes.data(), size);
        bytes = bytes.subspan(size);
    };
    auto frame = next_header(received);
    while (frame && !*frame && !bytes.empty()) {  // a header is 14 bytes at most
        take(1);
        frame = next_header(received);
    }
    if (!frame || !*frame) return frame;
    take(std::min((*frame)->bytes() - received.size(), bytes.size()));
    if (received.size() < (*frame)->bytes()) return std::nullopt;
    (*frame)->own = std::exchange(received, {});
    return frame;
}

/// Reads a header and judges it by what has come before, so that nothing is stored that will be refused.
FrameReader::Found FrameReader::next_header(std::span<const char> bytes) const {
    if (bytes.size() < 2) return std::nullopt;
    const auto first = static_cast<unsigned char>(bytes[0]);
    const auto second = static_cast<unsigned char>(bytes[1]);
    if (const auto refused = refuse(first, second)) return std::unexpected(*refused);

    Frame frame{static_cast<Opcode>(first & 0x0FU), (first & 0x80U) != 0, 2, second & 0x7FU, {}, {}, {}};
    const bool in_message = partial_ && partial_->in_message;
    if (frame.opcode == Opcode::continuation && !in_message) return protocol_error("continuation of nothing");
    if (frame.opcode == Opcode::text && in_message) return protocol_error("new message inside a message");

    const std::size_t length_bytes = frame.payload_bytes == 126 ? 2 : frame.payload_bytes == 127 ? 8 : 0;
    if (bytes.size() < 2 + length_bytes) return std::nullopt;
    if (length_bytes != 0) {
        frame.payload_bytes = big_endian(bytes.subspan(2, length_bytes));
        const std::size_t least = length_bytes == 2 ? 126 : 0x10000;
        if (frame.payload_bytes < least) return protocol_error("length in more bytes than it needs");
        if (frame.payload_bytes >> 63U) return protocol_error("length over 63 bits");
    }
    const std::size_t before = in_message && !is_control(frame.opcode) ? partial_->message.size() : 0;
    if (frame.payload_bytes > limits::ws_message_bytes_max - before)
        return violation(Close::too_big, "message over 64 KiB");

    frame.header_bytes = 2 + length_bytes + frame.mask.size();
    if (bytes.size() < frame.header_bytes) return std::nullopt;
    std::memcpy(frame.mask.data(), bytes.data() + 2 + length_bytes, frame.mask.size());
    return frame;
}

FrameReader::Step FrameReader::deliver(Frame& frame, FrameVisitor& visitor) {
    const auto bytes = frame.payload();
    unmask(bytes, frame.mask);
    const std::string_view payload(bytes.data(), bytes.size());
    const bool whole_message = frame.opcode == Opcode::text && frame.final;
    if (!whole_message && !is_control(frame.opcode)) return deliver_fragment(payload, frame.final, visitor);

    if (partial_ && !partial_->in_message) partial_.reset();  // it held the cut frame alone
    switch (frame.opcode) {
        case Opcode::ping: return visitor.on_ping(payload);
        case Opcode::pong: return visitor.on_pong(payload);
        case Opcode::close: return deliver_close(payload, visitor);
        default: return deliver_text(payload, visitor);
    }
}

FrameReader::Step FrameReader::deliver_fragment(std::string_view payload, bool last, FrameVisitor& visitor) {
    auto& so_far = partial();
    so_far.message += payload;
    so_far.in_message = !last;
    if (!last) return true;
    const std::string message = std::move(so_far.message);
    partial_.reset();
    return deliver_text(message, visitor);
}

FrameReader::Partial& FrameReader::partial() {
    if (!partial_) partial_ = std::make_unique<Partial>();
    return *partial_;
}

}  // namespace makechat::ws
