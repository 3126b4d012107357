#include "app/terminal.hpp"

#include "cli/parse.hpp"

#include <termios.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <iostream>

namespace makechat::app {
namespace {

constexpr std::array ending_signals = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
termios before;  // where a handler finds it

/// Who gives up at the prompt must not be left with a terminal that shows nothing of what he types.
extern "C" void show_and_end(int signal) {
    tcsetattr(STDIN_FILENO, TCSANOW, &before);
    std::signal(signal, SIG_DFL);
    raise(signal);
}

/// Keeps what is typed from being shown, as long as it lives.
class Silence {
public:
    Silence() {
        known_ = tcgetattr(STDIN_FILENO, &before) == 0;
        if (!known_) return;
        for (std::size_t i = 0; i < ending_signals.size(); ++i) {
            handlers_[i] = std::signal(ending_signals[i], show_and_end);
            if (handlers_[i] == SIG_IGN) std::signal(ending_signals[i], SIG_IGN);
        }
        termios silent = before;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    Silence(const Silence&) = delete;
    Silence& operator=(const Silence&) = delete;
    ~Silence() {
        if (!known_) return;
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
        for (std::size_t i = 0; i < ending_signals.size(); ++i) std::signal(ending_signals[i], handlers_[i]);
    }

private:
    std::array<void (*)(int), ending_signals.size()> handlers_{};
    bool known_ = false;
};

}  // namespace

Result<std::string> ask_password() {
    if (isatty(STDIN_FILENO) == 0) return cli::read_password(std::cin);
    std::fputs("Password: ", stderr);
    const Silence silence;
    auto password = cli::read_password(std::cin);
    std::fputs("\n", stderr);
    return password;
}

}  // namespace makechat::app
