#pragma once

#include "chat/chat.hpp"
#include "cli/command.hpp"

namespace makechat::cli {

/// Does what the command says, inside the running server or on an opened store: the same words, the same effects. The
/// command line may do anything, for who can use it can also read the store. Serve, CheckConfig and Version are refused.
/// No outcome holds a password, and only TokenCreate's a token.
Task<Outcome> execute(chat::Chat& chat, Command command);

}  // namespace makechat::cli
