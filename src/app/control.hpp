#pragma once

#include "base/result.hpp"
#include "chat/chat.hpp"
#include "cli/command.hpp"
#include "net/listener.hpp"

#include <atomic>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

/// How the command line reaches a running server: a Unix socket in the data folder, which its owner alone may open. One
/// line of JSON goes each way: {"words": ["user", "list"]} and {"status": 0, "out": "…", "err": "…"}. So one process writes
/// the store, and its caches stay true.
namespace makechat::app {

std::filesystem::path control_path(const std::filesystem::path& data_dir);

/// Serves commands on `loop` until the listener is stopped. `chat` outlives the loop. Error: conflict.
/// `in_flight` counts the commands that are being carried out, for who stops the server.
Result<net::Listener> open_control(net::Loop& loop, const std::filesystem::path& data_dir, chat::Chat& chat,
                                   std::atomic<int>& in_flight);

/// Asks the server that runs on this folder. None: no server runs there. Errors: internal (the connection broke).
Result<std::optional<cli::Outcome>> ask_server(const std::filesystem::path& data_dir,
                                               std::span<const std::string> words);

}  // namespace makechat::app
