// A whole connection, from its bytes to the resources and back: whatever comes over it, in one request or in many, is
// answered by well-formed HTTP of our closed list of statuses and errors, and never by 500.
//
// $ALICE, $BOB and $ROOT in the input stand for the tokens of these users, $SESSION for Alice's session, $ROOM, $PRIVATE,
// $MESSAGE, $MEMBER, $USER and $CURSOR for ids of what is there.
#include "api/errors.hpp"
#include "base/utf8.hpp"
#include "http/connections.hpp"
#include "require.hpp"
#include "support/api_fixture.hpp"
#include "ws/protocol.hpp"

#include <fcntl.h>
#include <simdjson.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace makechat;

/// What the API was asked, in order: of an answer's bytes alone nobody knows whether it has a body.
class Listening final : public http::Handler {
public:
    explicit Listening(api::Api& api) : api_(api) {}
    std::variant<http::Reply, std::unique_ptr<http::Exchange>> admit(const http::Head& head) override {
        methods.push_back(head.method);
        return api_.admit(head);
    }
    http::Reply refuse(int status, std::string_view why) override {
        require(status != 500);
        return api_.refuse(status, why);
    }
    std::vector<http::Method> methods;

private:
    api::Api& api_;
};

api::Settings unthrottled() {
    const Rate off{0, std::chrono::seconds{1}, true};
    return {.login = off, .register_ = off, .write = off, .read = off};
}

/// A small server with two rooms, a direct one, and people in them. All of it is the same in each run.
struct World {
    api::TestApi api{unthrottled()};
    std::vector<std::pair<std::string_view, std::string>> words;

    World() {
        auto& t = api.t;
        const auto alice = t.make_user("alice");
        const auto bob = t.make_user("bob");
        const auto root = t.make_admin("root");
        const auto room = t.make_room(alice, "general");
        t.join(room, bob);
        const auto closed = t.make_room(bob, "private", {false, false});
        t.make_direct_room(alice, {bob});
        const auto message = t.post(room, alice, "Hello @bob, this is a message");
        t.post(room, bob, "and another");
        words = {{"$ALICE", api.token_of(alice)},  {"$BOB", api.token_of(bob)},
                 {"$ROOT", api.token_of(root)},    {"$SESSION", api.session_of(alice)},
                 {"$ROOM", to_hex(room)},          {"$PRIVATE", to_hex(closed)},
                 {"$MESSAGE", to_hex(message.id)}, {"$MEMBER", to_hex(t.member_id(room, bob))},
                 {"$USER", to_hex(bob)},           {"$CURSOR", api.services.cursors.write({1})}};
    }

    std::string spell_out(std::string_view input) const {
        std::string bytes;
        while (!input.empty()) {
            const auto word = std::ranges::find_if(words, [&](const auto& w) { return input.starts_with(w.first); });
            bytes.append(word == words.end() ? input.substr(0, 1) : std::string_view(word->second));
            input.remove_prefix(word == words.end() ? 1 : word->first.size());
        }
        return bytes;
    }
};

/// One connection over a socket pair, the client's end on the same thread: it has sent all, and reads until the end.
class Conversation {
public:
    Conversation(net::Loop& loop, World& world) : loop_(loop), world_(world) {}
    Conversation(const Conversation&) = delete;
    Conversation& operator=(const Conversation&) = delete;
    ~Conversation() { ::close(client_); }

    std::string answer_to(std::string_view bytes) {
        std::array<int, 2> ends{};
        require(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) == 0);
        client_ = ends[0];
        loop_.post([&] {
            connections_.serve(net::Socket::adopt(loop_, ends[1]));
            send(bytes);
            turn();
        });
        loop_.run();
        read();
        return std::move(answer_);
    }
    [[nodiscard]] const std::vector<http::Method>& methods() const { return handler_.methods; }

private:
    static constexpr int turns_before_stop = 40;  // long polls wait for news that nobody makes
    static constexpr int turns_max = 100'000;

    void send(std::string_view bytes) const {
        // An input is smaller than what the kernel takes at once; if not, the server sees an end sooner.
        (void)::send(client_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        shutdown(client_, SHUT_WR);
    }
    void read() {
        static std::array<char, 64 * 1024> piece;
        for (long size = 1; size > 0;) {
            size = recv(client_, piece.data(), piece.size(), 0);
            if (size > 0) answer_.append(piece.data(), static_cast<std::size_t>(size));
        }
    }
    [[nodiscard]] bool over() const {
        const auto& metrics = world_.api.services.metrics;
        return connections_.count() == 0 && metrics.websockets == 0 && metrics.event_streams == 0;
    }
    void turn() {
        read();
        world_.api.publish();
        require(++turns_ < turns_max);
        if (turns_ == turns_before_stop) world_.api.feed.close();
        if (over() && std::exchange(was_over_, true)) return loop_.stop();  // what ended is let go of one turn later
        loop_.post([this] { turn(); });
    }

    net::Loop& loop_;
    World& world_;
    Listening handler_{world_.api.api};
    http::Connections connections_{loop_, handler_};
    int client_ = -1;
    std::string answer_;
    int turns_ = 0;
    bool was_over_ = false;
};

