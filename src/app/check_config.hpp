#pragma once

#include "app/config.hpp"

#include <span>

namespace makechat::app {

/// `makechat check-config`: a table of the settings in force, secrets masked, and where each comes from; warnings and
/// errors on stderr.
cli::Outcome check_config(std::span<const cli::FlagValue> flags, const Environment& environment);

/// The lines "ERROR: …" or "WARNING: …" for stderr.
std::string error_lines(const std::vector<std::string>& errors);
std::string warning_lines(const std::vector<std::string>& warnings);

}  // namespace makechat::app
