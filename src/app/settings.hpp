#pragma once

#include "app/config.hpp"

#include <span>
#include <string>
#include <string_view>

namespace makechat::app {

/// A row of the one table of settings. The key in the file is `key`, the variable MAKECHAT_<KEY>.
struct Setting {
    enum class Kind : std::uint8_t {
        plain,
        secret,  ///< never shown; may come from a file by MAKECHAT_<KEY>_FILE
        path,    ///< `~/` is the home folder; in the settings file relative to its folder
    };
    std::string_view key;
    std::string_view flag;
    std::string_view metavar;
    std::string_view standard;  ///< the default, as it would be written; data_dir's depends on who runs the program
    std::string_view help;
    Result<bool> (*set)(Config& config,
                        std::string_view text);  ///< Error: bad_parameter, and never a secret in its text
    Kind kind = Kind::plain;

    [[nodiscard]] std::string variable() const;  ///< "MAKECHAT_SESSION_TTL"
};

std::span<const Setting> settings();

}  // namespace makechat::app
