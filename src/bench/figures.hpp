#pragma once

#include "base/result.hpp"
#include "bench/figure.hpp"
#include "bench/progress.hpp"
#include "bench/subject.hpp"

#include <filesystem>
#include <vector>

/// The figures of `makechat bench`, each with its raw limit measured right beside it. docs/performance.md tells how.
namespace makechat::bench {

/// Of a figure that has a raw limit: server and limit in turn, the median of each counts.
inline constexpr int turns = 5;

/// What a measurement works with.
struct Setting {
    Subject& subject;
    Progress& progress;
    std::filesystem::path scratch;  ///< a folder for files of the raw limits, on the disk of the store
};

/// One message at a time to 1,000 WebSockets, the next when all have it; and sixteen at a time.
Result<Figure> measure_fan_out(Setting& setting);
Result<Figure> measure_bursts(Setting& setting);
/// How much of the fan-out is left when one of the 1,000 reads nothing.
Result<Figure> measure_stalled_subscriber(Setting& setting);
/// Acknowledged POST /api/messages by 64 clients at a time.
Result<Figure> measure_durable_posts(Setting& setting);
/// GET /api/ping by 64 clients at a time: a token to be checked, an answer from memory.
Result<Figure> measure_cached_gets(Setting& setting);
/// Of an own server only: what it grows by with each of 10,000 idle WebSockets.
Result<Figure> measure_idle_memory(Setting& setting);
/// Of an own server only: from its start to the first answer, and what it weighs then without clients.
Result<std::vector<Figure>> measure_start(Setting& setting);
/// Of an own server only: 10,000 clients come back at once, each with a cursor and something missed, while others write.
Result<std::vector<Figure>> measure_reconnect_storm(Setting& setting);

}  // namespace makechat::bench
