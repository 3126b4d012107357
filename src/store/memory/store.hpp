#pragma once

#include "base/random.hpp"
#include "chat/ports.hpp"
#include "store/memory/state.hpp"

#include <map>
#include <mutex>
#include <string>
#include <tuple>
#include <vector>

/// A store that forgets at its end: for tests of the domain, and the model that the contract suite holds other stores to.
namespace makechat::memory {

/// Threads: any; one call at a time does its work, within the call, and the caller resumes by its executor.
/// `committed` runs inside that: it must not call the store.
class Store final : public chat::Store {
public:
    explicit Store(Random& random, chat::Committed committed = {});

    Task<Result<chat::Commit>> append(chat::Change change) override;

    Task<Result<std::vector<chat::Message>>> messages(chat::RoomId room, chat::Window window) override;
    Task<Result<std::vector<chat::Entry>>> entries(chat::LogId log, chat::Window window) override;
    Task<Result<std::vector<chat::Entry>>> entries_since(chat::LogId log, chat::Position after,
                                                         std::size_t max) override;
    Task<Result<chat::Message>> message(chat::MessageId id) override;
    Task<Result<std::vector<chat::MessageVersion>>> history(chat::MessageId id) override;
    Task<Result<std::vector<chat::Unread>>> unread(chat::UserId user, std::vector<Place> places) override;

    Task<Result<chat::Snapshot>> load() override;
    Task<Result<bool>> record(chat::Uses uses) override;
    Task<Result<bool>> check() override;
    [[nodiscard]] std::uint64_t bytes() const override;
    [[nodiscard]] std::string describe() const override;

    /// For tests: the nth write from now (1: the next append or record) fails as on a full disk, and leaves no trace.
    void fail_next(int n = 1);

private:
    Result<chat::Commit> commit(chat::Change change);
    bool fails();
    [[nodiscard]] bool is_stale(const chat::Change& change) const;
    [[nodiscard]] bool rooms_exist(const std::vector<chat::Write>& writes) const;

    const chat::Committed committed_;
    std::string server_id_;
    SecretHash cursor_key_{};

    std::mutex mutex_;  ///< guards all below
    State state_;
    std::map<std::tuple<chat::RoomId, chat::UserId, std::string>, chat::Seq> nonces_;
    std::map<chat::Fact, chat::Position> changed_;  ///< when each fact last changed
    int fails_in_ = 0;
};

}  // namespace makechat::memory
