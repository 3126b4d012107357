#include "base/log.hpp"

#include "base/json_text.hpp"
#include "base/limits.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/sink.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <climits>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

namespace makechat::log {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t bytes_written_at_once = 64 * 1024;
constexpr auto access_waits_max = 200ms;
constexpr std::string_view access_name = "access";

/// False: whoever reads it does not. A pipe or a terminal that says that it is ready takes as much as this.
constexpr std::size_t bytes_without_wait = 4096;
static_assert(bytes_without_wait <= PIPE_BUF);

bool is_ready(int descriptor, std::chrono::milliseconds patience) {
    pollfd waiting{descriptor, POLLOUT, 0};
    return poll(&waiting, 1, static_cast<int>(patience.count())) != 0;  // an error is for the write to find
}

/// How much of `bytes` is done with: written, or there is nobody to write to.
std::size_t write_some(int descriptor, std::string_view bytes) {
    const auto written = ::write(descriptor, bytes.data(), std::min(bytes.size(), bytes_without_wait));
    if (written >= 0) return static_cast<std::size_t>(written);
    return errno == EINTR || errno == EAGAIN ? 0 : bytes.size();
}

void write_all(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) bytes.remove_prefix(write_some(descriptor, bytes));
}

/// Lines in memory, and the thread that writes them. Access lines wait a little for others, all else goes at once.
class Writer final : public spdlog::sinks::sink {
public:
    explicit Writer(int descriptor) : descriptor_(descriptor), thread_([this] { run(); }) {}
    ~Writer() override {
        {
            const std::scoped_lock lock(guard_);
            stopping_ = true;
        }
        changed_.notify_one();
        thread_.join();
    }

    /// Formats on the caller's thread, with a formatter of its own: only the copy of the line is made under the lock.
    void log(const spdlog::details::log_msg& message) override {
        thread_local std::unique_ptr<spdlog::formatter> formatter;
        thread_local unsigned formatter_of = 0;
        if (std::exchange(formatter_of, number_) != number_) {
            const std::scoped_lock lock(guard_);
            formatter = pattern_->clone();
        }
        spdlog::memory_buf_t line;
        formatter->format(message, line);
        const bool urgent = std::string_view(message.logger_name.data(), message.logger_name.size()) != access_name;
        keep({line.data(), line.size()}, urgent);
    }
    void flush() override {}
    void set_pattern(const std::string& pattern) override {
        set_formatter(std::make_unique<spdlog::pattern_formatter>(pattern, spdlog::pattern_time_type::utc));
    }
    void set_formatter(std::unique_ptr<spdlog::formatter> pattern) override {
        const std::scoped_lock lock(guard_);
        pattern_ = std::move(pattern);
    }

private:
    void keep(std::string_view line, bool urgent) {
        bool wake = false;
        {
            const std::scoped_lock lock(guard_);
            if (waiting_.size() + line.size() > limits::log_bytes_waiting_max) {
                ++dropped_;
                return;
            }
            wake = waiting_.empty() || (urgent && !urgent_);
            waiting_.append(line);
            urgent = urgent || waiting_.size() > bytes_written_at_once;
            wake = wake || (urgent && !urgent_);
            urgent_ = urgent_ || urgent;
        }
        if (wake) changed_.notify_one();
    }

    void run() {
        std::string batch;
        std::unique_lock lock(guard_);
        for (;;) {
            changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
            changed_.wait_for(lock, access_waits_max, [this] { return stopping_ || urgent_; });
            batch.swap(waiting_);
            urgent_ = false;
            const auto dropped = std::exchange(dropped_, 0);
            lock.unlock();
            write(batch);
            batch.clear();
            if (dropped > 0) log_dropped(dropped);
            lock.lock();
            if (stopping_ && waiting_.empty()) return;
        }
    }

