#include "http/request_parser.hpp"

#include "base/limits.hpp"

#include <boost/beast/http/basic_parser.hpp>

#include <algorithm>
#include <optional>

namespace makechat::http {

namespace {

namespace beast = boost::beast;

constexpr std::size_t request_line_bytes_max =
    limits::target_bytes_max + 64;  // a method and a version beside the target

std::unexpected<Refusal> refuse(int status, std::string_view why) { return std::unexpected(Refusal{status, why}); }

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

bool is_letter_or_digit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// What a method's name may consist of; so neither TLS nor another protocol is waited for.
bool is_token_char(char c) {
    constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    return is_letter_or_digit(c) || marks.find(c) != std::string_view::npos;
}

/// What a host and its port may consist of (RFC 3986, 3.2.2 and 3.2.3).
bool is_host_char(char c) {
    constexpr std::string_view marks = "-._~!$&'()*+,;=%:[]";
    return is_letter_or_digit(c) || marks.find(c) != std::string_view::npos;
}

/// No "@" either: a user before the host is an error (RFC 9110, 4.2.4).
bool is_host(std::string_view text) { return !text.empty() && std::ranges::all_of(text, is_host_char); }

Method method_of(beast::http::verb verb) {
    switch (verb) {
        case beast::http::verb::get: return Method::get;
        case beast::http::verb::head: return Method::head;
        case beast::http::verb::post: return Method::post;
        case beast::http::verb::put: return Method::put;
        case beast::http::verb::patch: return Method::patch;
        case beast::http::verb::delete_: return Method::delete_;
        case beast::http::verb::options: return Method::options;
        default: return Method::other;
    }
}

/// A target in two: "http://host/path" has an authority and the part that names a thing here; others have the latter alone.
struct Target {
    std::optional<std::string_view> authority;
    std::string_view origin_form;
};
Target taken_apart(std::string_view target) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (!same_name(target.substr(0, scheme.size()), scheme)) continue;
        target.remove_prefix(scheme.size());
        const auto path = std::min(target.find_first_of("/?#"), target.size());
        return {target.substr(0, path), path == target.size() ? std::string_view("/") : target.substr(path)};
    }
    return {std::nullopt, target};
}

