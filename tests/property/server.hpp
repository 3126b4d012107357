#pragma once

#include "bus/local/bus.hpp"
#include "chat/post_message.hpp"
#include "chat/replay.hpp"
#include "chat/sign_in.hpp"
#include "live/hub.hpp"
#include "live/presence.hpp"
#include "property/operation.hpp"
#include "support/chat_fixture.hpp"
#include "support/faulty_store.hpp"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

namespace makechat::property {

/// A store and what it stands on.
class Backing {
public:
    virtual ~Backing() = default;
    virtual chat::Store& open(chat::Committed committed) = 0;
    /// Ends the store and opens it again on what it has kept.
    virtual chat::Store& reopen() = 0;
    /// For a store that can fail by itself: from the nth write on.
    virtual void begin_fault(int at_write) { static_cast<void>(at_write); }
    virtual void end_fault() {}
};

/// Takes what is posted and runs it when it is told to: a loop that is as late as a test wants it.
class LateExecutor final : public Executor {
public:
    void post(std::function<void()> work) override;
    /// At most `max` of what waits.
    void run(std::size_t max);
    [[nodiscard]] bool idle() const;

private:
    mutable std::mutex mutex_;  // the sqlite store's writer posts
    std::deque<std::function<void()>> waiting_;
};

/// A loop's live side, as api/live_feed.cpp has it, whose frames are entries.
struct Loop {
    explicit Loop(const chat::Directory& directory) : hub(directory), offered(directory.position()) {}
    void on_batch(const chat::Batch& batch);

    static constexpr live::FrameIndex unwanted = 0xFFFF;
    LateExecutor executor;
    live::Hub hub;
    chat::Position offered;  ///< to the hub so far
    std::vector<chat::Entry> palette;
};

/// What a caller is told.
struct Answer {
    std::optional<Code> refused;
    std::optional<chat::Message> message;
    bool repeated = false;
};

/// The server without sockets: domain, store, bus and hubs, and the model's numbers for its ids. Threads: the test's.
class Server {
public:
    static constexpr std::size_t loops_count = 2;

    explicit Server(Backing& backing);

    /// The process ends and begins anew on what the store has. Nobody may be connected.
    void restart();

    /// Whether the server knows this secret now, as this user's.
    bool authenticate(No credential, No user);
    [[nodiscard]] bool has_secret(No credential) const { return secrets_.contains(credentials_.at(credential)); }

    Task<Answer> perform(Operation op);

    /// What has been committed since the last call.
    std::vector<Event> take_written();
    Event translate(const chat::Entry& entry);
    /// A committed entry's place in the order of all: 1, 2, 3, …
    [[nodiscard]] std::size_t place_of(chat::Position position) const;

    [[nodiscard]] chat::UserId user(No no) const { return users_.at(no); }
    [[nodiscard]] chat::RoomId room(No no) const { return rooms_.at(no); }
    [[nodiscard]] chat::MessageId message(No no) const { return messages_.at(no); }
    [[nodiscard]] No number(chat::MessageId id) const { return message_numbers_.at(id); }
    [[nodiscard]] chat::Credential credential(No no) const { return credentials_.at(no); }

    chat::Chat& chat() { return life_->chat; }
    live::Presence& presence() { return life_->presence; }
    Loop& loop(std::size_t i) { return life_->loops[i % loops_count]; }
    [[nodiscard]] chat::Cursors cursors() const { return chat::Cursors{life_->cursor_key}; }

    FakeClock clock;
    FaultyStore store;

private:
    /// What a process has in memory.
    struct Life {
        Life(Server& server, chat::Snapshot snapshot);
        chat::Directory directory;
        live::Presence presence;
        std::deque<Loop> loops;
        local::Bus bus;
        SecretHash cursor_key{};
        chat::Chat chat;
    };

    void on_committed(const chat::SharedBatch& batch);
    void keep(const chat::OpenedSession& session) { secrets_[session.session.id] = session.value; }
    void keep(const chat::NewToken& token) { secrets_[token.token.id] = token.value; }
    Task<Answer> sign_up(Operation op);
    Task<Answer> sign_in(Operation op);
    Task<Answer> make_token(Operation op);
    Task<Answer> posted(Task<Result<chat::Posted>> posting);
    [[nodiscard]] chat::Draft draft_of(const Operation& op) const;

    Backing& backing_;
    FakeRandom random_;
    IdSource ids_{clock, random_};
    chat::FakePasswords passwords_;
    std::unique_ptr<Life> life_;
    std::vector<chat::Entry> written_;
    std::unordered_map<std::int64_t, std::size_t> places_;
    std::map<chat::Credential, std::string> secrets_;
    std::vector<chat::UserId> users_;
    std::vector<chat::RoomId> rooms_;
    std::vector<chat::MessageId> messages_;
    std::vector<chat::Credential> credentials_;
    std::map<chat::UserId, No> user_numbers_;
    std::map<chat::RoomId, No> room_numbers_;
    std::map<chat::MessageId, No> message_numbers_;
    std::map<chat::Credential, No> credential_numbers_;
};

}  // namespace makechat::property
