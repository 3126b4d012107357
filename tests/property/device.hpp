#pragma once

#include "property/model.hpp"
#include "property/server.hpp"

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace makechat::property {

/// The server is not what the model says it must be.
struct Broken : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// What is on its way to a device.
struct Sent {
    enum class Kind : std::uint8_t { hello, resync, event };
    Kind kind{};
    chat::Position position;
    std::optional<chat::Entry> entry;
    bool live = false;  ///< and not replayed
    bool checked = false;
};

/// The server's end of a live stream, as api/live_stream.cpp has it: what comes while it catches up waits behind that.
class Connection final : public live::Watcher {
public:
    Connection(Server& server, Loop& loop, chat::Coverage coverage, No credential);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection() override;

    /// From now on, or from `after` on.
    void open(std::optional<chat::Position> after);
    void deliver(std::span<const live::FrameIndex> frames) override;
    void sign_out() override { signed_out = true; }

    /// Reads one piece of what it has missed; false: the store cannot, and the connection ends.
    Task<bool> catch_up();

    struct CatchUp {
        chat::Position reached;
        chat::Position until;
        bool may_replay = false;
        std::vector<Sent> live;
    };

    const No credential;
    std::deque<Sent> pipe;
    std::optional<CatchUp> catching_up;
    chat::Position from;  ///< what is newer is told
    bool late = false;    ///< the loop was behind when it began: older things may come too
    bool signed_out = false;
    bool told_the_unwanted = false;

private:
    void send(const chat::Entry& entry, bool live);

    Server& server_;
    Loop& loop_;
};

/// A person's program: it has a connection or none, drops what it knows already, and comes back with its cursor.
class Device {
public:
    Device(Server& server, Model& model, No user) : server_(server), model_(model), user_(user) {}

    [[nodiscard]] No user() const { return user_; }
    [[nodiscard]] bool connected() const { return connection_ != nullptr; }
    [[nodiscard]] bool catches_up() const { return connection_ && connection_->catching_up; }
    [[nodiscard]] bool can_resume() const { return !connection_ && !cursor_.empty(); }

    /// Anew, for these rooms, or for all of his. Nothing where the model and the server agree that he may not.
    void connect(std::vector<No> named, Loop& loop, No credential);
    void resume(Loop& loop, No credential);
    /// What has not been received by then is lost.
    void cut() { connection_.reset(); }
    void receive(std::size_t max);
    Task<bool> catch_up();
    /// It ends, where the server ended it; and what has been sent must have been his to read.
    void follow();

    /// Begins to note what is sent; it must then be exactly what he should get of the log's entries behind `before`.
    void begin_exact() { sent_.clear(); }
    void check_exact(std::size_t before) const;
    /// Everything has been received: it must be all that was his to read, once each, in order.
    void check_all() const;

private:
    struct Told {
        std::size_t place;
        Event event;
    };

    [[nodiscard]] bool follows() const { return named_.empty(); }
    [[nodiscard]] bool covers(No room) const;
    [[nodiscard]] const Model::Right& right(No room) const;
    void open(Loop& loop, No credential, std::optional<chat::Position> after);
    void check_sent(Sent& sent);
    void check_right(const Event& event, std::size_t place, bool live) const;
    void take(const Sent& sent);
    void take(const Event& event, std::size_t place);
    [[nodiscard]] bool is_told_of(No room, std::size_t since) const;
    [[nodiscard]] std::vector<std::size_t> due(std::size_t since) const;
    [[nodiscard]] bool outdated(std::size_t since) const;
    [[noreturn]] void broken(const std::string& what) const;

    Server& server_;
    Model& model_;
    const No user_;
    std::vector<No> named_;
    std::string cursor_;
    std::unique_ptr<Connection> connection_;
    std::vector<std::size_t> sent_;
    // What the program knows.
    std::size_t since_ = 0;  ///< the place in the log behind which it has been following
    std::map<No, std::int64_t> last_seq_;
    std::vector<Told> told_;
    std::set<std::size_t> own_;  ///< places of his own log's entries
    std::set<No> deleted_;
};

}  // namespace makechat::property
