#include "bench/figures.hpp"
#include "bench/raw.hpp"
#include "bench/subscribers.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace makechat::bench {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t subscribers_count = 1'000;
constexpr std::size_t sender = 0;  // of the subscribers
constexpr auto round_time = milliseconds{1'500};
constexpr auto warm_up = milliseconds{300};
constexpr int turns = 5;  // of raw and server, in turn; the median counts
// Who is online is told once a second.
constexpr auto silence = milliseconds{1'500};

std::string send_op(const std::string& room) {
    return fmt::format(R"({{"op": "send", "room": "{}", "text": "{:x<100}"}})", room, "A hundred bytes of text ");
}

/// Rounds until the time is over, each begun when all have got what the one before sent. Deliveries per second.
template <class SendRound>
Result<double> deliveries_per_second(Subscribers& subscribers, std::size_t burst, std::size_t readers, SendRound send) {
    auto begun = Clock::now();
    std::size_t rounds = 0;
    bool warm = false;
    while (!warm || Clock::now() - begun < round_time) {
        const auto sent = send();
        if (!sent) return fail(sent.error());
        const auto arrived = subscribers.wait_for_messages(burst);
        if (!arrived) return fail(arrived.error());
        ++rounds;
        if (!warm && Clock::now() - begun >= warm_up) {
            warm = true;
            begun = Clock::now();
            rounds = 0;
        }
    }
    return static_cast<double>(rounds * burst * readers) / std::chrono::duration<double>(Clock::now() - begun).count();
}

Result<bool> open_subscribers(Subscribers& subscribers, Subject& subject) {
    const auto opened = subscribers.open(subscribers_count, [&](std::size_t i) {
        return upgrade_request(subject.endpoint(), subject.token(i), "?room=" + subject.room());
    });
    if (opened) subscribers.settle(silence);
    return opened;
}

Result<double> measure_server(Subscribers& subscribers, const Subject& subject, std::size_t burst,
                              std::size_t readers) {
    const std::vector<std::string> ops(burst, send_op(subject.room()));
    return deliveries_per_second(subscribers, burst, readers, [&] { return subscribers.say(sender, ops); });
}

/// Of the raw limit, with the very bytes that the server sends.
Result<double> measure_raw(const std::string& frame, std::size_t burst, const Cores& cores) {
    const auto raw = RawSender::start(frame, burst, subscribers_count, cores.server);
    if (!raw) return fail(raw.error());
    Subscribers peers{raw->endpoint()};
    const auto opened = peers.open(subscribers_count, [](std::size_t) { return std::string{}; });
    if (!opened) return fail(opened.error());
    return deliveries_per_second(peers, burst, subscribers_count, [&]() -> Result<bool> {
        raw->send_round();
        return true;
    });
}

Result<Figure> measure(Setting& setting, std::size_t burst, Figure figure) {
    auto& [subject, progress, scratch] = setting;
    progress.begin(figure.what);
    Subscribers subscribers{subject.endpoint()};
    const auto opened = open_subscribers(subscribers, subject);
    if (!opened) return fail(opened.error());
    std::vector<double> own;
    std::vector<double> raw;
    for (int turn = 0; turn < turns; ++turn) {
        const auto served = measure_server(subscribers, subject, burst, subscribers_count);
        if (!served) return fail(served.error());
        progress.part((turn + 0.5) / turns);
        const auto limit = measure_raw(subscribers.last_frame(), burst, subject.cores());
        if (!limit) return fail(limit.error());
        progress.part((turn + 1.0) / turns);
        own.push_back(*served);
        raw.push_back(*limit);
    }
    figure.value = median(own);
    figure.raw = median(raw);
    figure.unit = "deliveries/s";
    figure.remark = fmt::format("{} bytes a frame; {} turns, the median", subscribers.last_frame().size(), turns);
    return figure;
}

}  // namespace

Result<Figure> measure_fan_out(Setting& setting) {
    Figure figure;
    figure.what = "fan-out, 1 message to 1,000";
    figure.raw_name = "send loop";
    figure.target = 0.85;
    return measure(setting, 1, std::move(figure));
}

Result<Figure> measure_bursts(Setting& setting) {
    Figure figure;
    figure.what = "bursts, 16 messages to 1,000";
    figure.raw_name = "batched send loop";
    figure.target = 0.75;
    return measure(setting, 16, std::move(figure));
}

Result<Figure> measure_stalled_subscriber(Setting& setting) {
    auto& [subject, progress, scratch] = setting;
    progress.begin("one stalled subscriber");
    std::vector<double> all_read;
    std::vector<double> one_stalls;
    for (int turn = 0; turn < turns; ++turn) {
        for (const bool stalls : {false, true}) {
            Subscribers subscribers{subject.endpoint()};
            const auto opened = open_subscribers(subscribers, subject);
            if (!opened) return fail(opened.error());
            if (stalls) subscribers.stall(subscribers_count / 2);
            // Per reader: that the stalled one gets nothing is not what is measured.
            const auto served = measure_server(subscribers, subject, 1, 1);
            if (!served) return fail(served.error());
            (stalls ? one_stalls : all_read).push_back(*served);
            progress.part((turn + (stalls ? 1.0 : 0.5)) / turns);
        }
    }
    Figure figure;
    figure.what = "with 1 of 1,000 stalled";
    figure.value = median(one_stalls);
    figure.unit = "messages/s";
    figure.raw = median(all_read);
    figure.raw_name = "all reading";
    figure.target = 0.95;
    return figure;
}

}  // namespace makechat::bench
