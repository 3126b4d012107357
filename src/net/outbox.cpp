#include "net/outbox.hpp"

#include <algorithm>

namespace makechat::net {

Outbox::Sent Outbox::send(Socket& socket, std::span<const std::string_view> parts) {
    std::size_t gone = 0;
    if (empty()) {
        const auto sent = socket.try_write(parts);
        if (sent == Socket::broken) return Sent::broken;
        gone = static_cast<std::size_t>(std::max(sent, 0L));
    }
    keep(parts, gone);
    if (empty()) return Sent::all;
    if (size() <= limits::outbox_bytes_max) return Sent::waits;
    keep_begun_part();
    return Sent::overflow;
}

Outbox::Sent Outbox::drain(Socket& socket) {
    if (empty()) return Sent::all;
    const std::string_view rest[] = {std::string_view(waiting_->bytes).substr(waiting_->gone)};
    const auto sent = socket.try_write(rest);
    if (sent == Socket::broken) {
        waiting_.reset();
        return Sent::broken;
    }
    waiting_->gone += static_cast<std::size_t>(std::max(sent, 0L));
    if (size() > 0) return Sent::waits;
    waiting_.reset();
    return Sent::all;
}

/// Appends `parts` without their first `skip` bytes.
void Outbox::keep(std::span<const std::string_view> parts, std::size_t skip) {
    for (const auto part : parts) {
        const auto gone = std::min(part.size(), skip);
        skip -= gone;
        if (gone == part.size()) continue;
        if (!waiting_) waiting_ = std::make_unique<Waiting>();
        auto& [bytes, sent, ends] = *waiting_;
        if (sent > bytes.size() / 2) {
            std::erase_if(ends, [&](std::uint32_t end) { return end <= sent; });
            for (auto& end : ends) end -= static_cast<std::uint32_t>(sent);
            bytes.erase(0, sent);
            sent = 0;
        }
        bytes.append(part.substr(gone));
        ends.push_back(static_cast<std::uint32_t>(bytes.size()));
    }
}

/// If the last part ended just where sending stopped, the next one is kept whole: it does no harm.
void Outbox::keep_begun_part() {
    const auto& [bytes, gone, ends] = *waiting_;
    const std::size_t size = *std::ranges::upper_bound(ends, gone) - gone;
    waiting_ = std::make_unique<Waiting>(Waiting{bytes.substr(gone, size), 0, {static_cast<std::uint32_t>(size)}});
}

}  // namespace makechat::net
