#pragma once

#include "ws/protocol.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace makechat::ws {

/// Who is told what a client sent. The views are valid during the call. Return false to read no more of this buffer.
class FrameVisitor {
public:
    virtual ~FrameVisitor() = default;
    /// A whole message of valid UTF-8, at most limits::ws_message_bytes_max.
    virtual bool on_text(std::string_view text) = 0;
    virtual bool on_ping(std::string_view payload) = 0;
    virtual bool on_pong(std::string_view payload) = 0;
    /// The peer wants to close; nothing is read after it. `code` may stand in a close frame, or is no_close_code.
    virtual void on_close(std::uint16_t code, std::string_view reason) = 0;
};

/// Reads the frames that a client sends (RFC 6455, 5), wherever the network has cut them. A message that lies wholly in
/// the caller's buffer is unmasked and delivered there; only one that is cut is copied, and a reader that waits for
/// nothing holds no memory. What it holds at most is limits::ws_message_bytes_max and one control frame.
class FrameReader {
public:
    FrameReader();
    FrameReader(FrameReader&&) noexcept;
    FrameReader& operator=(FrameReader&&) noexcept;
    ~FrameReader();

    /// Reads all of `bytes` (which is overwritten), or up to a close frame, a violation, or where the visitor says stop:
    /// after each of these the reader must not be used again.
    ///
    /// Violations: protocol_error (no mask; reserved bit or opcode; a control frame cut or over 125 bytes; a continuation
    /// of nothing; a new message inside another; a length in more bytes than it needs; a bad close frame); unsupported
    /// (binary); not_utf8 (at the message's end); too_big (before the bytes come).
    [[nodiscard]] std::optional<Violation> read(std::span<char> bytes, FrameVisitor& visitor);

    /// A frame or a message has begun and not ended: memory is held for it.
    [[nodiscard]] bool has_partial() const { return partial_ != nullptr; }
    [[nodiscard]] std::size_t partial_bytes() const;

private:
    struct Frame;
    struct Partial;
    /// None: the bytes end before the frame does (or, of next_header, before its header).
    using Found = std::expected<std::optional<Frame>, Violation>;
    /// Whether to go on.
    using Step = std::expected<bool, Violation>;

    [[nodiscard]] Found next_header(std::span<const char> bytes) const;
    Found next_frame(std::span<char>& bytes);
    Found complete_frame(std::span<char>& bytes);
    Step deliver(Frame& frame, FrameVisitor& visitor);
    Step deliver_fragment(std::string_view payload, bool last, FrameVisitor& visitor);
    Partial& partial();

    std::unique_ptr<Partial> partial_;
};

}  // namespace makechat::ws
