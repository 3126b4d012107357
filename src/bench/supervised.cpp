#include "bench/supervised.hpp"

#include "bench/cores.hpp"
#include "bench/process.hpp"
#include "bench/progress.hpp"
#include "bench/socket.hpp"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <exception>

namespace makechat::bench {
namespace {

/// What stands before the two texts in the pipe.
struct Head {
    bool failed = false;
    Code code = Code::internal;
    std::size_t failure_bytes = 0;
    std::size_t text_bytes = 0;
};

std::string to_bytes(const Report& report) {
    Head head;
    std::memset(static_cast<void*>(&head), 0, sizeof head);  // its gaps go over the pipe too
    head.text_bytes = report.text.size();
    if (report.failure) {
        head.failed = true;
        head.code = report.failure->code;
        head.failure_bytes = report.failure->text.size();
    }
    std::string bytes(reinterpret_cast<const char*>(&head), sizeof head);
    if (report.failure) bytes += report.failure->text;
    return bytes + report.text;
}

/// None: not all of them are there.
std::optional<Report> from_bytes(const std::string& bytes) {
    Head head;
    if (bytes.size() < sizeof head) return std::nullopt;
    std::memcpy(&head, bytes.data(), sizeof head);
    if (bytes.size() != sizeof head + head.failure_bytes + head.text_bytes) return std::nullopt;
    Report report;
    if (head.failed) report.failure = Error{head.code, bytes.substr(sizeof head, head.failure_bytes)};
    report.text = bytes.substr(sizeof head + head.failure_bytes);
    return report;
}

void write_all(int pipe, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto size = write(pipe, bytes.data(), bytes.size());
        if (size <= 0) return;
        bytes.remove_prefix(static_cast<std::size_t>(size));
    }
}

Report report_of(const std::function<Report()>& work) {
    try {
        return work();
    } catch (const std::exception& bug) {
        return {{}, Error{Code::internal, std::string("The bench has a bug: ") + bug.what()}};
    }
}

/// All that comes; less, when a signal stops it.
std::string read_all(int pipe, const StopSignals& stop) {
    std::string bytes;
    while (true) {
        pollfd waiting[] = {{.fd = pipe, .events = POLLIN, .revents = 0},
                            {.fd = stop.descriptor(), .events = POLLIN, .revents = 0}};
        poll(waiting, 2, -1);
        if (waiting[1].revents != 0) return bytes;
        char piece[4096];
        const auto size = read(pipe, piece, sizeof piece);
        if (size <= 0) return bytes;
        bytes.append(piece, static_cast<std::size_t>(size));
    }
}

/// What the worker has started dies with it; here it is waited for.
void wait_for_orphans() {
    while (waitpid(-1, nullptr, 0) > 0 || errno == EINTR) {}
}

}  // namespace

Report supervised(const StopSignals& stop, const std::function<Report()>& work) {
    auto pipe = Pipe::make();
    if (!pipe) return {{}, pipe.error()};
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    auto worker =
        Process::fork(Cores::of_machine().all(), [&] { write_all(pipe->writing.number(), to_bytes(report_of(work))); });
    if (!worker) return {{}, worker.error()};
    pipe->writing = {};
    auto report = from_bytes(read_all(pipe->reading.number(), stop));
    worker->kill();
    wait_for_orphans();
    prctl(PR_SET_CHILD_SUBREAPER, 0);
    if (report) return std::move(*report);
    Progress::take_away();
    const auto* why = stop.take() ? "Stopped." : "The bench ended without a result.";
    return {{}, Error{Code::internal, why}};
}

}  // namespace makechat::bench
