#include "bench/raw.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <unordered_map>

namespace makechat::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* nginx_at[] = {"/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx"};

std::string find_nginx() {
    for (const auto* path : nginx_at)
        if (access(path, X_OK) == 0) return path;
    return {};
}

std::string nginx_settings(const std::filesystem::path& folder, const Endpoint& at, const std::string& body) {
    return fmt::format(
        "daemon off;\nmaster_process off;\npid {0}/nginx.pid;\nerror_log {0}/nginx.log crit;\n"
        "events {{ worker_connections 4096; }}\n"
        "http {{\n  access_log off;\n  keepalive_requests 1000000000;\n  client_body_temp_path {0}/nginx-body;\n"
        "  proxy_temp_path {0}/nginx-proxy;\n  fastcgi_temp_path {0}/nginx-fastcgi;\n  uwsgi_temp_path {0}/nginx-uwsgi;\n"
        "  scgi_temp_path {0}/nginx-scgi;\n  default_type application/json;\n"
        "  server {{ listen {1}:{2} backlog=4096; location / {{ return 200 '{3}'; }} }}\n}}\n",
        folder.string(), at.host, at.port, body);
}

/// Answers whatever comes, once for each piece that is read: a closed loop of clients sends one request at a time.
void answer_all(int listening, const std::string& answer) {
    constexpr std::uint32_t newcomers = 0;
    Poller poller;
    poller.add(listening, EPOLLIN, newcomers);
    std::unordered_map<std::uint32_t, Descriptor> peers;
    std::array<char, 16 * 1024> request{};
    while (true) {
        for (const auto& event : poller.wait(-1)) {
            const auto tag = event.data.u32;
            if (tag == newcomers) {
                const int peer = accept4(listening, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
                if (peer < 0) continue;
                peers.insert_or_assign(static_cast<std::uint32_t>(peer), Descriptor{peer});
                poller.add(peer, EPOLLIN, static_cast<std::uint32_t>(peer));
            } else if (recv(static_cast<int>(tag), request.data(), request.size(), 0) <= 0) {
                peers.erase(tag);
            } else {
                send(static_cast<int>(tag), answer.data(), answer.size(), MSG_NOSIGNAL);
            }
        }
    }
}

bool answers(const Endpoint& at) {
    const auto request = request_of(at, "GET", "/", {}, {});
    const auto give_up = Clock::now() + std::chrono::seconds{5};
    while (Clock::now() < give_up) {
        if (ask(at, request)) return true;
        usleep(1'000);
    }
    return false;
}

}  // namespace

Result<RawResponder> RawResponder::start(const std::string& body, const std::filesystem::path& folder,
                                         const std::vector<int>& cores) {
    if (const auto nginx = find_nginx(); !nginx.empty()) {
        const Endpoint at{"127.0.0.1", free_port()};
        const auto settings = folder / "nginx.conf";
        std::ofstream{settings} << nginx_settings(folder, at, body);
        auto process =
            Process::start({nginx, "-c", settings.string(), "-p", folder.string()}, cores, folder / "nginx.log");
        if (process && answers(at)) return RawResponder{std::move(*process), at, "nginx return"};
    }
    Endpoint at;
    const auto listening = listen_anywhere(at);
    if (!listening) return fail(listening.error());
    const auto answer = fmt::format("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
                                    body.size(), body);
    auto process = Process::fork(cores, [&] { answer_all(listening->number(), answer); });
    if (!process) return fail(process.error());
    return RawResponder{std::move(*process), at, "epoll loop"};
}

}  // namespace makechat::bench
