#include "base/limits.hpp"
#include "base/utf8.hpp"
#include "cli/parse.hpp"

#include <fmt/format.h>

#include <istream>
#include <stdexcept>

namespace makechat::cli {
namespace {

/// With "=", so that no value is taken for an option; an empty one needs a word of its own.
void add_option(std::vector<std::string>& words, const char* option, const std::string& value) {
    if (value.empty()) {
        words.insert(words.end(), {option, {}});
    } else {
        words.push_back(fmt::format("{}={}", option, value));
    }
}

struct ToWords {
    using Words = std::vector<std::string>;

    static Words with_user(const char* group, const char* action, const std::string& username) {
        Words words{group, action};
        add_option(words, "-u", username);
        return words;
    }

    Words operator()(const UserCreate& user) const {
        auto words = with_user("user", "create", user.username);
        add_option(words, "-p", user.password);
        add_option(words, "-e", user.email);
        if (user.is_superuser) words.emplace_back("-admin");
        return words;
    }
    Words operator()(const UserChangepass& user) const {
        auto words = with_user("user", "changepass", user.username);
        add_option(words, "-p", user.password);
        return words;
    }
    Words operator()(const UserList&) const { return {"user", "list"}; }
    Words operator()(const UserDisable& user) const { return with_user("user", "disable", user.username); }
    Words operator()(const UserEnable& user) const { return with_user("user", "enable", user.username); }
    Words operator()(const TokenCreate& token) const {
        auto words = with_user("token", "create", token.username);
        add_option(words, "-n", token.name);
        return words;
    }
    Words operator()(const TokenList& list) const {
        return list.username ? with_user("token", "list", *list.username) : Words{"token", "list"};
    }
    Words operator()(const TokenRevoke& revoke) const {
        auto words = revoke.username ? with_user("token", "revoke", *revoke.username) : Words{"token", "revoke"};
        words.insert(words.end(), {"--", revoke.token});
        return words;
    }
    Words operator()(const RoomList&) const { return {"room", "list"}; }
    Words operator()(const auto&) const {
        throw std::logic_error("serve, bench, check-config and version are not sent");
    }
};

}  // namespace

std::vector<std::string> to_words(const Command& command) { return std::visit(ToWords{}, command.action); }

std::string* password_from_stdin(Command& command) {
    std::string* password = nullptr;
    if (auto* create = std::get_if<UserCreate>(&command.action)) password = &create->password;
    if (auto* change = std::get_if<UserChangepass>(&command.action)) password = &change->password;
    if (auto* bench = std::get_if<Bench>(&command.action)) password = &bench->token;
    return password && *password == "-" ? password : nullptr;
}

Result<std::string> read_password(std::istream& in) {
    // One byte more than allowed is read, so that a longer one is refused by the rule and not cut.
    std::string line;
    for (char c = 0; line.size() <= limits::password_bytes_max && in.get(c) && c != '\n';) line.push_back(c);
    if (line.empty()) return fail({Code::bad_password, "There is no password on stdin."});
    if (!is_valid_utf8(line)) return fail({Code::bad_password, "The password on stdin is not valid UTF-8."});
    return line;
}

}  // namespace makechat::cli
