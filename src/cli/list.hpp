#pragma once

#include "chat/directory.hpp"

#include <string>
#include <vector>

/// The `list` commands: what the directory says now, as tables.
namespace makechat::cli {

std::string list_users(const chat::Directory& directory);                           ///< by name
std::string list_tokens(const chat::Directory& directory);                          ///< by user, then oldest first
std::string list_tokens(const chat::Directory& directory, const chat::User& user);  ///< oldest first
std::string list_rooms(const chat::Directory& directory);                           ///< by name, without direct rooms

/// Of all users, in the order of list_tokens.
std::vector<chat::Token> all_tokens(const chat::Directory& directory);

}  // namespace makechat::cli
