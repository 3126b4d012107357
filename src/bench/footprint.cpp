#include "bench/figures.hpp"
#include "bench/subscribers.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace makechat::bench {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t sockets_wanted = 10'000;
constexpr auto idle_for = milliseconds{4'000};  // what connecting took is given back by then
constexpr int starts = 7;

}  // namespace

Result<Figure> measure_idle_memory(Setting& setting) {
    auto& [subject, progress, scratch] = setting;
    progress.begin("idle memory");
    subject.stop();
    auto started = subject.start();
    if (!started) return fail(started.error());
    const auto count = std::min(sockets_wanted, sockets_allowed());
    Subscribers subscribers{subject.endpoint()};
    const auto open = [&](std::size_t more) {
        const auto opened = subscribers.open(
            more, [&](std::size_t i) { return upgrade_request(subject.endpoint(), subject.token(i)); });
        return opened ? subscribers.settle(idle_for) : opened;
    };
    // The first hundred bring what there is once: receive buffers, the allocator's first pages.
    const std::size_t first = count / 100;
    auto opened = open(first);
    if (!opened) return fail(opened.error());
    const auto before = subject.process().memory();
    opened = open(count - first);
    if (!opened) return fail(opened.error());
    const auto after = subject.process().memory();
    Figure figure;
    figure.what = fmt::format("memory per idle WebSocket of {}", shown(count));
    figure.value = (static_cast<double>(after) - static_cast<double>(before)) / static_cast<double>(count - first);
    figure.unit = "bytes";
    figure.target = 1'024;
    // The increment is what one more costs; the quotient has the server's own memory in it, which does not grow.
    figure.remark =
        fmt::format("what one more costs; resident {:.1f} MiB with all of them, divided by their number {} bytes",
                    static_cast<double>(after) / mebibyte, shown(after / count));
    return figure;
}

Result<std::vector<Figure>> measure_start(Setting& setting) {
    auto& [subject, progress, scratch] = setting;
    progress.begin("cold start");
    // What most servers are: a team of fifty with some history.
    constexpr WorldSize size{.users = 50, .rooms_of_100 = 5, .room_members = 50, .messages = 10'000};
    const auto folder = scratch / "team";
    auto world = make_world(folder, size, [](double) {});
    if (!world) return fail(world.error());
    Subject team{subject.program(), folder, std::move(*world), subject.cores()};
    std::vector<double> times;
    std::vector<double> weights;
    for (int i = 0; i < starts; ++i) {
        const auto started = team.start();
        if (!started) return fail(started.error());
        times.push_back(team.first_answer_after().count());
        weights.push_back(static_cast<double>(team.process().memory()) / mebibyte);
        team.stop();
        progress.part((i + 1.0) / starts);
    }
    std::ranges::sort(times);
    Figure time;
    time.what = "first answer after start";
    time.value = median(times);
    time.unit = "ms";
    time.target = 50;
    time.remark = fmt::format("a chat of 50 people and 10,000 messages; {} starts: {:.1f} to {:.1f} ms", starts,
                              times.front(), times.back());
    Figure memory;
    memory.what = "resident without clients";
    memory.value = median(weights);
    memory.unit = "MiB";
    memory.target = 20;
    return std::vector<Figure>{std::move(time), std::move(memory)};
}

}  // namespace makechat::bench
