#include "bench/figures.hpp"
#include "bench/request_load.hpp"
#include "bench/subscribers.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

namespace makechat::bench {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t clients_wanted = 10'000;
constexpr std::size_t descriptors_kept = 500;
constexpr std::size_t missed_messages = 3;  // in each client's room, while he was away
constexpr double mebibyte = 1024.0 * 1024.0;
/// Others who write meanwhile, each ten times a second into a room of a hundred people.
constexpr LoadShape writers{
    .clients = 16, .warm_up = milliseconds{1'000}, .time = milliseconds{8'000}, .pace = milliseconds{100}};

std::string post(const Subject& subject, std::size_t user) {
    const auto body =
        fmt::format(R"({{"room": "{}", "text": "{:x<100}"}})", subject.team_of(user), "While you were away ");
    return request_of(subject.endpoint(), "POST", "/api/messages", subject.token(user), body);
}

/// Writes on in a process of its own; what it saw comes over a pipe.
class Writers {
public:
    static Result<Writers> start(const Subject& subject) {
        int ends[2];
        if (pipe(ends) < 0) return fail({Code::internal, "Cannot make a pipe."});
        Descriptor reading{ends[0]};
        const Descriptor writing{ends[1]};
        auto process = Process::fork(subject.cores().all(), [&] {
            const auto seen = load(subject.endpoint(), writers, [&](std::size_t i) { return post(subject, i * 100); });
            const double figures[] = {seen ? seen->p50_ms : -1, seen ? seen->p99_ms : -1,
                                      seen ? static_cast<double>(seen->refused) : -1};
            [[maybe_unused]] const auto written = write(writing.number(), figures, sizeof figures);
        });
        if (!process) return fail(process.error());
        return Writers{std::move(*process), std::move(reading)};
    }

    struct Seen {
        double p50_ms = 0;
        double p99_ms = 0;
        double refused = 0;
    };
    Result<Seen> wait() {
        Seen seen;
        if (read(reading_.number(), &seen, sizeof seen) != sizeof seen || seen.p50_ms < 0)
            return fail({Code::internal, "The writers' connections broke during the storm."});
        return seen;
    }

private:
    Writers(Process process, Descriptor reading) : process_(std::move(process)), reading_(std::move(reading)) {}
    Process process_;
    Descriptor reading_;
};

/// Everybody is there once, and then gone with the server. Their cursors.
Result<std::vector<std::string>> be_there_once(Subject& subject, std::size_t clients) {
    Subscribers subscribers{subject.endpoint()};
    subscribers.keep_cursors();
    const auto opened =
        subscribers.open(clients, [&](std::size_t i) { return upgrade_request(subject.endpoint(), subject.token(i)); });
    if (!opened) return fail(opened.error());
    subscribers.settle(milliseconds{1'500});
    std::vector<std::string> cursors;
    for (std::size_t i = 0; i < clients; ++i) cursors.push_back(subscribers.cursor(i));
    subject.kill();
    return cursors;
}

Result<bool> say_what_is_missed(const Subject& subject, std::size_t clients) {
    for (std::size_t user = 0; user < clients; user += 100) {
        for (std::size_t i = 0; i < missed_messages; ++i) {
            const auto posted = ask(subject.endpoint(), post(subject, user));
            if (!posted) return fail(posted.error());
        }
    }
    return true;
}

struct Storm {
    double seconds = 0;
    Writers::Seen writers;
    double memory_peak = 0;
};

Result<Storm> storm(Subject& subject, const std::vector<std::string>& cursors) {
    auto writing = Writers::start(subject);
    if (!writing) return fail(writing.error());
    std::this_thread::sleep_for(writers.warm_up);  // their connections are older than the storm
    Subscribers subscribers{subject.endpoint()};
    const auto begun = Clock::now();
    const auto opened = subscribers.open(
        cursors.size(),
        [&](std::size_t i) { return upgrade_request(subject.endpoint(), subject.token(i), "?cursor=" + cursors[i]); },
        cursors.size());
    if (!opened) return fail(opened.error());
    const auto caught_up = subscribers.wait_for_messages(missed_messages);
    if (!caught_up) return fail(caught_up.error());
    Storm result;
    result.seconds = std::chrono::duration<double>(Clock::now() - begun).count();
    const auto seen = writing->wait();
    if (!seen) return fail(seen.error());
    result.writers = *seen;
    subscribers.settle(milliseconds{1'500});
    // All of them are live: what is said now reaches everybody.
    subscribers.forget_messages();
    const auto said = say_what_is_missed(subject, cursors.size());
    if (!said) return fail(said.error());
    const auto reached = subscribers.wait_for_messages(missed_messages);
    if (!reached) return fail(reached.error());
    result.memory_peak = static_cast<double>(subject.process().memory_peak()) / mebibyte;
    return result;
}

}  // namespace

Result<std::vector<Figure>> measure_reconnect_storm(Setting& setting) {
    auto& [subject, progress, scratch] = setting;
    progress.begin("reconnect storm");
    subject.stop();
    auto started = subject.start(Subject::On::all_cores);
    if (!started) return fail(started.error());
    const auto clients = std::min(clients_wanted, descriptors_allowed() - descriptors_kept);
    const auto cursors = be_there_once(subject, clients);
    if (!cursors) return fail(cursors.error());
    progress.part(0.4);
    started = subject.start(Subject::On::all_cores);
    if (!started) return fail(started.error());
    const auto said = say_what_is_missed(subject, clients);
    if (!said) return fail(said.error());
    stay_on(subject.cores().all());
    const auto seen = storm(subject, *cursors);
    stay_on(subject.cores().clients);
    if (!seen) return fail(seen.error());
    Figure time;
    time.what = fmt::format("reconnect storm of {}", shown(clients));
    time.value = seen->seconds;
    time.unit = "s";
    time.target = 10;
    time.remark = "until all are live again, with what they had missed; server and clients on all cores";
    Figure wait;
    wait.what = "others' POST during the storm, p99";
    wait.value = seen->writers.p99_ms;
    wait.unit = "ms";
    wait.remark = fmt::format("p50 {:.2f} ms, {} refused", seen->writers.p50_ms, seen->writers.refused);
    Figure memory;
    memory.what = "resident at most, in the storm";
    memory.value = seen->memory_peak;
    memory.unit = "MiB";
    return std::vector<Figure>{std::move(time), std::move(wait), std::move(memory)};
}

}  // namespace makechat::bench
