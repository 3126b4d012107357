#include "http/body_reader.hpp"

#include <algorithm>

namespace makechat::http {

namespace {

constexpr int size_digits_max = 8;
constexpr std::size_t passed_over_max = 4 * 1024;

int value_of_hex(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool is_space(char c) { return c == ' ' || c == '\t'; }
bool is_control(char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; }

}  // namespace

BodyReader::BodyReader(const Request& request)
    : chunked_(request.chunked), at_(request.chunked ? At::size : At::data), left_(request.content_length) {
    if (!chunked_ && left_ == 0) state_ = State::whole;
}

std::size_t BodyReader::take(std::string_view bytes, std::string* into) {
    std::size_t taken = 0;
    while (state_ == State::more && taken < bytes.size()) {
        if (at_ == At::data) {
            taken += take_data(bytes.substr(taken), into);
        } else {
            take_framing(bytes[taken++]);
        }
    }
    return taken;
}

std::size_t BodyReader::take_data(std::string_view bytes, std::string* into) {
    const auto data = bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size())));
    if (into) into->append(data);
    size_ += data.size();
    left_ -= data.size();
    if (left_ > 0) return data.size();
    if (chunked_) at_ = At::data_cr;
    else state_ = State::whole;
    return data.size();
}

/// RFC 9112, 7.1. Anything but CR LF at the end of a line is refused: who is lenient here can be made to see another
/// request than the proxy before him.
void BodyReader::take_framing(char c) {
    switch (at_) {
        case At::data: break;
        case At::data_cr: return expect(c, '\r', At::data_lf);
        case At::data_lf: digits_ = 0; return expect(c, '\n', At::size);
        case At::size: return take_size(c);
        case At::size_space:
            if (c == ';') at_ = At::extension;
            else if (!is_space(c) || ++passed_over_ > passed_over_max) state_ = State::malformed;
            return;
        case At::extension:
            if (c == '\r') at_ = At::size_lf;
            else if (is_control(c) || ++passed_over_ > passed_over_max) state_ = State::malformed;
            return;
        case At::size_lf: return expect(c, '\n', last_ ? At::line_start : At::data);
        case At::line_start:
            if (c == '\r') at_ = At::end_lf;
            else if (is_control(c) || is_space(c)) state_ = State::malformed;
            else at_ = At::line;
            return;
        case At::line:
            if (c == '\r') at_ = At::line_lf;
            else if (is_control(c) || ++passed_over_ > passed_over_max) state_ = State::malformed;
            return;
        case At::line_lf: return expect(c, '\n', At::line_start);
        case At::end_lf:
            if (c == '\n') state_ = State::whole;
            else state_ = State::malformed;
            return;
    }
}

void BodyReader::take_size(char c) {
    const int value = value_of_hex(c);
    if (value >= 0 && digits_ < size_digits_max) {
        left_ = (digits_ == 0 ? 0 : left_ * 16) + static_cast<std::uint64_t>(value);
        ++digits_;
        return;
    }
    if (digits_ == 0 || (c != '\r' && c != ';' && !is_space(c))) {
        state_ = State::malformed;
        return;
    }
    last_ = left_ == 0;
    if (is_space(c)) at_ = At::size_space;  // some put it before the semicolon (RFC 9112, 7.1.1)
    else at_ = c == ';' ? At::extension : At::size_lf;
}

void BodyReader::expect(char c, char wanted, At next) {
    if (c == wanted) at_ = next;
    else state_ = State::malformed;
}

}  // namespace makechat::http
