#include "app/check_config.hpp"
#include "app/config.hpp"
#include "app/local_command.hpp"
#include "app/server.hpp"
#include "app/settings_flags.hpp"
#include "app/stop_signals.hpp"
#include "app/terminal.hpp"
#include "base/log.hpp"
#include "bench/bench.hpp"
#include "cli/parse.hpp"
#include "crypto/start.hpp"
#include "version.hpp"

#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

/// jemalloc asks the program for its settings by this name (jemalloc(3), TUNING): a storm's memory goes back within seconds,
/// also when nothing happens any more.
// NOLINTNEXTLINE(misc-use-internal-linkage)
extern "C" const char* const malloc_conf = "background_thread:true,dirty_decay_ms:2000,muzzy_decay_ms:0";

namespace makechat::app {
namespace {

cli::Outcome serve(const Config& config) {
    if (const auto missing = not_in_this_release(config); !missing.empty())
        return {cli::refused, {}, error_lines(missing)};
    catch_stop_signals();
    log::start(config.log_format, config.log_level);
    for (const auto& warning : config.warnings) log::warning(warning);
    cli::Outcome outcome;
    if (auto server = Server::open(config)) (*server)->run();
    else outcome = cli::failure(cli::refused, server.error().text);
    log::stop();
    return outcome;
}

cli::Outcome measure(const cli::Bench& wanted) {
    const auto folder =
        wanted.folder.empty() ? std::filesystem::temp_directory_path() : std::filesystem::path(wanted.folder);
    const auto text = bench::run({.as_json = wanted.as_json,
                                  .growth = wanted.growth,
                                  .url = wanted.url,
                                  .token = wanted.token,
                                  .only = wanted.only,
                                  .program = std::filesystem::read_symlink("/proc/self/exe"),
                                  .folder = folder});
    if (!text) return cli::failure(cli::refused, text.error().text);
    return {0, *text, {}};
}

cli::Outcome perform(const std::vector<std::string>& words) {
    auto command = cli::parse(words, settings_flags());
    if (!command) return command.error();
    const auto environment = Environment::of_process();
    if (std::holds_alternative<cli::Version>(command->action))
        return {0, std::string{"makechat "} + std::string{version} + "\n", {}};
    if (auto* bench = std::get_if<cli::Bench>(&command->action)) {
        if (auto* token = cli::password_from_stdin(*command)) {
            auto line = ask_password();
            if (!line) return cli::failure(cli::refused, line.error().text);
            *token = std::move(*line);
        }
        return measure(*bench);
    }
    if (std::holds_alternative<cli::CheckConfig>(command->action)) return check_config(command->settings, environment);

    const auto config = load(command->settings, environment);
    if (!config) return {cli::refused, {}, error_lines(config.error().errors) + warning_lines(config.error().warnings)};
    if (std::holds_alternative<cli::Serve>(command->action)) return serve(*config);
    auto outcome = perform_command(*config, std::move(*command));
    outcome.err = warning_lines(config->warnings) + outcome.err;
    return outcome;
}

}  // namespace
}  // namespace makechat::app

int main(int argc, char** argv) {
    if (!makechat::crypto::start()) {
        std::fputs("ERROR: This machine has no usable source of randomness.\n", stderr);
        return makechat::cli::refused;
    }
    const auto outcome = makechat::app::perform({argv + 1, argv + argc});
    std::fputs(outcome.out.c_str(), stdout);
    std::fputs(outcome.err.c_str(), stderr);
    return outcome.status;
}
