#pragma once

#include <cstddef>
#include <deque>
#include <string>

namespace makechat::api {

/// Bytes that many connections are sent, one event behind the other, so that a socket takes neighbours as one piece.
/// What stands in a block stays where it is until `clear`.
class EncodedEvents {
public:
    /// 0: no more than is asked for, for one event alone.
    explicit EncodedEvents(std::size_t block_bytes = 64 * 1024) : block_bytes_(block_bytes) {}

    /// The block with room for `bytes` more behind what it holds.
    std::string& room_for(std::size_t bytes);
    void clear();

private:
    const std::size_t block_bytes_;
    std::deque<std::string> blocks_;
};

}  // namespace makechat::api
