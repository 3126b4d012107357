#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace makechat::http {

/// Makes gzip (RFC 1952), piece by piece, so that a large answer can give way to others in between. Costs 256 KiB while it
/// lives; it can be used again. Throws std::bad_alloc alone.
class Gzip {
public:
    /// What one piece should not be larger than: under a millisecond of work.
    static constexpr std::size_t piece_bytes = 32 * 1024;

    Gzip();
    ~Gzip();

    void begin();
    void add(std::string_view piece, bool last);
    std::string take();

private:
    struct Stream;
    std::unique_ptr<Stream> stream_;
    std::string out_;
};

}  // namespace makechat::http
