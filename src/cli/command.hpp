#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

/// What the command line can say. Sockets, files and the store are elsewhere: `parse` makes a Command of words, `execute`
/// does it on a chat, inside the running server or on an opened store, and `to_words` carries it from one to the other.
namespace makechat::cli {

struct UserCreate {
    std::string username;
    std::string password;
    std::string email;
    bool is_superuser = false;
    bool operator==(const UserCreate&) const = default;
};
struct UserChangepass {
    std::string username;
    std::string password;
    bool operator==(const UserChangepass&) const = default;
};
struct UserList {
    bool operator==(const UserList&) const = default;
};
struct UserDisable {
    std::string username;
    bool operator==(const UserDisable&) const = default;
};
struct UserEnable {
    std::string username;
    bool operator==(const UserEnable&) const = default;
};

struct TokenCreate {
    std::string username;
    std::string name;
    bool operator==(const TokenCreate&) const = default;
};
struct TokenList {
    std::optional<std::string> username;  ///< none: everybody's
    bool operator==(const TokenList&) const = default;
};
struct TokenRevoke {
    std::string token;  ///< its id; with a user also its name or its first four characters
    std::optional<std::string> username;
    bool operator==(const TokenRevoke&) const = default;
};

struct RoomList {
    bool operator==(const RoomList&) const = default;
};

// For app, not for `execute`:
struct Serve {
    bool operator==(const Serve&) const = default;
};
struct Bench {
    bool as_json = false;
    bool growth = false;
    std::string only;    ///< a part of a figure's name; empty: all
    std::string url;     ///< of a server that runs; empty: one of its own
    std::string token;   ///< for `url`
    std::string folder;  ///< on the disk to be measured; empty: the one for temporary files
    bool operator==(const Bench&) const = default;
};
struct CheckConfig {
    bool operator==(const CheckConfig&) const = default;
};
struct Version {
    bool operator==(const Version&) const = default;
};

using Action = std::variant<UserCreate, UserChangepass, UserList, UserDisable, UserEnable, TokenCreate, TokenList,
                            TokenRevoke, RoomList, Serve, Bench, CheckConfig, Version>;

/// A setting that was given as a flag: {"--data", "/srv/chat"}.
struct FlagValue {
    std::string flag;
    std::string value;
    bool operator==(const FlagValue&) const = default;
};

struct Command {
    Action action;
    std::vector<FlagValue> settings;
    bool operator==(const Command&) const = default;
};

/// What a command has to say, and the status to exit with.
struct Outcome {
    int status = 0;
    std::string out;
    std::string err;  ///< lines; a refusal is "ERROR: …"
    bool operator==(const Outcome&) const = default;
};

inline constexpr int refused = 1;      ///< the status of what was understood, but cannot be
inline constexpr int usage_error = 2;  ///< of what was not understood

inline Outcome failure(int status, const std::string& text) { return {status, {}, "ERROR: " + text + "\n"}; }

}  // namespace makechat::cli
