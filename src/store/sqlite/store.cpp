#include "store/sqlite/store.hpp"

#include "base/log.hpp"
#include "base/machine.hpp"
#include "store/sqlite/lock.hpp"
#include "store/sqlite/migrate.hpp"
#include "store/sqlite/readers.hpp"
#include "store/sqlite/writer.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <system_error>
#include <thread>

namespace makechat::sqlite {

using namespace chat;

namespace {

constexpr auto file_name = "makechat.db";

/// The folder for its owner alone, and its name on the disk for good.
std::error_code make_folder(const std::filesystem::path& folder) {
    std::error_code error;
    if (std::filesystem::is_directory(folder, error)) return {};
    if (const auto parent = folder.parent_path(); !parent.empty()) {
        std::filesystem::create_directories(parent, error);
        if (error) return error;
    }
    if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return {errno, std::generic_category()};
    const auto parent = folder.has_parent_path() ? folder.parent_path() : std::filesystem::path(".");
    if (const int opened = ::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); opened >= 0) {
        fsync(opened);
        close(opened);
    }
    return {};
}

Error too_many_wait() { return {Code::overloaded, "Too many requests wait for the store.", 1}; }

Error cannot_read(const Failure& failure) {
    if (failure.is_damage()) return {Code::internal, "Internal error.", 0};
    return {Code::overloaded, "The store cannot read at the moment.", 1};
}

std::size_t bytes_of(const Message& message) { return sizeof message + message.text.size(); }
std::size_t bytes_of(const MessageVersion& version) { return sizeof version + version.text.size(); }
template <class T>
std::size_t bytes_of(const T&) {
    return 0;  // small, or the snapshot at the start
}
template <class T>
std::size_t bytes_of(const std::vector<T>& all) {
    std::size_t bytes = 0;
    for (const auto& each : all) bytes += bytes_of(each);
    return bytes;
}

/// Does `work` on a reader's thread and resumes where the caller was.
template <class T>
Task<Result<T>> read(Readers& readers, std::function<Result<T>(Reader&)> work) {
    std::size_t bytes = 0;
    auto reading = suspend_for<Result<T>>([&](auto& done) {
        const bool offered = readers.offer([&readers, &bytes, &done, work = std::move(work)](Reader& reader) {
            Result<T> result;
            try {
                result = work(reader);
                readers.faults().worked();
                if (result) readers.done(bytes = bytes_of(*result));
            } catch (const Failure& failure) {
                readers.faults().failed(failure);
                if (failure.is_damage()) reader.forget_pages();
                result = fail(cannot_read(failure));
            } catch (const std::exception& bug) {
                log::error(fmt::format("sqlite: a read ended by an exception: {}", bug.what()));
                result = fail({Code::internal, "Internal error.", 0});
            }
            done.finish(std::move(result));
        });
        if (!offered) done.finish(fail(too_many_wait()));
    });
    auto result = co_await reading;
    readers.taken(bytes);
    co_return result;
}

template <class T, class Done>
void offer_or_refuse(Writer& writer, T work, Done& done) {
    if (!writer.offer(std::move(work))) done.finish(fail(too_many_wait()));
}

}  // namespace

bool exists(const std::filesystem::path& folder) {
    std::error_code unreadable;  // then opening it tells why
    return std::filesystem::exists(folder / file_name, unreadable) || unreadable;
}

Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path& folder, Random& random, Committed committed) {
    if (const auto error = make_folder(folder)) {
        return fail({Code::internal, fmt::format("The data folder {} cannot be created: {}. {}", folder.string(),
                                                 error.message(), remedy_of(error.value()))});
    }
    auto lock = FolderLock::take(folder);
    if (!lock) return fail(std::move(lock.error()));
    const auto file = folder / file_name;
    if (auto migrated = migrate(file, random); !migrated) return fail(std::move(migrated.error()));
    try {
        return std::unique_ptr<Store>(new Store(file, std::move(*lock), std::move(committed)));
    } catch (const Failure& failure) {
        return fail(refused_at_start(file, failure));
    }
}

Store::Store(std::filesystem::path file, FolderLock lock, Committed committed)
    : file_(std::move(file)),
      lock_(std::make_unique<FolderLock>(std::move(lock))),
      writer_(std::make_unique<Writer>(file_, std::move(committed))),
      readers_(std::make_unique<Readers>(file_, usable_cores())) {}

Store::~Store() = default;

Task<Result<Commit>> Store::append(Change change) {
    co_return co_await suspend_for<Result<Commit>>(
        [&](auto& done) { offer_or_refuse(*writer_, Append(std::move(change), &done), done); });
}

Task<Result<bool>> Store::record(Uses uses) {
    co_return co_await suspend_for<Result<bool>>(
        [&](auto& done) { offer_or_refuse(*writer_, Record{std::move(uses), &done}, done); });
}

Task<Result<std::vector<Message>>> Store::messages(RoomId room, Window window) {
    return read<std::vector<Message>>(*readers_, [=](Reader& reader) { return reader.messages(room, window); });
}

Task<Result<std::vector<Entry>>> Store::entries(LogId log, Window window) {
    return read<std::vector<Entry>>(*readers_, [=](Reader& reader) { return reader.entries(log, window); });
}

Task<Result<std::vector<Entry>>> Store::entries_since(LogId log, Position after, std::size_t max) {
    return read<std::vector<Entry>>(*readers_, [=](Reader& reader) { return reader.entries_since(log, after, max); });
}

Task<Result<Message>> Store::message(MessageId id) {
    return read<Message>(*readers_, [=](Reader& reader) { return reader.message(id); });
}

Task<Result<std::vector<MessageVersion>>> Store::history(MessageId id) {
    return read<std::vector<MessageVersion>>(*readers_, [=](Reader& reader) { return reader.history(id); });
}

Task<Result<std::vector<Unread>>> Store::unread(UserId user, std::vector<Place> places) {
    return read<std::vector<Unread>>(
        *readers_, [user, places = std::move(places)](Reader& reader) { return reader.unread(user, places); });
}

Task<Result<Snapshot>> Store::load() {
    return read<Snapshot>(*readers_, [this](Reader& reader) -> Result<Snapshot> {
        try {
            return reader.load();
        } catch (const Failure& failure) {
            return fail(refused_at_start(file_, failure));
        }
    });
}

Task<Result<bool>> Store::check() {
    return read<bool>(*readers_, [](Reader& reader) { return reader.check(); });
}

std::uint64_t Store::bytes() const {
    std::uintmax_t bytes = 0;
    for (const auto* suffix : {"", "-wal"}) {
        std::error_code error;
        const auto size = std::filesystem::file_size(file_.string() + suffix, error);
        if (!error) bytes += size;
    }
    return bytes;
}

std::string Store::describe() const {
    constexpr double mebibyte = 1024.0 * 1024.0;
    return fmt::format("sqlite {}, {:.1f} MiB", file_name, static_cast<double>(bytes()) / mebibyte);
}

}  // namespace makechat::sqlite
