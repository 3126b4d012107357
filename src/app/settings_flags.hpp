#pragma once

#include "cli/parse.hpp"

#include <span>

namespace makechat::app {

/// The settings as flags, --config among them: what cli::parse is given. Lives as long as the program.
std::span<const cli::SettingFlag> settings_flags();

}  // namespace makechat::app
