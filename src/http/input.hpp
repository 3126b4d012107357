#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace makechat::http {

/// What has been received and not been used yet. Views end with the next call that is not const.
class Input {
public:
    static constexpr std::size_t least_bytes = 2 * 1024;

    [[nodiscard]] std::string_view view() const { return {bytes_.get() + begin_, end_ - begin_}; }
    [[nodiscard]] bool empty() const { return begin_ == end_; }
    void consume(std::size_t size) { begin_ += size; }

    /// Room to receive into: at least one byte. What is kept is bounded by who calls it: a head, or a piece of a body.
    std::span<char> space();
    void received(std::size_t size) { end_ += size; }
    /// Makes the next `space` of about this size.
    void expect(std::size_t size);
    [[nodiscard]] std::size_t capacity() const { return capacity_; }
    /// Gives back what only a larger request needed.
    void shrink();

private:
    void move_to(std::size_t capacity);

    std::unique_ptr<char[]> bytes_;
    std::size_t capacity_ = 0;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}  // namespace makechat::http
