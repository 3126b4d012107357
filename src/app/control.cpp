#include "app/control.hpp"

#include "api/fields.hpp"
#include "app/settings_flags.hpp"
#include "base/json_text.hpp"
#include "base/limits.hpp"
#include "base/start_logged.hpp"
#include "cli/execute.hpp"
#include "cli/parse.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

namespace makechat::app {
namespace {

/// Where the socket is. An address has room for 107 bytes: a longer path is reached by a descriptor of the folder, which
/// stays open as long as the program, for that deals with one folder.
std::string socket_address(const std::filesystem::path& data_dir) {
    auto path = control_path(data_dir).string();
    if (path.size() < sizeof(sockaddr_un::sun_path)) return path;
    static const int folder = ::open(data_dir.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    return fmt::format("/proc/self/fd/{}/{}", folder, control_path({}).string());
}

std::string to_line(const cli::Outcome& outcome) {
    JsonText json;
    json.begin_object().key("status").number(outcome.status).key("out").string(outcome.out);
    return json.key("err").string(outcome.err).end_object().take() + "\n";
}

Task<cli::Outcome> perform(chat::Chat& chat, std::string line) {
    const auto fields = api::Fields::parse(line);
    if (!fields) co_return cli::failure(cli::usage_error, fields.error().text);
    const auto words = fields->references("words");
    if (!words) co_return cli::failure(cli::usage_error, words.error().text);
    auto command = cli::parse(*words, settings_flags());
    if (!command) co_return command.error();
    auto executing = cli::execute(chat, std::move(*command));
    co_return co_await std::move(executing);
}

/// A blocking Unix socket that closes with its owner: the command line has nothing else to do.
class Connection {
public:
    explicit Connection(int descriptor) : descriptor_(descriptor) {}
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection() { ::close(descriptor_); }

    bool connect(const std::string& text) const {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        if (text.size() >= sizeof address.sun_path) return false;
        text.copy(address.sun_path, text.size());
        return ::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    }
    bool send(std::string_view bytes) const {
        while (!bytes.empty()) {
            const auto sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent < 0 && errno == EINTR) continue;
            if (sent <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }
    std::string receive_line() const {
        std::string line;
        std::array<char, 4096> piece{};
        while (!line.ends_with('\n')) {
            const auto size = ::recv(descriptor_, piece.data(), piece.size(), 0);
            if (size < 0 && errno == EINTR) continue;
            if (size <= 0) return {};
            line.append(piece.data(), static_cast<std::size_t>(size));
        }
        return line;
    }

private:
    int descriptor_;
};

Result<cli::Outcome> to_outcome(std::string_view line) {
    const auto fields = api::Fields::parse(line);
    if (!fields) return fail(fields.error());
    const auto status = fields->integer("status");
    if (!status) return fail(status.error());
    auto out = fields->text("out");
    if (!out) return fail(out.error());
    auto err = fields->text("err");
    if (!err) return fail(err.error());
    return cli::Outcome{static_cast<int>(*status), std::move(*out), std::move(*err)};
}

}  // namespace

std::filesystem::path control_path(const std::filesystem::path& data_dir) { return data_dir / "makechat.sock"; }

struct Control::Caller {
    explicit Caller(net::Socket connected) : socket(std::move(connected)) {}
    net::Socket socket;
    bool has_asked = false;  ///< with a whole line
};

Control::Control(net::Loop& loop, chat::Chat& chat) : loop_(loop), chat_(chat) {}
Control::~Control() = default;

Result<std::unique_ptr<Control>> Control::open(net::Loop& loop, const std::filesystem::path& data_dir,
                                               chat::Chat& chat) {
    auto control = std::unique_ptr<Control>(new Control(loop, chat));
    auto listener = net::Listener::open_unix(loop, socket_address(data_dir), [to = control.get()](net::Socket socket) {
        to->callers_.emplace_front(std::move(socket));
        start_logged("A command over the control socket", to->serve(to->callers_.begin()));
    });
    if (!listener) return fail(listener.error());
    control->listener_.emplace(std::move(*listener));
    return control;
}

void Control::stop() {
    listener_->stop();
    loop_.post([this] {
        for (auto& caller : callers_) {
            if (!caller.has_asked) caller.socket.close();
        }
    });
}

Task<void> Control::serve(std::list<Caller>::iterator caller) {
    struct Parting {
        Control& from;
        std::list<Caller>::iterator caller;
        ~Parting() {
            if (caller->has_asked) --from.at_work_;
            from.callers_.erase(caller);
        }
    };
    const Parting afterwards{*this, caller};  // whatever a bug throws
    auto answering = answer(*caller);
    co_await std::move(answering);
}

Task<void> Control::answer(Caller& caller) {
    std::string line;
    std::array<char, 4096> piece{};
    while (line.find('\n') == std::string::npos) {
        auto reading = caller.socket.read_some(piece);
        const auto size = co_await std::move(reading);
        if (size == 0 || line.size() > limits::body_bytes_max) co_return;
        line.append(piece.data(), size);
    }
    caller.has_asked = true;
    ++at_work_;
    auto performing = perform(chat_, std::move(line));
    const auto outcome = co_await std::move(performing);
    const auto text = to_line(outcome);
    auto writing = caller.socket.write(text);
    co_await std::move(writing);
}

Result<std::optional<cli::Outcome>> ask_server(const std::filesystem::path& data_dir,
                                               std::span<const std::string> words) {
    const Connection connection{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    if (!connection.connect(socket_address(data_dir))) return std::optional<cli::Outcome>{};
    JsonText json;
    json.begin_object().key("words").begin_array();
    for (const auto& word : words) json.string(word);
    json.end_array().end_object();
    if (!connection.send(json.take() + "\n"))
        return fail({Code::internal, "The server ended before it took the command."});
    const auto line = connection.receive_line();
    if (line.empty())
        return fail(
            {Code::internal, "The server ended before it answered: whether the command was carried out is not known."});
    auto outcome = to_outcome(line);
    if (!outcome) return fail(outcome.error());
    return std::optional{std::move(*outcome)};
}

}  // namespace makechat::app
