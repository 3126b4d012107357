// For presets that build the program without its web client.
#include "site/files.hpp"

namespace makechat::site {

std::span<const File> embedded() { return {}; }

}  // namespace makechat::site
