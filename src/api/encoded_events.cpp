#include "api/encoded_events.hpp"

#include <algorithm>

namespace makechat::api {

std::string& EncodedEvents::room_for(std::size_t bytes) {
    if (blocks_.empty() || blocks_.back().capacity() - blocks_.back().size() < bytes)
        blocks_.emplace_back().reserve(std::max(block_bytes_, bytes));
    return blocks_.back();
}

void EncodedEvents::clear() {
    if (blocks_.size() > 1) blocks_.resize(1);
    if (!blocks_.empty()) blocks_.front().clear();
}

}  // namespace makechat::api
