#pragma once

#include "http/request_parser.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace makechat::http {

/// Takes one request's body off the bytes that come behind its head: a counted one, or chunks, whose extensions and
/// trailer fields are passed over and bounded (4 KiB each for the whole body).
class BodyReader {
public:
    enum class State { more, whole, malformed };

    explicit BodyReader(const Request& request);

    /// Takes what belongs to the body and appends it to `into`, unless that is null. How many of `bytes` it took: all of
    /// them while the state is `more`. The caller bounds the body by looking at `size`.
    std::size_t take(std::string_view bytes, std::string* into);

    [[nodiscard]] State state() const { return state_; }
    /// Bytes of the body taken so far.
    [[nodiscard]] std::uint64_t size() const { return size_; }
    /// Bytes that are known to follow.
    [[nodiscard]] std::uint64_t left() const { return left_; }

private:
    enum class At { data, data_cr, data_lf, size, size_space, extension, size_lf, line_start, line, line_lf, end_lf };

    std::size_t take_data(std::string_view bytes, std::string* into);
    void take_framing(char c);
    void take_size(char c);
    void expect(char c, char wanted, At next);

    const bool chunked_;
    State state_ = State::more;
    At at_;
    int digits_ = 0;
    std::uint64_t left_ = 0;  ///< of the body or of the chunk
    std::uint64_t size_ = 0;
    std::size_t passed_over_ = 0;
    bool last_ = false;  ///< the chunk of size 0 has come
};

}  // namespace makechat::http
