#include "app/terminal.hpp"

#include "cli/parse.hpp"

#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>

namespace makechat::app {
namespace {

/// Keeps what is typed from being shown, as long as it lives.
class Silence {
public:
    Silence() {
        known_ = tcgetattr(STDIN_FILENO, &before_) == 0;
        if (!known_) return;
        termios silent = before_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    Silence(const Silence&) = delete;
    Silence& operator=(const Silence&) = delete;
    ~Silence() {
        if (known_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    }

private:
    termios before_{};
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
