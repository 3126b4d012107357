#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "chat/ids.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace makechat::sqlite {

/// What SQLite refused. Thrown inside this folder only: the writer, the readers and Store::open make an Error of it.
/// `what()` may hold SQL and paths; it is for the log.
class Failure : public std::runtime_error {
public:
    Failure(int code, const std::string& what, int system_error = 0)
        : std::runtime_error(what), code_(code), system_error_(system_error) {}

    [[nodiscard]] bool is_constraint() const;  ///< a unique or foreign key, or a type: this job's fault, not the disk's
    [[nodiscard]] bool is_damage() const;      ///< the file is not, or no longer, a sound database
    [[nodiscard]] bool is_schema() const;      ///< a table or a column is not there
    /// What who runs the server may do about it, as sentences; empty: nothing is known to help.
    [[nodiscard]] std::string remedy() const;

private:
    int code_;          ///< SQLite's extended result code
    int system_error_;  ///< errno, where SQLite knows it
};

/// The same for what the system refused.
std::string remedy_of(int system_error);

/// "FILE is damaged (…). Restore …": why a start is refused.
Error refused_at_start(const std::filesystem::path& file, const Failure& failure);

/// A connection. Threads: one at a time; connections to one file may be used side by side.
class Database {
public:
    enum class Mode : std::uint8_t { read_write, read_only };

    /// Opens a file that exists. Throws Failure.
    Database(const std::filesystem::path& file, Mode mode);

    /// Runs statements that yield nothing. Throws Failure.
    void run(const std::string& sql);
    /// The first column of the first row.
    std::int64_t number(const std::string& sql);
    std::string text(const std::string& sql);

    [[nodiscard]] bool in_transaction() const;
    /// Copies what it can from the write-ahead log into the file without waiting for anybody. True: that was all of it.
    bool checkpoint();
    /// Copies all of it, and leaves it empty. Throws Failure, also when somebody still reads from it.
    void empty_log();
    /// Reads anew what it has read: a page that came back wrong may be right on the disk. Not within a transaction.
    void forget_pages();
    [[nodiscard]] sqlite3* handle() const { return connection_.get(); }
    [[noreturn]] void fail(int code) const;

private:
    struct Close {
        void operator()(sqlite3* connection) const;
    };
    std::unique_ptr<sqlite3, Close> connection_;
};

using Bytes = std::span<const std::uint8_t>;

/// Ids side by side, as a list of them is stored.
Bytes bytes_of(std::span<const chat::UserId> ids);

/// SQL, prepared once and run with many values.
///
///     Statement drop{database, "DELETE FROM bars WHERE room = ?1 AND user = ?2"};
///     drop.run(room, user);
///
///     Statement find{database, "SELECT user FROM bars WHERE room = ?1"};
///     for (auto rows = find.query(room); rows.next();) barred.push_back(rows.id<UserId>(0));
class Statement {
public:
    Statement(Database& database, std::string_view sql);

    /// One result, row by row; ends with this object.
    class Rows {
    public:
        explicit Rows(Statement& statement) : statement_(statement) {}
        Rows(const Rows&) = delete;
        Rows& operator=(const Rows&) = delete;
        ~Rows() { statement_.reset(); }

        bool next() { return statement_.step(); }

        // Columns of the present row, from 0. What has no number, text or bytes reads as 0 or empty.
        [[nodiscard]] bool is_null(int column) const;
        [[nodiscard]] std::int64_t number(int column) const;
        [[nodiscard]] std::string text(int column) const;
        [[nodiscard]] Bytes bytes(int column) const;  ///< until the next row
        [[nodiscard]] Time time(int column) const { return from_millis(number(column)); }
        [[nodiscard]] std::optional<Time> optional_time(int column) const;
        [[nodiscard]] chat::Seq seq(int column) const { return {number(column)}; }
        [[nodiscard]] std::vector<chat::UserId> users(int column) const;
        template <class IdType>
        [[nodiscard]] IdType id(int column) const {
            IdType id;
            copy(column, id.bytes);
            return id;
        }
        /// Throws Failure when the column has another length.
        void copy(int column, std::span<std::uint8_t> to) const;

    private:
        Statement& statement_;
    };

    /// Begins with these values for ?1, ?2, …; they are copied.
    template <class... Values>
    [[nodiscard]] Rows query(const Values&... values) {
        bind_all(Lifetime::copied, values...);
        return Rows{*this};
    }

    /// Runs to the end with these values; the number of rows that it changed.
    template <class... Values>
    int run(const Values&... values) {
        bind_all(Lifetime::borrowed, values...);
        return run_bound();
    }

private:
    enum class Lifetime : std::uint8_t { copied, borrowed };

    template <class... Values>
    void bind_all([[maybe_unused]] Lifetime lifetime, const Values&... values) {
        int index = 0;
        (bind(lifetime, ++index, values), ...);
    }

    void bind(Lifetime lifetime, int index, std::string_view text);
    void bind(Lifetime lifetime, int index, const char* text) { bind(lifetime, index, std::string_view(text)); }
    void bind(Lifetime lifetime, int index, const std::string& text) { bind(lifetime, index, std::string_view(text)); }
    void bind(Lifetime lifetime, int index, Bytes bytes);
    void bind(Lifetime lifetime, int index, std::nullopt_t null);
    void bind(Lifetime lifetime, int index, std::int64_t number);
    void bind(Lifetime lifetime, int index, bool value) { bind(lifetime, index, std::int64_t{value}); }
    void bind(Lifetime lifetime, int index, Time time) { bind(lifetime, index, to_millis(time)); }
    void bind(Lifetime lifetime, int index, chat::Seq seq) { bind(lifetime, index, seq.value); }
    void bind(Lifetime lifetime, int index, chat::Position at) { bind(lifetime, index, at.value); }
    template <std::size_t Size>
    void bind(Lifetime lifetime, int index, const std::array<std::uint8_t, Size>& bytes) {
        bind(lifetime, index, Bytes(bytes));
    }
    template <class Tag>
    void bind(Lifetime lifetime, int index, const Id<Tag>& id) {
        bind(lifetime, index, Bytes(id.bytes));
    }
    template <class Value>
    void bind(Lifetime lifetime, int index, const std::optional<Value>& value) {
        if (value) bind(lifetime, index, *value);
        else bind(lifetime, index, std::nullopt);
    }

    bool step();
    int run_bound();
    void reset();
    void check(int code) const;

    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };
    Database& database_;
    std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

}  // namespace makechat::sqlite
