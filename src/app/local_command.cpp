#include "app/local_command.hpp"

#include <iostream>

#include "app/control.hpp"
#include "app/run.hpp"
#include "cli/execute.hpp"
#include "cli/parse.hpp"
#include "crypto/argon2_hasher.hpp"
#include "live/presence.hpp"
#include "store/sqlite/store.hpp"

namespace makechat::app {
namespace {

/// Nobody else has the store: a chat of its own, for one command.
cli::Outcome perform_on_store(const Config& config, cli::Command command) {
    SystemClock clock;
    SystemRandom random;
    IdSource ids{clock, random};
    chat::Directory directory{config.session_ttl};
    const live::Presence nobody;
    crypto::Argon2Hasher hasher{config.secret_key, 1};
    const auto store = sqlite::Store::open(config.data_dir, random,
                                           [&directory](const chat::SharedBatch& batch) { directory.apply(*batch); });
    if (!store) return cli::failure(cli::refused, store.error().text);
    auto snapshot = run((*store)->load());
    if (!snapshot) return cli::failure(cli::refused, snapshot.error().text);
    directory.load(std::move(*snapshot));
    chat::Chat chat{**store, **store, directory, clock, random, ids, hasher, nobody, {}};
    return run(cli::execute(chat, std::move(command)));
}

}  // namespace

cli::Outcome perform_command(const Config& config, cli::Command command) {
    if (auto* password = cli::password_from_stdin(command)) {
        auto line = cli::read_password(std::cin);
        if (!line) return cli::failure(cli::refused, line.error().text);
        *password = std::move(*line);
    }
    auto answer = ask_server(config.data_dir, cli::to_words(command));
    if (!answer) return cli::failure(cli::refused, answer.error().text);
    if (*answer) return std::move(**answer);
    return perform_on_store(config, std::move(command));
}

}  // namespace makechat::app
