#pragma once

#include "base/result.hpp"
#include "cli/command.hpp"

#include <expected>
#include <iosfwd>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace makechat::cli {

/// A setting that `serve` and `check-config` take as a flag. app has the table of settings; here they only have names.
struct SettingFlag {
    std::string_view flag;     ///< "--session-ttl"
    std::string_view metavar;  ///< "SECONDS"
    std::string_view help;     ///< one line
};

/// The command that `words` (argv without the program) say, or what to print and exit with in its place: a help text, or
/// a usage error. No text repeats the value of an option, for it may be a password.
/// `settings` has at least --data and --config, which every command takes.
std::expected<Command, Outcome> parse(std::span<const std::string> words, std::span<const SettingFlag> settings);

/// The words that `parse` makes `command` of; its settings are left out. Not for Serve, Bench, CheckConfig and Version.
std::vector<std::string> to_words(const Command& command);

/// Where the password (or the bench's token) of the command stands if it is to be read from stdin (`-p -`), else null. The one who has that stdin
/// asks; a password that really is "-" is possible that way only.
std::string* password_from_stdin(Command& command);

/// The first line of `in`, without its newline. Error: bad_password (none there, or not UTF-8).
Result<std::string> read_password(std::istream& in);

}  // namespace makechat::cli
