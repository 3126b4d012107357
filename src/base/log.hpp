#pragma once

#include <chrono>
#include <cstddef>
#include <string_view>

/// The program's log: one line for each thing that happened, in UTC. A line never holds a secret, a message's text, a path,
/// a query or a header.
///
/// Threads: any. A call leaves the line in memory (past limits::log_bytes_waiting_max lines are dropped and counted), a
/// thread of its own writes: a log that nobody reads never stops an event loop, nor the end of the program. Before `start` warnings and errors go to stderr, the rest
/// nowhere.
namespace makechat::log {

enum class Level { debug, info, warning, error };
enum class Form { text, json };

/// Once, before the loops run. `descriptor` stays open until `stop`.
void start(Form form, Level least, int descriptor = 2);
/// Writes what waits, for limits::log_write_max where nobody reads. After the last loop has ended.
void stop();

void debug(std::string_view text);
void info(std::string_view text);
void warning(std::string_view text);
void error(std::string_view text);

/// One answered request.
struct Access {
    std::string_view method;
    std::string_view route;  ///< the pattern, "/api/rooms/{id}"; empty: none fitted
    int status = 0;
    std::size_t bytes = 0;  ///< of the body sent
    std::chrono::nanoseconds took{};
    std::string_view request_id;
    std::string_view peer;
};
/// At level info.
void access(const Access& request);

}  // namespace makechat::log
