#pragma once

/// The signals that end the server, from `catch_stop_signals` to the end of the program. At no moment does an end lose what
/// was acknowledged, so none of this is about the data: it decides how much patience its clients get.
///
///   - SIGTERM or SIGINT while the server starts ends it at once, with status 0: nobody has been served.
///   - The first while it serves makes `wait_for_stop_signal` return. From then on limits::stop_max counts, and whatever
///     still keeps the program then (a disk, a log that nobody reads) is left: status 0.
///   - The second ends the program at once, with status 128 and its number, as a shell shows a signal.
///   - SIGHUP, from a terminal that closes, is a first one but never a second: terminals send two. Where it was ignored at
///     the start (nohup), it stays ignored.
///
/// All other signals keep their default.
namespace makechat::app {

/// Once, first thing.
void catch_stop_signals();

/// Before the first client is served. Threads: the main one.
void start_is_over();

/// Threads: the main one.
void wait_for_stop_signal();

}  // namespace makechat::app
