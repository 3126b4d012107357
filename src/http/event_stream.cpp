#include "http/event_stream.hpp"

#include "base/limits.hpp"

#include <array>
#include <charconv>
#include <utility>

namespace makechat::http {

namespace {

constexpr std::string_view keep_alive = "3\r\n:\n\n\r\n";
constexpr std::string_view last_chunk = "0\r\n\r\n";

void append_hex(std::string& out, std::size_t number) {
    std::array<char, 16> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, 16).ptr;
    out.append(digits.data(), end);
}

}  // namespace

void append_sse_event(std::string& out, std::string_view id, std::string_view data) {
    constexpr std::string_view id_field = "id: ";
    constexpr std::string_view data_field = "data: ";
    const std::size_t id_line = id.empty() ? 0 : id_field.size() + id.size() + 1;
    append_hex(out, id_line + data_field.size() + data.size() + 2);
    out += "\r\n";
    if (!id.empty()) {
        out += id_field;
        out += id;
        out += '\n';
    }
    out += data_field;
    out += data;
    out += "\n\n\r\n";
}

EventStream::EventStream(net::Socket socket, Client& client) : LiveSocket(std::move(socket)), client_(client) {}

bool EventStream::send(std::span<const std::string_view> chunks) {
    stir();
    return push(chunks);
}

void EventStream::close() { push_last(last_chunk); }

void EventStream::on_bytes(std::span<char> /*bytes*/) {}

void EventStream::on_drained() {
    if (is_open()) client_.on_drained(*this);
    else end_sending();
}

/// A half event must not look like a whole one: without the last chunk the client knows that the stream was cut.
void EventStream::on_overflow() {
    client_.on_overflow(*this);
    end();
}

void EventStream::on_silence() {
    if (waiting_bytes() == 0) silences_ = 0;
    else if (++silences_ == limits::pings_missed_max) return end();
    push({&keep_alive, 1});
}

void EventStream::on_ended() { client_.on_end(*this); }

}  // namespace makechat::http
