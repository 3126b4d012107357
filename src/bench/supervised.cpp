#include "bench/supervised.hpp"

#include "bench/cores.hpp"
#include "bench/process.hpp"
#include "bench/socket.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace makechat::bench {
namespace {

constexpr char well = '+';  // before the text that is sent over the pipe
constexpr char badly = '-';

void send_all(int pipe, const std::string& text) {
    std::size_t sent = 0;
    while (sent < text.size()) {
        const auto now = write(pipe, text.data() + sent, text.size() - sent);
        if (now <= 0) return;
        sent += static_cast<std::size_t>(now);
    }
}

/// The signals that stop a program, as a descriptor, for as long as it lives.
class StopSignals {
public:
    StopSignals() {
        sigset_t stop;
        sigemptyset(&stop);
        for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&stop, signal);
        sigprocmask(SIG_BLOCK, &stop, &before_);
        descriptor_ = Descriptor{signalfd(-1, &stop, SFD_CLOEXEC)};
    }
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;
    ~StopSignals() { sigprocmask(SIG_SETMASK, &before_, nullptr); }
    [[nodiscard]] int descriptor() const { return descriptor_.number(); }
    /// Takes one that has come; else it would still come when they are let through again.
    void take() const {
        signalfd_siginfo taken{};
        [[maybe_unused]] const auto size = read(descriptor_.number(), &taken, sizeof taken);
    }

private:
    sigset_t before_{};
    Descriptor descriptor_;
};

}  // namespace

Result<std::string> supervised(const std::function<Result<std::string>()>& work) {
    auto results = Pipe::make();
    if (!results) return fail(results.error());
    const StopSignals stop;
    auto worker = Process::fork(Cores::of_machine().all(), [&] {
        const auto result = work();
        send_all(results->writing.number(), result ? well + *result : badly + result.error().text);
    });
    if (!worker) return fail(worker.error());
    results->writing = {};
    std::string text;
    while (true) {
        pollfd waiting[] = {{.fd = results->reading.number(), .events = POLLIN, .revents = 0},
                            {.fd = stop.descriptor(), .events = POLLIN, .revents = 0}};
        poll(waiting, 2, -1);
        if (waiting[1].revents != 0) {
            stop.take();
            worker->kill();
            return fail({Code::internal, "Stopped."});
        }
        char bytes[4096];
        const auto size = read(results->reading.number(), bytes, sizeof bytes);
        if (size <= 0) break;
        text.append(bytes, static_cast<std::size_t>(size));
    }
    if (text.empty()) return fail({Code::internal, "The bench ended without a result."});
    if (text.front() == badly) return fail({Code::internal, text.substr(1)});
    return text.substr(1);
}

}  // namespace makechat::bench