struct Answer {
    int status = 0;
    std::string_view head;
    std::string_view body;

    [[nodiscard]] std::string_view field(std::string_view name) const {
        const auto at = head.find("\r\n" + std::string(name) + ": ");
        if (at == std::string_view::npos) return {};
        const auto value = head.substr(at + name.size() + 4);
        return value.substr(0, value.find("\r\n"));
    }
};

bool is_one_of_ours(std::string_view title) {
    for (int code = 0; code <= static_cast<int>(Code::stale); ++code)
        if (api::title_of(static_cast<Code>(code)) == title) return true;
    constexpr std::string_view others[] = {"Bad Request",       "Request Timeout",
                                           "Length Required",   "URI Too Long",
                                           "Upgrade Required",  "Request Header Fields Too Large",
                                           "Not Implemented",   "HTTP Version Not Supported",
                                           "Expectation Failed"};
    return std::ranges::find(others, title) != std::end(others);
}

void check_json(const Answer& answer) {
    static simdjson::dom::parser parser;
    simdjson::dom::element json;
    const simdjson::padded_string body(answer.body);
    require(parser.parse(body).get(json) == simdjson::SUCCESS);
    if (answer.status < 400) return;
    std::string_view title;
    std::string_view description;
    require(json["title"].get(title) == simdjson::SUCCESS && is_one_of_ours(title));
    require(json["description"].get(description) == simdjson::SUCCESS && !description.empty());
}

void check_content(const Answer& answer, bool has_body) {
    constexpr int statuses[] = {200, 201, 204, 400, 401, 403, 404, 405, 406, 409, 413, 414, 417, 426, 431, 501, 505};
    require(std::ranges::find(statuses, answer.status) != std::end(statuses));
    require(!answer.field("Server").empty() && !answer.field("X-Request-Id").empty());
    if (answer.status == 405 || answer.status == 204) require(answer.head.contains("\r\nallow: "));
    if (!has_body || !answer.field("Content-Encoding").empty()) return;
    require(is_valid_utf8(answer.body));
    if (answer.field("Content-Type").starts_with("application/json")) check_json(answer);
    else require(answer.status < 400 || answer.status == 405);
}

/// Frames of a server: whole, not masked, and in them JSON.
void check_frames(std::string_view bytes) {
    while (!bytes.empty()) {
        require(bytes.size() >= 2);
        const auto first = static_cast<unsigned char>(bytes[0]);
        std::size_t size = static_cast<unsigned char>(bytes[1]);
        require((first & 0xF0U) == 0x80U && size <= 127);
        const std::size_t header = size == 126 ? 4 : size == 127 ? 10 : 2;
        require(bytes.size() >= header);
        if (header > 2) size = 0;
        for (std::size_t i = 2; i < header; ++i) size = size << 8U | static_cast<unsigned char>(bytes[i]);
        require(bytes.size() >= header + size);
        if ((first & 0x0FU) == static_cast<unsigned>(ws::Opcode::text))
            check_json({101, {}, bytes.substr(header, size)});
        bytes.remove_prefix(header + size);
    }
}

/// One answer from the front of `bytes`, which it takes off. False: the rest is no HTTP any more.
bool check_answer(std::string_view& bytes, http::Method method) {
    Answer answer;
    const auto end = bytes.find("\r\n\r\n");
    require(end != std::string_view::npos && bytes.starts_with("HTTP/1.1 "));
    answer.head = bytes.substr(0, end + 2);
    bytes.remove_prefix(end + 4);
    require(is_valid_utf8(answer.head));
    const auto digits = answer.head.substr(9, 3);
    require(std::from_chars(digits.data(), digits.data() + 3, answer.status).ptr == digits.data() + 3);
    if (answer.status == 100) return !bytes.empty() && check_answer(bytes, method);  // or the body never came
    if (answer.status == 101) return check_frames(bytes), false;
    if (answer.field("Transfer-Encoding") == "chunked") return false;
    std::size_t size = 0;
    const auto length = answer.field("Content-Length");
    std::from_chars(length.data(), length.data() + length.size(), size);
    require(!length.empty() || answer.status == 204);
    const bool has_body = method != http::Method::head && size > 0;
    if (has_body) {
        require(bytes.size() >= size);
        answer.body = bytes.substr(0, size);
        bytes.remove_prefix(size);
    }
    check_content(answer, has_body);
    return true;
}

void check_answers(std::string_view bytes, const std::vector<http::Method>& methods) {
    std::size_t answers = 0;
    while (!bytes.empty()) {
        // The one past the last that was admitted is the refusal of what was no request.
        require(answers <= methods.size());
        const auto method = answers < methods.size() ? methods[answers] : http::Method::other;
        ++answers;
        if (!check_answer(bytes, method)) return;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static net::Loop loop{std::chrono::hours{1}};
    World world;
    Conversation conversation{loop, world};
    const auto bytes = world.spell_out({reinterpret_cast<const char*>(data), size});
    const auto answer = conversation.answer_to(bytes);
    check_answers(answer, conversation.methods());
    return 0;
}
