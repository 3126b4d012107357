#include "store/sqlite/database.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace makechat::sqlite {
namespace {

constexpr int busy_ms_max = 5'000;  ///< for a foreign program that holds the file, say a backup by sqlite3

int primary(int code) { return code & 0xFF; }

/// The kind of the error, and what SQLite and the system have to add. SQLite does not keep errno for all calls, so that who
/// calls it for what may fail on the disk sets it to 0 before.
Failure failure_of(int code, sqlite3* connection) {
    const int called = errno;
    const std::string kind = sqlite3_errstr(code);
    const std::string more = sqlite3_errmsg(connection);
    std::string words = more == kind ? kind : kind + ": " + more;
    int system_error = 0;
    if (primary(code) == SQLITE_IOERR || primary(code) == SQLITE_CANTOPEN) system_error = called;
    if (primary(code) == SQLITE_IOERR) words += fmt::format(" {}", code);  // which call it was
    if (system_error != 0) words += ", " + std::generic_category().message(system_error);
    return {code, words, system_error};
}

constexpr auto restore = "Restore the data folder from a backup; until then keep its files as they are.";
constexpr auto make_room = "Make room on its disk.";

}  // namespace

bool Failure::is_constraint() const {
    return primary(code_) == SQLITE_CONSTRAINT || primary(code_) == SQLITE_MISMATCH || primary(code_) == SQLITE_TOOBIG;
}
bool Failure::is_damage() const { return primary(code_) == SQLITE_CORRUPT || primary(code_) == SQLITE_NOTADB; }
bool Failure::is_schema() const { return primary(code_) == SQLITE_ERROR; }

std::string remedy_of(int system_error) {
    switch (system_error) {
        case ENOSPC:
        case EDQUOT: return make_room;
        case EROFS: return "Its file system is read-only: mount it writable.";
        case EACCES:
        case EPERM: return "Give the user that runs makechat the right to write the folder and what is in it.";
        case EIO: return "The disk fails: the system's log (dmesg) may tell more.";
        default: return {};
    }
}

std::string Failure::remedy() const {
    if (is_damage()) return restore;
    if (primary(code_) == SQLITE_FULL) return make_room;
    if (primary(code_) == SQLITE_READONLY) return remedy_of(EACCES);
    if (primary(code_) == SQLITE_BUSY || primary(code_) == SQLITE_LOCKED)
        return "Another program has it: end that one.";
    if (auto known = remedy_of(system_error_); !known.empty()) return known;
    return primary(code_) == SQLITE_IOERR ? remedy_of(EIO) : std::string{};
}

Error refused_at_start(const std::filesystem::path& file, const Failure& failure) {
    if (failure.is_damage() || failure.is_schema())
        return {Code::internal, fmt::format("{} is damaged ({}). {}", file.string(), failure.what(), restore)};
    const auto remedy = failure.remedy();
    return {Code::internal, fmt::format("{} cannot be used: {}.{}{}", file.string(), failure.what(),
                                        remedy.empty() ? "" : " ", remedy)};
}

void Database::Close::operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }

Database::Database(const std::filesystem::path& file, Mode mode) {
    const int access = mode == Mode::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    sqlite3* opened = nullptr;
    errno = 0;
    const int code = sqlite3_open_v2(file.c_str(), &opened, access | SQLITE_OPEN_NOMUTEX, nullptr);
    connection_.reset(opened);
    if (code != SQLITE_OK) fail(code);
    sqlite3_extended_result_codes(opened, 1);
    sqlite3_busy_timeout(opened, busy_ms_max);
}

void Database::fail(int code) const { throw failure_of(code, handle()); }

void Database::run(const std::string& sql) {
    errno = 0;
    const int code = sqlite3_exec(handle(), sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) fail(code);
}

std::int64_t Database::number(const std::string& sql) {
    Statement statement{*this, sql};
    auto rows = statement.query();
    return rows.next() ? rows.number(0) : 0;
}

std::string Database::text(const std::string& sql) {
    Statement statement{*this, sql};
    auto rows = statement.query();
    return rows.next() ? rows.text(0) : std::string{};
}

bool Database::in_transaction() const { return sqlite3_get_autocommit(handle()) == 0; }

