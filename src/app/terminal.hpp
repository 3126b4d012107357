#pragma once

#include "base/result.hpp"

#include <string>

namespace makechat::app {

/// The first line of stdin. On a terminal it is asked for, and what is typed is not shown. Error: bad_password (none there,
/// or not UTF-8).
Result<std::string> ask_password();

}  // namespace makechat::app
