#include "bench/stop_signals.hpp"

#include <sys/signalfd.h>
#include <unistd.h>

namespace makechat::bench {

StopSignals::StopSignals() {
    sigset_t stop;
    sigemptyset(&stop);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&stop, signal);
    sigprocmask(SIG_BLOCK, &stop, &before_);
    descriptor_ = Descriptor{signalfd(-1, &stop, SFD_CLOEXEC | SFD_NONBLOCK)};
}

StopSignals::~StopSignals() {
    while (take()) {}
    sigprocmask(SIG_SETMASK, &before_, nullptr);
}

bool StopSignals::take() const {
    signalfd_siginfo taken{};
    return read(descriptor_.number(), &taken, sizeof taken) == sizeof taken;
}

}  // namespace makechat::bench
