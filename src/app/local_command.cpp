#include "app/local_command.hpp"

#include "app/control.hpp"
#include "app/terminal.hpp"
#include "cli/execute.hpp"
#include "cli/parse.hpp"
#include "crypto/argon2_hasher.hpp"
#include "live/presence.hpp"
#include "net/run.hpp"
#include "store/sqlite/store.hpp"

#include <chrono>
#include <thread>

namespace makechat::app {
namespace {

/// Only making an account may make the store too: any other command has been given the wrong folder.
bool makes_sense_without_data(const cli::Command& command) {
    return std::holds_alternative<cli::UserCreate>(command.action);
}

/// Nobody else has the store: a chat of its own, for one command. Error: conflict (somebody has it all the same).
Result<cli::Outcome> perform_on_store(const Config& config, const cli::Command& command) {
    SystemClock clock;
    SystemRandom random;
    IdSource ids{clock, random};
    chat::Directory directory{config.session_ttl};
    const live::Presence nobody;
    crypto::Argon2Hasher hasher{config.secret_key, 1};
    const auto store = sqlite::Store::open(config.data_dir, random,
                                           [&directory](const chat::SharedBatch& batch) { directory.apply(*batch); });
    if (!store && store.error().code == Code::conflict) return fail(store.error());
    if (!store) return cli::failure(cli::refused, store.error().text);
    auto snapshot = net::run((*store)->load());
    if (!snapshot) return cli::failure(cli::refused, snapshot.error().text);
    directory.load(std::move(*snapshot));
    chat::Chat chat{**store, **store, directory, clock, random, ids, hasher, nobody, {}};
    return net::run(cli::execute(chat, command));
}

}  // namespace

cli::Outcome perform_command(const Config& config, cli::Command command) {
    if (auto* password = cli::password_from_stdin(command)) {
        auto line = ask_password();
        if (!line) return cli::failure(cli::refused, line.error().text);
        *password = std::move(*line);
    }
    // Commands that come together take turns, and a server that is just starting takes them over.
    constexpr auto patience = std::chrono::seconds{5};
    constexpr auto pause = std::chrono::milliseconds{50};
    const auto give_up = std::chrono::steady_clock::now() + patience;
    while (true) {
        auto answer = ask_server(config.data_dir, cli::to_words(command));
        if (!answer) return cli::failure(cli::refused, answer.error().text);
        if (*answer) return std::move(**answer);
        if (!makes_sense_without_data(command) && !sqlite::exists(config.data_dir))
            return cli::failure(cli::refused, "There is no makechat data in " + config.data_dir.string() +
                                                  ". Name the right folder with --data, or start the server once.");
        auto outcome = perform_on_store(config, command);
        if (outcome) return std::move(*outcome);
        if (std::chrono::steady_clock::now() > give_up) return cli::failure(cli::refused, outcome.error().text);
        std::this_thread::sleep_for(pause);
    }
}

}  // namespace makechat::app
