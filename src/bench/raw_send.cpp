#include "bench/raw.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <vector>

namespace makechat::bench {
namespace {

void wait_for(int descriptor, short what) {
    pollfd waiting{.fd = descriptor, .events = what, .revents = 0};
    poll(&waiting, 1, -1);
}

void send_all(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno != EAGAIN && errno != EINTR) return;
        if (sent < 0) wait_for(descriptor, POLLOUT);
        else bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

void serve(int listening, int orders, const std::string& round, std::size_t connections) {
    std::vector<Descriptor> peers;
    while (peers.size() < connections) {
        wait_for(listening, POLLIN);
        Descriptor peer{accept4(listening, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)};
        if (peer) peers.push_back(std::move(peer));
    }
    char order = 0;
    while (read(orders, &order, 1) == 1)
        for (const auto& peer : peers) send_all(peer.number(), round);
}

}  // namespace

Result<RawSender> RawSender::start(const std::string& frame, std::size_t burst, std::size_t connections,
                                   const std::vector<int>& cores) {
    Endpoint endpoint;
    const auto listening = listen_anywhere(endpoint);
    if (!listening) return fail(listening.error());
    auto orders = Pipe::make();
    if (!orders) return fail(orders.error());
    std::string round;
    for (std::size_t i = 0; i < burst; ++i) round += frame;
    auto process = Process::fork(cores, [&] {
        orders->writing = {};
        serve(listening->number(), orders->reading.number(), round, connections);
    });
    if (!process) return fail(process.error());
    return RawSender{std::move(*process), std::move(orders->writing), std::move(endpoint)};
}

void RawSender::send_round() const {
    const char order = '.';
    [[maybe_unused]] const auto written = write(orders_.number(), &order, 1);
}

}  // namespace makechat::bench
