#include "chat/server_settings.hpp"

#include "chat/names.hpp"

namespace makechat::chat {

std::string server_name(const Chat& chat) {
    if (chat.policy.server_name) return *chat.policy.server_name;
    return chat.directory.server().name.value_or("makechat");
}

bool is_registration_open(const Chat& chat) {
    if (chat.policy.registration_open) return *chat.policy.registration_open;
    return chat.directory.server().registration_open.value_or(true);
}

Result<bool> check_server_settings(const ServerSettings& settings) {
    return settings.name ? check_name("server_name", *settings.name) : true;
}

}  // namespace makechat::chat
