#include "store/sqlite/log_check.hpp"

#include "store/sqlite/database.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <fstream>
#include <span>
#include <string>
#include <system_error>
#include <vector>

namespace makechat::sqlite {
namespace {

// https://www.sqlite.org/fileformat2.html#the_write_ahead_log
constexpr std::size_t header_bytes = 32;
constexpr std::size_t frame_header_bytes = 24;
constexpr std::uint32_t magic = 0x377F0682;  ///< the lowest bit: checksums are of big-endian words

std::uint32_t big_endian(Bytes bytes) {
    return std::uint32_t{bytes[0]} << 24U | std::uint32_t{bytes[1]} << 16U | std::uint32_t{bytes[2]} << 8U | bytes[3];
}
std::uint32_t little_endian(Bytes bytes) {
    return std::uint32_t{bytes[3]} << 24U | std::uint32_t{bytes[2]} << 16U | std::uint32_t{bytes[1]} << 8U | bytes[0];
}

struct Checksum {
    std::uint32_t a = 0;
    std::uint32_t b = 0;

    bool operator==(const Checksum&) const = default;
    void add(Bytes bytes, bool of_big_endian) {
        const auto word = of_big_endian ? big_endian : little_endian;
        for (; bytes.size() >= 8; bytes = bytes.subspan(8)) {
            a += word(bytes) + b;
            b += word(bytes.subspan(4)) + a;
        }
    }
    static Checksum stored(Bytes bytes) { return {big_endian(bytes), big_endian(bytes.subspan(4))}; }
};

/// Frame by frame from the beginning.
class Frames {
public:
    explicit Frames(const std::filesystem::path& log) : file_(log, std::ios::binary) {
        if (!read(header_)) return;
        big_endian_sums_ = (big_endian(header_) & 1U) != 0;
        const auto page_bytes = big_endian(Bytes(header_).subspan(8));
        Checksum sum;
        sum.add(Bytes(header_).first(24), big_endian_sums_);
        before_ = Checksum::stored(Bytes(header_).subspan(24));
        is_header_sound_ =
            (big_endian(header_) & ~1U) == magic && sum == before_ && page_bytes >= 512 && page_bytes <= 65'536;
        if (is_header_sound_) frame_.resize(frame_header_bytes + page_bytes);
    }

    [[nodiscard]] bool is_empty() const {
        return std::ranges::all_of(header_, [](auto byte) { return byte == 0; });
    }
    [[nodiscard]] bool is_header_sound() const { return is_header_sound_; }

    bool next() {
        if (!read(frame_)) return false;
        Checksum sum = before_;
        sum.add(Bytes(frame_).first(8), big_endian_sums_);
        sum.add(Bytes(frame_).subspan(frame_header_bytes), big_endian_sums_);
        before_ = Checksum::stored(Bytes(frame_).subspan(16));
        const bool is_of_this_log = std::ranges::equal(Bytes(frame_).subspan(8, 8), Bytes(header_).subspan(16, 8));
        follows_ = is_of_this_log && sum == before_;
        return true;
    }

    /// The present frame is what its checksum and the one before it say.
    [[nodiscard]] bool follows() const { return follows_; }
    [[nodiscard]] bool is_commit() const { return big_endian(Bytes(frame_).subspan(4)) != 0; }

private:
    bool read(std::span<std::uint8_t> to) {
        file_.read(reinterpret_cast<char*>(to.data()), static_cast<std::streamsize>(to.size()));
        if (file_.bad()) throw Failure(SQLITE_IOERR, "the write-ahead log cannot be read", EIO);
        return file_.gcount() == static_cast<std::streamsize>(to.size());
    }

    std::ifstream file_;
    std::array<std::uint8_t, header_bytes> header_{};
    std::vector<std::uint8_t> frame_;
    Checksum before_;
    bool big_endian_sums_ = false;
    bool is_header_sound_ = false;
    bool follows_ = false;
};

}  // namespace

bool is_log_sound(const std::filesystem::path& log) {
    std::error_code missing;
    const auto size = std::filesystem::file_size(log, missing);
    if (missing || size <= header_bytes) return true;
    Frames frames(log);
    if (!frames.is_header_sound()) return frames.is_empty();
    do {
        if (!frames.next()) return true;
    } while (frames.follows());
    // What follows the first wrong frame and goes on from it. What a rolled back commit has left does not go on for long.
    int commits = frames.is_commit() ? 1 : 0;
    while (frames.next() && frames.follows()) commits += frames.is_commit() ? 1 : 0;
    return commits < 2;
}

}  // namespace makechat::sqlite
