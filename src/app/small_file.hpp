#pragma once

#include <expected>
#include <filesystem>
#include <string>

namespace makechat::app {

/// The bytes of a file of at most 1 MiB, or why not, for people: "No such file or directory".
std::expected<std::string, std::string> read_small_file(const std::filesystem::path& path);

}  // namespace makechat::app
