#include "ws/handshake.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

namespace makechat::ws {

namespace {

char lower(char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter; }

bool equal_in_any_case(std::string_view a, std::string_view b) { return std::ranges::equal(a, b, {}, lower, lower); }

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Whether a comma-separated list (RFC 9110, 5.6.1) names `token`: browsers send "keep-alive, Upgrade".
bool lists(std::string_view list, std::string_view token) {
    for (;;) {
        const auto comma = list.find(',');
        if (equal_in_any_case(trimmed(list.substr(0, comma)), token)) return true;
        if (comma == std::string_view::npos) return false;
        list.remove_prefix(comma + 1);
    }
}

/// 16 bytes in base64: 22 digits and "==".
bool is_key(std::string_view key) {
    const auto is_digit = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
    };
    return key.size() == 24 && key.ends_with("==") && std::ranges::all_of(key.substr(0, 22), is_digit);
}

/// RFC 6455, 4.2.2: SHA-1 proves here only that the server understands WebSocket; nothing secret rests on it.
std::string accept_value(std::string_view key) {
    const auto text = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    std::array<unsigned char, 20> digest{};
    EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha1(), nullptr);
    std::array<unsigned char, 29> base64{};  // 28 digits and a zero
    const int length = EVP_EncodeBlock(base64.data(), digest.data(), static_cast<int>(digest.size()));
    return {reinterpret_cast<const char*>(base64.data()), static_cast<std::size_t>(length)};
}

}  // namespace

std::expected<std::string, UpgradeRefusal> accept_upgrade(const UpgradeRequest& request) {
    const auto refuse = [](int status, std::string why) {
        return std::unexpected(UpgradeRefusal{status, std::move(why)});
    };
    if (!request.is_get) return refuse(400, "A WebSocket begins with GET.");
    if (!request.is_http_1_1) return refuse(400, "A WebSocket needs HTTP/1.1.");
    if (!lists(request.upgrade, "websocket"))
        return refuse(426, "This address speaks WebSocket: send 'Upgrade: websocket'.");
    if (!lists(request.connection, "upgrade")) return refuse(400, "The 'Connection' field must name 'Upgrade'.");
    if (trimmed(request.version) != protocol_version)
        return refuse(426, "Only version 13 of WebSocket is spoken here.");
    const auto key = trimmed(request.key);
    if (!is_key(key)) return refuse(400, "The 'Sec-WebSocket-Key' field must be 16 bytes in base64.");
    return accept_value(key);
}

}  // namespace makechat::ws