bool is_number(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// Beast knows the grammar; this adds what it leaves to its user.
class Parser final : public beast::http::basic_parser<true> {
public:
    explicit Parser(Request& request) : request_(request) {
        header_limit(limits::header_bytes_max + 1);
        body_limit(boost::none);
    }

    [[nodiscard]] const std::optional<Refusal>& refused() const { return refused_; }

    /// What only the whole head shows.
    std::expected<void, Refusal> finish() {
        if (hosts_ > 1 || (hosts_ == 0 && version_ == 11)) return refuse(400, "One Host field is required.");
        if (encodings_ > 0 && lengths_ > 0)
            return refuse(400, "Content-Length and Transfer-Encoding exclude each other.");
        if (encodings_ > 0 && version_ == 10) return refuse(400, "HTTP/1.0 has no Transfer-Encoding.");
        if (authority_) name_host(*authority_);
        request_.head.is_http_1_1 = version_ == 11;
        request_.chunked = encodings_ > 0;
        request_.content_length = content_length().value_or(0);
        request_.keep_alive = version_ == 11 && keep_alive();
        request_.head.has_body = request_.chunked || request_.content_length > 0;
        request_.expects_continue = request_.expects_continue && version_ == 11 && request_.head.has_body;
        return {};
    }

private:
    void on_request_impl(beast::http::verb verb, beast::string_view, beast::string_view target, int version,
                         beast::error_code& error) override {
        version_ = version;
        if (verb == beast::http::verb::connect || verb == beast::http::verb::trace) {
            return stop(error, 501, "This method is not supported.");
        }
        auto& head = request_.head;
        head.method = method_of(verb);
        head.target = view(target);
        if (head.target.size() > limits::target_bytes_max) return stop(error, 414, "The URL is longer than 8 KiB.");
        const auto [authority, origin] = taken_apart(head.target);
        if (authority && !is_host(*authority)) return stop(error, 400, "The URL has no valid host.");
        authority_ = authority;
        if (origin.find('#') != std::string_view::npos)
            return stop(error, 400, "The URL has a character that is not allowed.");
        // Behind a host a path may be missing (RFC 9110, 4.2.3), alone it may not.
        const bool begins_well = origin.front() == '/' || (authority && origin.front() == '?');
        if (!begins_well && !(origin == "*" && head.method == Method::options)) {
            return stop(error, 400, "The URL must begin with a slash.");
        }
        const auto mark = std::min(origin.find('?'), origin.size());
        head.path = mark == 0 ? std::string_view("/") : origin.substr(0, mark);
        head.query = origin.substr(std::min(mark + 1, origin.size()));
    }

    void on_field_impl(beast::http::field field, beast::string_view name, beast::string_view value,
                       beast::error_code& error) override {
        request_.head.fields.emplace_back(view(name), view(value));
        switch (field) {
            case beast::http::field::host:
                ++hosts_;
                if (!is_host(view(value))) stop(error, 400, "The Host field has no valid host.");
                break;
            case beast::http::field::content_length:
                if (++lengths_ > 1 || !is_number(view(value)))
                    stop(error, 400, "The Content-Length is not one number.");
                break;
            case beast::http::field::transfer_encoding:
                ++encodings_;
                if (!same_name(view(value), "chunked"))
                    stop(error, 501, "The only Transfer-Encoding supported is chunked.");
                break;
            case beast::http::field::expect:
                request_.expects_continue = same_name(view(value), "100-continue");
                if (!request_.expects_continue) stop(error, 417, "The only expectation met is 100-continue.");
                break;
            default: break;
        }
    }

    /// RFC 9112, 3.2.2: what the target says counts, not the Host field.
    void name_host(std::string_view authority) {
        auto& fields = request_.head.fields;
        const auto host =
            std::ranges::find_if(fields, [](const auto& field) { return same_name(field.first, "Host"); });
        if (host == fields.end()) fields.emplace_back("Host", authority);
        else host->second = authority;
    }

    void stop(beast::error_code& error, int status, std::string_view why) {
        refused_ = Refusal{status, why};
        error = beast::http::error::bad_value;
    }

    // The head alone is given to this parser.
    void on_header_impl(beast::error_code&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, beast::error_code&) override {}
    std::size_t on_body_impl(beast::string_view body, beast::error_code&) override { return body.size(); }
    void on_chunk_header_impl(std::uint64_t, beast::string_view, beast::error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view body, beast::error_code&) override {
        return body.size();
    }
    void on_finish_impl(beast::error_code&) override {}
    void on_response_impl(int, beast::string_view, int, beast::error_code&) override {}

    Request& request_;
    std::optional<Refusal> refused_;
    std::optional<std::string_view> authority_;
    int version_ = 0;
    int hosts_ = 0;
    int lengths_ = 0;
    int encodings_ = 0;
};

bool has_other_version(std::string_view head) {
    const auto line = head.substr(0, head.find('\r'));
    const auto version = line.substr(std::min(line.rfind(' ') + 1, line.size()));
    if (version == "HTTP/1.1" || version == "HTTP/1.0") return false;  // what is wrong stands before it
    return version.size() == 8 && version.starts_with("HTTP/") && version[6] == '.' &&
           is_number(version.substr(5, 1)) && is_number(version.substr(7, 1));
}

Refusal refusal_of(const beast::error_code& error, std::string_view head) {
    using Bad = beast::http::error;
    if (error == Bad::bad_version && has_other_version(head)) return {505, "HTTP/1.1 and HTTP/1.0 are supported."};
    if (error == Bad::bad_method) return {400, "The method is not valid."};
    if (error == Bad::bad_target) return {400, "The URL has a character that is not allowed."};
    if (error == Bad::bad_field) return {400, "The name of a header field has a character that is not allowed."};
    if (error == Bad::bad_value) return {400, "The value of a header field is not valid."};
    if (error == Bad::bad_content_length || error == Bad::multiple_content_length) {
        return {400, "The Content-Length is not one number."};
    }
    if (error == Bad::bad_transfer_encoding) return {400, "Content-Length and Transfer-Encoding exclude each other."};
    if (error == Bad::header_limit) return {431, "The header is larger than 16 KiB."};
    return {400, "The request is not valid HTTP."};
}

}  // namespace

std::expected<std::size_t, Refusal> HeadFinder::find(std::string_view bytes) {
    if (!bytes.empty() && !is_token_char(bytes.front())) return refuse(400, "The request is not valid HTTP.");
    for (;;) {
        const auto end = bytes.find('\n', scanned_);
        if (end == std::string_view::npos) break;
        if (end == 0 || bytes[end - 1] != '\r') return refuse(400, "A line must end with CR LF.");
        const auto line = bytes.substr(line_, end - 1 - line_);
        if (line_ == 0 && line.size() > request_line_bytes_max) return refuse(414, "The URL is longer than 8 KiB.");
        if (end + 1 > limits::header_bytes_max) return refuse(431, "The header is larger than 16 KiB.");
        if (line.empty()) return end + 1;
        if (line.front() == ' ' || line.front() == '\t') return refuse(400, "A header field must stand on one line.");
        line_ = scanned_ = end + 1;
    }
    scanned_ = bytes.size();
    constexpr std::size_t with_cr = request_line_bytes_max + 1;
    if (line_ == 0 && bytes.size() > with_cr) return refuse(414, "The URL is longer than 8 KiB.");
    if (bytes.size() > limits::header_bytes_max) return refuse(431, "The header is larger than 16 KiB.");
    return 0;
}

std::expected<void, Refusal> parse_head(std::string_view bytes, Request& request) {
    request.head.fields.clear();  // keeps its room
    request.expects_continue = false;
    Parser parser(request);
    beast::error_code error;
    parser.put(boost::asio::buffer(bytes.data(), bytes.size()), error);
    if (parser.refused()) return std::unexpected(*parser.refused());
    if (error) return std::unexpected(refusal_of(error, bytes));
    return parser.finish();
}

}  // namespace makechat::http