bool Database::checkpoint() {
    int frames = 0;
    int copied = 0;
    errno = 0;
    const int code = sqlite3_wal_checkpoint_v2(handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, &frames, &copied);
    if (primary(code) == SQLITE_BUSY || primary(code) == SQLITE_LOCKED) return false;  // another connection is at it
    if (code != SQLITE_OK) fail(code);
    return copied == frames;
}

void Database::empty_log() {
    errno = 0;
    const int code = sqlite3_wal_checkpoint_v2(handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    if (code != SQLITE_OK) fail(code);
}

void Database::forget_pages() { sqlite3_db_release_memory(handle()); }

Bytes bytes_of(std::span<const chat::UserId> ids) {
    static_assert(sizeof(chat::UserId) == 12);
    return {ids.empty() ? nullptr : ids.front().bytes.data(), ids.size_bytes()};
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Statement::Statement(Database& database, std::string_view sql) : database_(database) {
    sqlite3_stmt* prepared = nullptr;
    errno = 0;
    check(sqlite3_prepare_v3(database.handle(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                             &prepared, nullptr));
    statement_.reset(prepared);
}

void Statement::check(int code) const {
    if (code != SQLITE_OK) database_.fail(code);
}

void Statement::bind(Lifetime lifetime, int index, std::string_view text) {
    // A null pointer would bind NULL.
    check(sqlite3_bind_text64(statement_.get(), index, text.empty() ? "" : text.data(), text.size(),
                              lifetime == Lifetime::copied ? SQLITE_TRANSIENT : SQLITE_STATIC, SQLITE_UTF8));
}

void Statement::bind(Lifetime lifetime, int index, Bytes bytes) {
    if (bytes.empty()) return check(sqlite3_bind_zeroblob(statement_.get(), index, 0));
    check(sqlite3_bind_blob64(statement_.get(), index, bytes.data(), bytes.size(),
                              lifetime == Lifetime::copied ? SQLITE_TRANSIENT : SQLITE_STATIC));
}

void Statement::bind(Lifetime, int index, std::int64_t number) {
    check(sqlite3_bind_int64(statement_.get(), index, number));
}

void Statement::bind(Lifetime, int index, std::nullopt_t) { check(sqlite3_bind_null(statement_.get(), index)); }

bool Statement::step() {
    errno = 0;
    const int code = sqlite3_step(statement_.get());
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    // The message is the connection's and would be gone after the reset.
    const auto failure = failure_of(code, database_.handle());
    reset();
    throw failure;
}

int Statement::run_bound() {
    step();
    reset();
    return sqlite3_changes(database_.handle());
}

void Statement::reset() { sqlite3_reset(statement_.get()); }

bool Statement::Rows::is_null(int column) const {
    return sqlite3_column_type(statement_.statement_.get(), column) == SQLITE_NULL;
}

std::int64_t Statement::Rows::number(int column) const {
    return sqlite3_column_int64(statement_.statement_.get(), column);
}

std::string Statement::Rows::text(int column) const {
    const auto* text = sqlite3_column_text(statement_.statement_.get(), column);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.statement_.get(), column));
    return text ? std::string(reinterpret_cast<const char*>(text), size) : std::string{};
}

Bytes Statement::Rows::bytes(int column) const {
    const auto* bytes = sqlite3_column_blob(statement_.statement_.get(), column);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.statement_.get(), column));
    return {static_cast<const std::uint8_t*>(bytes), size};
}

std::optional<Time> Statement::Rows::optional_time(int column) const {
    if (is_null(column)) return std::nullopt;
    return time(column);
}

std::vector<chat::UserId> Statement::Rows::users(int column) const {
    const auto stored = bytes(column);
    std::vector<chat::UserId> users(stored.size() / sizeof(chat::UserId));
    if (!users.empty()) std::memcpy(users.data(), stored.data(), users.size() * sizeof(chat::UserId));
    return users;
}

void Statement::Rows::copy(int column, std::span<std::uint8_t> to) const {
    const auto stored = bytes(column);
    if (stored.size() != to.size())
        throw Failure(SQLITE_CORRUPT, "a column of " + std::to_string(stored.size()) + " bytes instead of " +
                                          std::to_string(to.size()));
    std::memcpy(to.data(), stored.data(), to.size());
}

}  // namespace makechat::sqlite
