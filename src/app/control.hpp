#pragma once

#include "base/result.hpp"
#include "base/task.hpp"
#include "chat/chat.hpp"
#include "cli/command.hpp"
#include "net/listener.hpp"

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <list>
#include <memory>
#include <optional>
#include <span>
#include <string>

/// How the command line reaches a running server: a Unix socket in the data folder, which its owner alone may open. One
/// line of JSON goes each way: {"words": ["user", "list"]} and {"status": 0, "out": "…", "err": "…"}. So one process writes
/// the store, and its caches stay true.
namespace makechat::app {

std::filesystem::path control_path(const std::filesystem::path& data_dir);

/// The server's end. Threads: open it before `loop` runs, destroy it after that has ended.
class Control {
public:
    /// Serves commands on `loop` until `stop`. `chat` outlives the loop. Error: conflict.
    static Result<std::unique_ptr<Control>> open(net::Loop& loop, const std::filesystem::path& data_dir,
                                                 chat::Chat& chat);
    ~Control();

    /// Takes no more commands: who has not said all of his is left at once. Threads: any.
    void stop();
    /// Commands that are being carried out or answered. Threads: any.
    [[nodiscard]] std::size_t count() const { return at_work_; }

private:
    struct Caller;
    Control(net::Loop& loop, chat::Chat& chat);
    Task<void> serve(std::list<Caller>::iterator caller);
    Task<void> answer(Caller& caller);

    net::Loop& loop_;
    chat::Chat& chat_;
    std::list<Caller> callers_;
    std::atomic<std::size_t> at_work_ = 0;
    std::optional<net::Listener> listener_;
};

/// Asks the server that runs on this folder. None: no server runs there. Errors: internal (the connection broke).
Result<std::optional<cli::Outcome>> ask_server(const std::filesystem::path& data_dir,
                                               std::span<const std::string> words);

}  // namespace makechat::app
