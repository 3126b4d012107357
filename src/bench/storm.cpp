#include "bench/figures.hpp"
#include "bench/paced_load.hpp"
#include "bench/request_load.hpp"
#include "bench/subscribers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <thread>

namespace makechat::bench {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t clients_wanted = 10'000;
constexpr std::size_t missed_messages = 3;  // in each client's room, while he was away
constexpr int storms = 3;
/// Others who write meanwhile, each ten times a second into a room of a hundred people.
constexpr std::size_t writers = 16;
constexpr auto writers_pace = milliseconds{100};
constexpr auto calm = milliseconds{1'000};  // they are older than the storm

std::string post(const Subject& subject, std::size_t user) {
    const auto body =
        fmt::format(R"({{"room": "{}", "text": "{:x<100}"}})", subject.team_of(user), "While you were away ");
    return request_of(subject.endpoint(), "POST", "/api/messages", subject.token(user), body);
}

/// Everybody is there once. Their cursors.
Result<std::vector<std::string>> be_there_once(Subject& subject, std::size_t clients) {
    Subscribers subscribers{subject.endpoint()};
    subscribers.keep_cursors();
    auto opened =
        subscribers.open(clients, [&](std::size_t i) { return upgrade_request(subject.endpoint(), subject.token(i)); });
    if (opened) opened = subscribers.settle(milliseconds{1'500});
    if (!opened) return fail(opened.error());
    std::vector<std::string> cursors;
    for (std::size_t i = 0; i < clients; ++i) cursors.push_back(subscribers.cursor(i));
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
    Answered writers;
    double memory_peak = 0;
};

/// The server dies, something is said, and all come back with `cursors`, which are then those of the next time.
Result<Storm> storm(Subject& subject, std::vector<std::string>& cursors) {
    subject.kill();
    const auto started = subject.start(Subject::On::all_cores);
    if (!started) return fail(started.error());
    auto said = say_what_is_missed(subject, cursors.size());
    if (!said) return fail(said.error());
    auto writing = PacedLoad::start(subject.endpoint(), writers, writers_pace, subject.cores().all(),
                                    [&](std::size_t i) { return post(subject, i * 100); });
    if (!writing) return fail(writing.error());
    std::this_thread::sleep_for(calm);
    Subscribers subscribers{subject.endpoint()};
    writing->count_from_here();
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
    const auto seen = writing->stop();
    if (!seen) return fail(seen.error());
    result.writers = *seen;
    const auto settled = subscribers.settle(milliseconds{1'500});
    if (!settled) return fail(settled.error());
    // All of them are live: what is said now reaches everybody.
    subscribers.forget_messages();
    subscribers.keep_cursors();
    said = say_what_is_missed(subject, cursors.size());
    if (!said) return fail(said.error());
    const auto reached = subscribers.wait_for_messages(missed_messages);
    if (!reached) return fail(reached.error());
    for (std::size_t i = 0; i < cursors.size(); ++i) cursors[i] = subscribers.cursor(i);
    result.memory_peak = static_cast<double>(subject.process().memory_peak()) / mebibyte;
    return result;
}

Result<std::vector<Storm>> all_storms(Setting& setting, std::size_t clients) {
    auto& [subject, progress, scratch] = setting;
    auto cursors = be_there_once(subject, clients);
    if (!cursors) return fail(cursors.error());
    std::vector<Storm> seen;
    for (int i = 0; i < storms; ++i) {
        progress.part((i + 1.0) / (storms + 1));
        auto next = storm(subject, *cursors);
        if (!next) return fail(next.error());
        seen.push_back(std::move(*next));
    }
    return seen;
}

std::vector<double> each(const std::vector<Storm>& seen, double (*value)(const Storm&)) {
    std::vector<double> values;
    for (const auto& storm : seen) values.push_back(value(storm));
    return values;
}

}  // namespace

Result<std::vector<Figure>> measure_reconnect_storm(Setting& setting) {
    auto& [subject, progress, scratch] = setting;
    progress.begin("reconnect storm");
    subject.stop();
    const auto started = subject.start(Subject::On::all_cores);
    if (!started) return fail(started.error());
    const auto clients = std::min(clients_wanted, sockets_allowed());
    stay_on(subject.cores().all());
    const auto seen = all_storms(setting, clients);
    stay_on(subject.cores().clients);
    if (!seen) return fail(seen.error());
    const auto seconds = each(*seen, [](const Storm& storm) { return storm.seconds; });
    const auto p50s = each(*seen, [](const Storm& storm) { return storm.writers.p50_ms; });
    const auto p99s = each(*seen, [](const Storm& storm) { return storm.writers.p99_ms; });
    const auto answers = each(*seen, [](const Storm& storm) { return static_cast<double>(storm.writers.answers); });
    const auto refused = each(*seen, [](const Storm& storm) { return static_cast<double>(storm.writers.refused); });
    const auto peaks = each(*seen, [](const Storm& storm) { return storm.memory_peak; });
    Figure time;
    time.what = fmt::format("reconnect storm of {}", shown(clients));
    time.value = median(seconds);
    time.unit = "s";
    time.target = 10;
    time.remark = fmt::format(
        "until all are live again, with what they had missed; server and clients on all cores; {} storms, the worst {:.2f} s",
        storms, std::ranges::max(seconds));
    Figure wait;
    wait.what = "others' POST during the storm, p99";
    wait.value = median(p99s);
    wait.unit = "ms";
    wait.remark = fmt::format("p50 {:.2f} ms; the worst storm's p99 {:.0f} ms; {:.0f} posts a storm, {:.0f} refused",
                              median(p50s), std::ranges::max(p99s), median(answers),
                              std::accumulate(refused.begin(), refused.end(), 0.0));
    Figure memory;
    memory.what = "resident at most, in the storms";
    memory.value = std::ranges::max(peaks);
    memory.unit = "MiB";
    return std::vector<Figure>{std::move(time), std::move(wait), std::move(memory)};
}

}  // namespace makechat::bench
