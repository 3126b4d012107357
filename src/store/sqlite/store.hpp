#pragma once

#include "base/random.hpp"
#include "chat/ports.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

/// The store that needs nothing but a folder: one SQLite database, DIR/makechat.db.
namespace makechat::sqlite {

class FolderLock;
class Readers;
class Writer;

/// Whether there is a store in `folder`.
bool exists(const std::filesystem::path& folder);

/// One thread writes, with one fsync for all that waits; as many as there are cores read. What append has answered
/// survives kill -9 and power loss.
class Store final : public chat::Store {
public:
    /// Opens the store in `folder`, and makes what is not there: the folder (mode 0700) and the database (0600), with a
    /// server id and a cursor key from `random`. An older database is brought to the present schema, and a copy of it
    /// kept as makechat.db.before-N. `committed` is called as ports.hpp says, from the first append on.
    /// Errors, with texts for who starts the program: conflict (another process has the folder; the database is newer
    /// than this program), internal (folder or file cannot be made or opened; the database is damaged).
    static Result<std::unique_ptr<Store>> open(const std::filesystem::path& folder, Random& random,
                                               chat::Committed committed = {});

    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;
    /// Finishes what waits, moves the write-ahead log into the database and unlocks the folder. Nobody may call any more.
    ~Store() override;

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

private:
    Store(std::filesystem::path file, FolderLock lock, chat::Committed committed);

    const std::filesystem::path file_;
    // Ends in the opposite order: the readers, the writer with its last checkpoint, then the lock.
    std::unique_ptr<FolderLock> lock_;
    std::unique_ptr<Writer> writer_;
    std::unique_ptr<Readers> readers_;
};

}  // namespace makechat::sqlite
