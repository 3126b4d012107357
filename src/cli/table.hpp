#pragma once

#include "base/time.hpp"

#include <string>
#include <string_view>
#include <vector>

/// How lists look on a terminal and to a script.
namespace makechat::cli {

/// Lines of cells: a header line, then one line a row; columns aligned and at least two spaces apart, the last one not
/// padded. So a cell that people filled in freely stands last; an empty one is shown as "-".
std::string table(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows);

/// `text` on one line and without characters that a terminal would obey.
std::string printable(std::string_view text);

/// "2026-11-23T05:50:22Z"; "never" for 1970.
std::string shown(Time time);

}  // namespace makechat::cli