    /// A terminal that is held, or a pipe that nobody reads, keeps this thread and nothing else; and not beyond the end.
    void write(std::string_view bytes) {
        auto stop_at = std::chrono::steady_clock::time_point::max();
        while (!bytes.empty() && std::chrono::steady_clock::now() < stop_at) {
            if (is_ready(descriptor_, 100ms)) {
                bytes.remove_prefix(write_some(descriptor_, bytes));
                continue;
            }
            const std::scoped_lock lock(guard_);
            if (stopping_) stop_at = std::min(stop_at, std::chrono::steady_clock::now() + limits::log_write_max);
        }
    }

    void log_dropped(std::size_t count) {
        const auto text = fmt::format("{} log lines were dropped: nobody reads the log fast enough.", count);
        log(spdlog::details::log_msg("events", spdlog::level::warn, text));
    }

    static inline std::atomic<unsigned> writers = 0;

    const int descriptor_;
    const unsigned number_ = ++writers;  ///< an address may come again, this does not
    std::mutex guard_;
    std::condition_variable changed_;
    std::unique_ptr<spdlog::formatter> pattern_;
    std::string waiting_;
    std::size_t dropped_ = 0;
    bool urgent_ = false;
    bool stopping_ = false;
    std::thread thread_;  // last: it uses the rest
};

struct Log {
    Log(Form as, Level least, int descriptor)
        : form(as),
          writer(std::make_shared<Writer>(descriptor)),
          events("events", writer),
          requests(std::string(access_name), writer) {
        writer->set_pattern(form == Form::json ? R"({"time": "%Y-%m-%dT%H:%M:%S.%eZ", "level": "%l", %v})"
                                               : "%Y-%m-%dT%H:%M:%S.%eZ %l %v");
        constexpr spdlog::level::level_enum levels[] = {spdlog::level::debug, spdlog::level::info, spdlog::level::warn,
                                                        spdlog::level::err};
        events.set_level(levels[static_cast<int>(least)]);
        requests.set_level(events.level());
    }

    const Form form;
    std::shared_ptr<Writer> writer;
    spdlog::logger events;
    spdlog::logger requests;
};

std::atomic<Log*> current = nullptr;

/// One line, whatever the text holds.
std::string one_line(std::string_view text) {
    std::string line(text);
    for (auto& c : line) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    }
    return line;
}

void event(spdlog::level::level_enum level, std::string_view text) {
    auto* const log = current.load(std::memory_order_acquire);
    if (!log) {
        if (level >= spdlog::level::warn) write_all(2, one_line(text) + "\n");
        return;
    }
    if (!log->events.should_log(level)) return;
    std::string line;
    if (log->form == Form::json) {
        line = "\"text\": ";
        append_json_string(line, text);
    } else {
        line = one_line(text);
    }
    log->events.log(level, spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace

void start(Form form, Level least, int descriptor) {
    delete current.exchange(new Log(form, least, descriptor), std::memory_order_acq_rel);
}

void stop() { delete current.exchange(nullptr, std::memory_order_acq_rel); }

void debug(std::string_view text) { event(spdlog::level::debug, text); }
void info(std::string_view text) { event(spdlog::level::info, text); }
void warning(std::string_view text) { event(spdlog::level::warn, text); }
void error(std::string_view text) { event(spdlog::level::err, text); }

void access(const Access& request) {
    auto* const log = current.load(std::memory_order_acquire);
    if (!log || !log->requests.should_log(spdlog::level::info)) return;
    // Nothing here comes from the request's text, so nothing needs escaping.
    const auto route = request.route.empty() ? std::string_view("-") : request.route;
    const auto peer = request.peer.empty() ? std::string_view("-") : request.peer;
    const auto us = std::chrono::duration_cast<std::chrono::microseconds>(request.took).count();
    const fmt::string_view json =
        R"("method": "{}", "route": "{}", "status": {}, "bytes": {}, "ms": {}.{:03}, "peer": "{}", "id": "{}")";
    const fmt::string_view text = "{} {} {} bytes={} ms={}.{:03} peer={} id={}";
    fmt::memory_buffer line;
    fmt::format_to(std::back_inserter(line), fmt::runtime(log->form == Form::json ? json : text), request.method, route,
                   request.status, request.bytes, us / 1000, us % 1000, peer, request.request_id);
    log->requests.log(spdlog::level::info, spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace makechat::log
