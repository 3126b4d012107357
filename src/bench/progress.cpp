#include "bench/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace makechat::bench {
namespace {
constexpr std::size_t bar_chars = 30;
constexpr auto draw_every = std::chrono::milliseconds{100};
}  // namespace

Progress::Progress(std::size_t steps) : shown_(isatty(STDERR_FILENO) != 0), steps_(std::max<std::size_t>(steps, 1)) {}

Progress::~Progress() { take_away(); }

void Progress::take_away() {
    if (isatty(STDERR_FILENO) != 0) fmt::print(stderr, "\r\033[K");
}

void Progress::begin(std::string what) {
    what_ = std::move(what);
    ++begun_;
    part_ = 0;
    draw();
}

void Progress::part(double done) {
    part_ = std::clamp(done, 0.0, 1.0);
    if (std::chrono::steady_clock::now() - drawn_ >= draw_every) draw();
}

void Progress::draw() {
    if (!shown_) return;
    drawn_ = std::chrono::steady_clock::now();
    const double done = (static_cast<double>(begun_) - 1 + part_) / static_cast<double>(steps_);
    const auto full = std::min(static_cast<std::size_t>(done * bar_chars), bar_chars);
    fmt::print(stderr, "\r\033[K[{}{}] {:3.0f}%  {}", std::string(full, '#'), std::string(bar_chars - full, '.'),
               std::min(done, 1.0) * 100, what_);
    std::fflush(stderr);
}

}  // namespace makechat::bench
