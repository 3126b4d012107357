#include "app/stop_signals.hpp"

#include "base/limits.hpp"

#include <semaphore.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>

namespace makechat::app {
namespace {

enum class Stage { starting, serving, stopping };

// A handler reaches nothing but these, and calls only what signal-safety(7) allows.
std::atomic<Stage> stage = Stage::starting;
static_assert(std::atomic<Stage>::is_always_lock_free);
sem_t stopped;

constexpr unsigned give_up_s = limits::stop_max / std::chrono::seconds{1} - 1;  // what remains is for the kernel

extern "C" void on_stop_signal(int signal) {
    const int kept = errno;
    auto serving = Stage::serving;
    if (stage.compare_exchange_strong(serving, Stage::stopping)) {
        alarm(give_up_s);
        sem_post(&stopped);
    } else if (serving == Stage::starting) {
        _exit(0);
    } else if (signal != SIGHUP) {
        _exit(128 + signal);
    }
    errno = kept;
}

extern "C" void on_give_up(int) { _exit(0); }

void handle(int signal, void (*handler)(int)) {
    struct sigaction action{};
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    sigfillset(&action.sa_mask);
    sigaction(signal, &action, nullptr);
}

bool is_ignored(int signal) {
    struct sigaction found{};
    return sigaction(signal, nullptr, &found) == 0 && found.sa_handler == SIG_IGN;
}

}  // namespace

void catch_stop_signals() {
    sem_init(&stopped, 0, 0);
    handle(SIGALRM, on_give_up);
    handle(SIGTERM, on_stop_signal);
    handle(SIGINT, on_stop_signal);
    if (!is_ignored(SIGHUP)) handle(SIGHUP, on_stop_signal);
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);  // a file over its size limit is an error of the write, like a full disk
}

void start_is_over() { stage = Stage::serving; }

void wait_for_stop_signal() {
    while (sem_wait(&stopped) != 0 && errno == EINTR) {}
}

}  // namespace makechat::app
