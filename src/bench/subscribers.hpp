#pragma once

#include "base/result.hpp"
#include "bench/socket.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace makechat::bench {

/// Many live WebSockets of one thread that count the `message` events that reach them. Cheaper than any server: no JSON is
/// read, only where frames begin. The same class counts for the server and for the raw limit.
class Subscribers {
public:
    explicit Subscribers(Endpoint server);

    /// `count` connections more; the i-th of all sends `opening(i)`, the bytes of an upgrade request, or of nothing for a
    /// peer that sends frames from the start. Returns when all are open. Error: internal (refused, or not within 60 s).
    /// At most `at_once` are on their way at the same time.
    Result<bool> open(std::size_t count, const std::function<std::string(std::size_t)>& opening,
                      std::size_t at_once = 256);
    [[nodiscard]] std::size_t count() const { return subscribers_.size(); }

    /// Masked text frames for the server, in one `send`.
    Result<bool> say(std::size_t subscriber, std::span<const std::string> texts);
    /// Until each has got `more` messages beyond what it had been waited for. Error: internal (not within 30 s, or closed).
    Result<bool> wait_for_messages(std::uint64_t more);
    /// What has come so far is nobody's debt: the next wait begins at nothing for all.
    void forget_messages();
    /// Reads what comes until nothing has come for `silence`. Error: internal (closed, or still something after `most`).
    Result<bool> settle(std::chrono::milliseconds silence, std::chrono::milliseconds most = std::chrono::seconds{30});
    /// Of those that are opened from here on.
    void set_buffers(Buffers buffers) { buffers_ = buffers; }
    /// One that is open and reads nothing from here on.
    void stall(std::size_t subscriber);
    /// What the kernel holds for one that is stalled; all else that was sent to it waits in the server.
    [[nodiscard]] std::size_t unread_bytes(std::size_t subscriber) const;
    /// Reads what is there for one that is stalled until nothing has come for a while: whether the server has cut it with
    /// 1013 (try again later).
    bool was_cut(std::size_t subscriber);

    /// The bytes of the last message's frame that the first subscriber got.
    [[nodiscard]] const std::string& last_frame() const { return last_frame_; }
    /// The last cursor that this one has been told; empty where `keep_cursors` was not on.
    [[nodiscard]] const std::string& cursor(std::size_t subscriber) const;
    void keep_cursors() { keeps_cursors_ = true; }

private:
    struct Subscriber {
        Descriptor socket;
        bool is_open = false;
        bool stalled = false;
        std::uint64_t messages = 0;
        std::size_t skip = 0;  ///< bytes of the frame under way that are still to come
        std::string begun;     ///< bytes of a frame whose beginning is not whole yet
        std::string cursor;
    };

    Result<bool> connect(std::size_t index, std::string opening);
    Result<std::size_t> read_once(int timeout_ms);
    Result<bool> read(std::size_t index);
    Result<bool> begin(std::size_t index);
    bool finish_opening(Subscriber& subscriber, std::string_view& bytes);
    void count_frames(std::size_t index, std::string_view bytes);
    std::size_t take_frame(std::size_t index, std::string_view bytes);
    void note_message(Subscriber& subscriber);

    const Endpoint server_;
    Poller poller_;
    std::vector<Subscriber> subscribers_;
    std::vector<std::string> openings_;
    std::vector<char> buffer_;
    std::uint64_t expected_ = 0;
    std::size_t behind_ = 0;  ///< so many have got fewer than `expected_`
    std::size_t opening_ = 0;
    Buffers buffers_ = Buffers::usual;
    bool keeps_cursors_ = false;
    std::string last_frame_;
};

/// The bytes that ask the server for a live stream.
std::string upgrade_request(const Endpoint& server, std::string_view token, std::string_view query = {});

}  // namespace makechat::bench
