#include "bench/figures.hpp"
#include "bench/raw.hpp"
#include "bench/request_load.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace makechat::bench {
namespace {

constexpr LoadShape shape{.warm_up = std::chrono::milliseconds{300}, .time = std::chrono::milliseconds{1'500}};
constexpr std::size_t text_bytes = 100;

std::string waits_of(const Answered& seen) {
    return fmt::format("p50 {:.2f} ms, p99 {:.2f} ms", seen.p50_ms, seen.p99_ms);
}

/// The turn in the middle.
Answered median(std::vector<Answered> turns_seen) {
    std::ranges::sort(turns_seen, {}, &Answered::per_second);
    return turns_seen[turns_seen.size() / 2];
}

Result<Answered> load_all(const Endpoint& endpoint, const std::function<std::string(std::size_t)>& request) {
    auto seen = load(endpoint, shape, request);
    if (seen && seen->refused > 0)
        return fail({Code::internal,
                     fmt::format("{} requests were refused. The first answer:\n{}", seen->refused, seen->refusal)});
    return seen;
}

}  // namespace

Result<Figure> measure_durable_posts(Setting& setting) {
    auto& [subject, progress, scratch] = setting;
    progress.begin("durable POST");
    const auto body = fmt::format(R"({{"room": "{}", "text": "{:x<{}}"}})", subject.room(), "", text_bytes);
    std::vector<Answered> posts;
    std::vector<double> raw;
    // What the store keeps of a message beside its text: ids, times, keys.
    constexpr std::size_t row_bytes = text_bytes + 100;
    for (int turn = 0; turn < turns; ++turn) {
        const auto seen = load_all(subject.endpoint(), [&](std::size_t i) {
            return request_of(subject.endpoint(), "POST", "/api/messages", subject.token(i), body);
        });
        if (!seen) return fail(seen.error());
        progress.part((turn + 0.5) / turns);
        const auto limit = raw_group_commit(scratch, shape.clients, row_bytes, shape.time, subject.cores().server);
        if (!limit) return fail(limit.error());
        progress.part((turn + 1.0) / turns);
        posts.push_back(*seen);
        raw.push_back(*limit);
    }
    const auto seen = median(posts);
    Figure figure;
    figure.what = fmt::format("durable POST, {} clients", shape.clients);
    figure.value = seen.per_second;
    figure.unit = "/s";
    figure.raw = median(raw);
    figure.raw_name = fmt::format("group commit of {}", shape.clients);
    figure.target = 0.5;
    figure.remark = waits_of(seen);
    return figure;
}

Result<Figure> measure_cached_gets(Setting& setting) {
    auto& [subject, progress, scratch] = setting;
    progress.begin("cached GET");
    const auto& endpoint = subject.endpoint();
    const auto answer = ask(endpoint, request_of(endpoint, "GET", "/api/ping", subject.token(0), {}));
    if (!answer) return fail(answer.error());
    std::vector<Answered> gets;
    std::vector<double> raw;
    const auto responder = RawResponder::start(*answer, scratch, subject.cores().server);
    if (!responder) return fail(responder.error());
    for (int turn = 0; turn < turns; ++turn) {
        const auto seen = load_all(
            endpoint, [&](std::size_t i) { return request_of(endpoint, "GET", "/api/ping", subject.token(i), {}); });
        if (!seen) return fail(seen.error());
        progress.part((turn + 0.5) / turns);
        const auto limit = load_all(responder->endpoint(), [&](std::size_t i) {
            return request_of(responder->endpoint(), "GET", "/api/ping", subject.token(i), {});
        });
        if (!limit) return fail(limit.error());
        progress.part((turn + 1.0) / turns);
        gets.push_back(*seen);
        raw.push_back(limit->per_second);
    }
    const auto seen = median(gets);
    Figure figure;
    figure.what = fmt::format("cached GET, {} clients", shape.clients);
    figure.value = seen.per_second;
    figure.unit = "/s";
    figure.raw = median(raw);
    figure.raw_name = responder->name();
    figure.target = 0.8;
    figure.remark = waits_of(seen);
    return figure;
}

}  // namespace makechat::bench
