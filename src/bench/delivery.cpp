#include "base/limits.hpp"
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
// Who is online is told once a second.
constexpr auto silence = milliseconds{1'500};

std::string send_op(const std::string& room) {
    return fmt::format(R"({{"op": "send", "room": "{}", "text": "{:x<100}"}})", room, "A hundred bytes of text ");
}

/// Rounds for as long as `goes_on(rounds so far)`, each begun when all have got what the one before sent. Rounds per second.
template <class SendRound, class GoesOn>
Result<double> rounds_per_second(Subscribers& subscribers, std::size_t burst, SendRound send, GoesOn goes_on) {
    const auto begun = Clock::now();
    std::size_t rounds = 0;
    for (; goes_on(rounds); ++rounds) {
        const auto sent = send();
        if (!sent) return fail(sent.error());
        const auto arrived = subscribers.wait_for_messages(burst);
        if (!arrived) return fail(arrived.error());
    }
    return static_cast<double>(rounds) / std::chrono::duration<double>(Clock::now() - begun).count();
}

auto until(Clock::time_point end) {
    return [end](std::size_t /*rounds*/) { return Clock::now() < end; };
}

template <class SendRound>
Result<double> deliveries_per_second(Subscribers& subscribers, std::size_t burst, SendRound send) {
    const auto warm = rounds_per_second(subscribers, burst, send, until(Clock::now() + warm_up));
    if (!warm) return warm;
    const auto rounds = rounds_per_second(subscribers, burst, send, until(Clock::now() + round_time));
    if (!rounds) return rounds;
    return *rounds * static_cast<double>(burst * subscribers_count);
}

Result<bool> open_more(Subscribers& subscribers, const Subject& subject, std::size_t count) {
    return subscribers.open(count, [&](std::size_t i) {
        return upgrade_request(subject.endpoint(), subject.token(i), "?room=" + subject.room());
    });
}

Result<double> measure_server(Subscribers& subscribers, const Subject& subject, std::size_t burst) {
    const std::vector<std::string> ops(burst, send_op(subject.room()));
    return deliveries_per_second(subscribers, burst, [&] { return subscribers.say(sender, ops); });
}

/// Of the raw limit, with the very bytes that the server sends.
Result<double> measure_raw(const std::string& frame, std::size_t burst, const Cores& cores) {
    const auto raw = RawSender::start(frame, burst, subscribers_count, cores.server);
    if (!raw) return fail(raw.error());
    Subscribers peers{raw->endpoint()};
    const auto opened = peers.open(subscribers_count, [](std::size_t) { return std::string{}; });
    if (!opened) return fail(opened.error());
    return deliveries_per_second(peers, burst, [&]() -> Result<bool> {
        raw->send_round();
        return true;
    });
}

struct StalledTurn {
    double rounds_per_second = 0;
    std::size_t waiting_bytes = 0;  ///< in the server, for the one that stalls, before the first round that counts
    bool was_cut = false;
};

/// Sends to all until so much waits in the server for the last of them, which stalls. Returns how much that is.
Result<std::size_t> flood(Subscribers& subscribers, const Subject& subject, std::size_t wanted) {
    constexpr std::size_t burst = 16;
    constexpr std::size_t bursts_max = 1'000;  // some megabytes: a server that bounds nothing ends it too
    const std::vector<std::string> ops(burst, send_op(subject.room()));
    std::size_t sent = 0;
    std::size_t waiting = 0;
    for (std::size_t i = 0; waiting < wanted && i < bursts_max; ++i) {
        const auto said = subscribers.say(sender, ops);
        if (!said) return fail(said.error());
        const auto arrived = subscribers.wait_for_messages(burst);
        if (!arrived) return fail(arrived.error());
        sent += burst * subscribers.last_frame().size();
        const auto in_kernel = subscribers.unread_bytes(subscribers_count - 1);
        waiting = sent - std::min(sent, in_kernel);
    }
    return waiting;
}

/// A turn of so many rounds. One that stalls is behind by nearly all that the server keeps for it when they begin, and over
/// that bound shortly before they end: what both cost the others is in the figure.
Result<StalledTurn> stalled_turn(const Subject& subject, bool stalls) {
    constexpr std::size_t rounds = 250;
    constexpr std::size_t rounds_after_cut = 60;  // the kernel may take some 30 KiB more meanwhile
    Subscribers subscribers{subject.endpoint()};
    auto opened = open_more(subscribers, subject, subscribers_count - 1);
    if (stalls) subscribers.set_buffers(Buffers::small);
    if (opened) opened = open_more(subscribers, subject, 1);
    if (opened) opened = subscribers.settle(silence);
    if (!opened) return fail(opened.error());
    const std::vector<std::string> ops{send_op(subject.room())};
    const auto send = [&] { return subscribers.say(sender, ops); };
    const auto warm = rounds_per_second(subscribers, 1, send, until(Clock::now() + warm_up));
    if (!warm) return fail(warm.error());
    StalledTurn turn;
    if (stalls) {
        subscribers.stall(subscribers_count - 1);
        const auto left = (rounds - rounds_after_cut) * subscribers.last_frame().size();
        const auto waiting = flood(subscribers, subject, limits::outbox_bytes_max - left);
        if (!waiting) return fail(waiting.error());
        turn.waiting_bytes = *waiting;
    }
    const auto measured = rounds_per_second(subscribers, 1, send, [](std::size_t done) { return done < rounds; });
    if (!measured) return fail(measured.error());
    turn.rounds_per_second = *measured;
    if (stalls) turn.was_cut = subscribers.was_cut(subscribers_count - 1);
    return turn;
}

Result<Figure> measure(Setting& setting, std::size_t burst, Figure figure) {
    auto& [subject, progress, scratch] = setting;
    progress.begin(figure.what);
    Subscribers subscribers{subject.endpoint()};
    auto opened = open_more(subscribers, subject, subscribers_count);
    if (opened) opened = subscribers.settle(silence);
    if (!opened) return fail(opened.error());
    std::vector<double> own;
    std::vector<double> raw;
    for (int turn = 0; turn < turns; ++turn) {
        const auto served = measure_server(subscribers, subject, burst);
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
    std::vector<double> waiting;
    int cuts = 0;
    for (int turn = 0; turn < turns; ++turn) {
        const auto reading = stalled_turn(subject, false);
        if (!reading) return fail(reading.error());
        progress.part((turn + 0.5) / turns);
        const auto stalled = stalled_turn(subject, true);
        if (!stalled) return fail(stalled.error());
        progress.part((turn + 1.0) / turns);
        all_read.push_back(reading->rounds_per_second);
        one_stalls.push_back(stalled->rounds_per_second);
        waiting.push_back(static_cast<double>(stalled->waiting_bytes) / 1024);
        cuts += stalled->was_cut ? 1 : 0;
    }
    Figure figure;
    figure.what = "with 1 of 1,000 stalled";
    figure.value = median(one_stalls);
    figure.unit = "messages/s";
    figure.raw = median(all_read);
    figure.raw_name = "all reading";
    figure.target = 0.95;
    figure.remark =
        fmt::format("{:.0f} KiB wait for it in the server at first; cut with 1013 before the end in {} of {} turns",
                    median(waiting), cuts, turns);
    return figure;
}

}  // namespace makechat::bench
