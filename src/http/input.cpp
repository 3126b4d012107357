#include "http/input.hpp"

#include <algorithm>
#include <utility>

namespace makechat::http {

std::span<char> Input::space() {
    if (empty()) begin_ = end_ = 0;
    if (end_ == capacity_ && begin_ > 0) move_to(capacity_);
    if (end_ == capacity_) move_to(std::max(least_bytes, capacity_ * 2));
    return {bytes_.get() + end_, capacity_ - end_};
}

void Input::expect(std::size_t size) {
    const auto wanted = end_ - begin_ + size;
    if (wanted > capacity_) move_to(wanted);
}

void Input::shrink() {
    if (!empty() || capacity_ <= least_bytes) return;
    bytes_.reset();
    capacity_ = begin_ = end_ = 0;
}

void Input::move_to(std::size_t capacity) {
    auto bytes = std::make_unique_for_overwrite<char[]>(capacity);
    std::ranges::copy(view(), bytes.get());
    bytes_ = std::move(bytes);
    capacity_ = capacity;
    end_ -= std::exchange(begin_, 0);
}

}  // namespace makechat::http
