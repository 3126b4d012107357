#include "http/gzip.hpp"

#include <zlib.h>

#include <new>
#include <utility>

namespace makechat::http {

namespace {
constexpr int level = 5;
constexpr int gzip_window = 15 + 16;  // zlib: 16 asks for gzip's frame
constexpr int memory_level = 8;
}  // namespace

struct Gzip::Stream {
    z_stream z{};
};

Gzip::Gzip() : stream_(std::make_unique<Stream>()) {
    if (deflateInit2(&stream_->z, level, Z_DEFLATED, gzip_window, memory_level, Z_DEFAULT_STRATEGY) != Z_OK) {
        throw std::bad_alloc();
    }
}

Gzip::~Gzip() { deflateEnd(&stream_->z); }

void Gzip::begin() {
    deflateReset(&stream_->z);
    out_.clear();
}

void Gzip::add(std::string_view piece, bool last) {
    auto& z = stream_->z;
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));  // zlib's API knows no const
    z.avail_in = static_cast<uInt>(piece.size());
    do {
        const auto used = out_.size();
        out_.resize(used + deflateBound(&z, piece.size()));
        z.next_out = reinterpret_cast<Bytef*>(out_.data() + used);
        z.avail_out = static_cast<uInt>(out_.size() - used);
        deflate(&z, last ? Z_FINISH : Z_NO_FLUSH);
        out_.resize(out_.size() - z.avail_out);
        if (z.avail_out > 0) break;  // all input is taken and all output is out
    } while (true);
}

std::string Gzip::take() { return std::exchange(out_, {}); }

}  // namespace makechat::http
