#include "app/settings_flags.hpp"

#include "app/settings.hpp"

#include <fmt/format.h>

#include <deque>
#include <vector>

namespace makechat::app {

std::span<const cli::SettingFlag> settings_flags() {
    static const auto flags = [] {
        static std::deque<std::string> texts;  // what the views below look at
        std::vector<cli::SettingFlag> all{{"--config", "FILE", "read settings from here (~/makechat.conf)"}};
        for (const auto& setting : settings()) {
            const auto& help =
                texts.emplace_back(setting.standard.empty() ? std::string(setting.help)
                                                            : fmt::format("{} ({})", setting.help, setting.standard));
            all.push_back({setting.flag, setting.metavar, help});
        }
        return all;
    }();
    return flags;
}

}  // namespace makechat::app
