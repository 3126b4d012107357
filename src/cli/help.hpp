#pragma once

#include "cli/parse.hpp"

#include <span>
#include <string>
#include <string_view>

namespace makechat::cli {

/// The help of `makechat <command>`: "", "user", "user create", "serve"… A help text begins with its usage line and ends
/// with a newline. `settings` are listed where the command takes them all.
std::string help_of(std::string_view command, std::span<const SettingFlag> settings);

/// Its usage line.
std::string usage_of(std::string_view command);

}  // namespace makechat::cli
