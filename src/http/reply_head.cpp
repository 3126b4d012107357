#include "http/reply_head.hpp"

#include <boost/beast/http/status.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>

namespace makechat::http {

namespace {

void append_number(std::string& out, std::uint64_t number) {
    std::array<char, 20> digits;
    const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
    out.append(digits.data(), end);
}

void append_padded(std::string& out, unsigned number) {
    out += static_cast<char>('0' + number / 10 % 10);
    out += static_cast<char>('0' + number % 10);
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(": ");
    const auto begin = out.size();
    out.append(value).append("\r\n");
    unsigned controls = 0;  // counted without a branch, which the compiler makes a few vector instructions
    for (const char c : value) controls += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? 1 : 0;
    if (controls == 0) return;
    std::replace_if(
        out.begin() + static_cast<std::ptrdiff_t>(begin), out.end() - 2,
        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
}

std::string_view reason_of(int status) {
    const auto reason = boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(status));
    return {reason.data(), reason.size()};
}

}  // namespace

bool is_bodiless(int status) { return status < 200 || status == 204 || status == 304; }

void append_head(std::string& out, const Reply& reply, const HeadContext& context) {
    out.append("HTTP/1.1 ");
    append_number(out, static_cast<std::uint64_t>(reply.status));
    out.append(" ").append(reason_of(reply.status)).append("\r\nServer: makechat\r\nDate: ").append(context.date);
    // No browser takes what people have written into an answer for a page or a script.
    out.append("\r\nX-Content-Type-Options: nosniff\r\n");
    bool has_connection = false;
    for (const auto& [name, value] : reply.fields) {
        append_field(out, name, value);
        has_connection = has_connection || same_name(name, "Connection");
    }
    if (!is_bodiless(reply.status) && !reply.take_over) {
        out.append("Content-Length: ");
        append_number(out, reply.body.size());
        out.append("\r\n");
    }
    if (!has_connection) out.append(context.keep_alive ? "Connection: keep-alive\r\n" : "Connection: close\r\n");
    out.append("X-Request-Id: ").append(context.request_id).append("\r\n\r\n");
}

std::string_view Date::now() {
    using namespace std::chrono;
    const auto second = floor<seconds>(system_clock::now());
    if (second == second_ && !text_.empty()) return text_;
    second_ = second;
    constexpr std::string_view days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::string_view months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = floor<std::chrono::days>(second);
    const year_month_day date{day};
    const hh_mm_ss time{second - day};
    text_.clear();
    text_.append(days[weekday{day}.c_encoding()]).append(", ");
    append_padded(text_, static_cast<unsigned>(date.day()));
    text_.append(" ").append(months[static_cast<unsigned>(date.month()) - 1]).append(" ");
    append_number(text_, static_cast<std::uint64_t>(static_cast<int>(date.year())));
    text_.append(" ");
    append_padded(text_, static_cast<unsigned>(time.hours().count()));
    text_.append(":");
    append_padded(text_, static_cast<unsigned>(time.minutes().count()));
    text_.append(":");
    append_padded(text_, static_cast<unsigned>(time.seconds().count()));
    text_.append(" GMT");
    return text_;
}

}  // namespace makechat::http
