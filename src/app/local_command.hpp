#pragma once

#include "app/config.hpp"
#include "cli/command.hpp"

namespace makechat::app {

/// Carries out a command for users, tokens or rooms: by the server that runs on the data folder, else on the store itself.
cli::Outcome perform_command(const Config& config, cli::Command command);

}  // namespace makechat::app
