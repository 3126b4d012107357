#include "bench/process.hpp"

#include "bench/cores.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <fstream>
#include <limits>

namespace makechat::bench {
namespace {

std::unexpected<Error> cannot_start(const std::string& what) {
    return fail({Code::internal, "Cannot start " + what + ": " + std::strerror(errno)});
}

/// Signals are as a program of its own would find them, and nothing outlives the bench.
void begin_child(pid_t parent, const std::vector<int>& cores) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(1);  // it died before it could be told
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    stay_on(cores);
}

}  // namespace

Result<Process> Process::start(const std::vector<std::string>& words, const std::vector<int>& cores,
                               const std::filesystem::path& log) {
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    const pid_t parent = getpid();
    const pid_t id = ::fork();
    if (id < 0) return cannot_start(words.front());
    if (id == 0) {
        begin_child(parent, cores);
        const int out = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
        dup2(out, STDOUT_FILENO);
        dup2(out, STDERR_FILENO);
        execvp(arguments[0], arguments.data());
        _exit(127);
    }
    return Process{id};
}

Result<Process> Process::fork(const std::vector<int>& cores, const std::function<void()>& work) {
    const pid_t parent = getpid();
    const pid_t id = ::fork();
    if (id < 0) return cannot_start("a process");
    if (id == 0) {
        begin_child(parent, cores);
        try {
            work();
        } catch (const std::exception& bug) {
            std::fprintf(stderr, "A process of the bench has a bug: %s\n", bug.what());
            _exit(1);
        }
        _exit(0);
    }
    return Process{id};
}

Process& Process::operator=(Process&& other) noexcept {
    std::swap(id_, other.id_);
    return *this;
}

Process::~Process() { kill(); }

bool Process::runs() const {
    if (id_ == 0) return false;
    siginfo_t info{};
    return waitid(P_PID, static_cast<id_t>(id_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == 0;
}

void Process::terminate() { end(SIGTERM); }
void Process::kill() { end(SIGKILL); }

void Process::end(int signal) {
    if (id_ == 0) return;
    ::kill(id_, signal);
    while (waitpid(id_, nullptr, 0) < 0 && errno == EINTR) {}
    id_ = 0;
}

std::size_t Process::status_kib(const char* key) const {
    std::ifstream status{"/proc/" + std::to_string(id_) + "/status"};
    std::string word;
    while (status >> word) {
        std::size_t value = 0;
        if (word == key && status >> value) return value;
        status.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
    }
    return 0;
}

std::size_t Process::memory() const { return status_kib("VmRSS:") * 1024; }
std::size_t Process::memory_peak() const { return status_kib("VmHWM:") * 1024; }

}  // namespace makechat::bench
