#pragma once

#include "chat/ports.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

namespace makechat {

/// A store that fails at a call of one's choice, and whose calls may be slow, so that what begins at the same moment
/// gets in each other's way. Threads: the test's.
class FaultyStore final : public chat::Store {
public:
    explicit FaultyStore(chat::Store& store) : store_(&store) {}

    /// From here on in this store.
    void move_to(chat::Store& store) { store_ = &store; }

    enum class How : std::uint8_t {
        refused,        ///< without a trace
        answer_is_lost  ///< done all the same; of a read: refused
    };
    /// The nth call from now on (1: the next) fails.
    void fail(int nth, How how);
    /// No fault waits any more.
    void heal() { fails_in_ = 0; }
    /// Whether a call has failed since the last time.
    bool take_failed() { return std::exchange(failed_, false); }

    /// Each call first waits for this many turns of its caller's executor, and `turns` gives the number for the next one.
    std::function<int()> turns;

    Task<Result<chat::Commit>> append(chat::Change change) override;
    Task<Result<std::vector<chat::Message>>> messages(chat::RoomId room, chat::Window window) override;
    Task<Result<std::vector<chat::Entry>>> entries(chat::LogId log, chat::Window window) override;
    Task<Result<std::vector<chat::Entry>>> entries_since(chat::LogId log, chat::Position after,
                                                         std::size_t max) override;
    Task<Result<chat::Message>> message(chat::MessageId id) override;
    Task<Result<std::vector<chat::MessageVersion>>> history(chat::MessageId id) override;
    Task<Result<std::vector<chat::Unread>>> unread(chat::UserId user, std::vector<Place> places) override;
    Task<Result<chat::Snapshot>> load() override { return store_->load(); }
    Task<Result<bool>> record(chat::Uses uses) override { return store_->record(std::move(uses)); }
    Task<Result<bool>> check() override { return store_->check(); }
    [[nodiscard]] std::uint64_t bytes() const override { return store_->bytes(); }
    [[nodiscard]] std::string describe() const override { return store_->describe(); }

private:
    /// Whether this call is the one.
    bool fails();
    Task<void> wait();
    template <class T>
    Task<Result<T>> answer(Task<Result<T>> call);

    chat::Store* store_;
    int fails_in_ = 0;
    bool failed_ = false;
    How how_ = How::refused;
};

}  // namespace makechat
