#include "base/log.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <regex>
#include <string>
#include <thread>
#include <vector>

namespace makechat::log {
namespace {

using namespace std::chrono_literals;

/// What a log holds after `work`.
template <class Work>
std::string logged(Form form, Level least, Work work) {
    std::array<int, 2> pipe{};
    EXPECT_EQ(::pipe2(pipe.data(), O_CLOEXEC), 0);
    fcntl(pipe[1], F_SETPIPE_SZ, 1024 * 1024);
    start(form, least, pipe[1]);
    work();
    stop();
    ::close(pipe[1]);
    std::string text;
    std::array<char, 4096> piece;
    for (;;) {
        const auto got = ::read(pipe[0], piece.data(), piece.size());
        if (got <= 0) break;
        text.append(piece.data(), static_cast<std::size_t>(got));
    }
    ::close(pipe[0]);
    return text;
}

const Access request{"GET", "/api/rooms/{id}", 200, 12, 1'234us, "abc-1", "127.0.0.1"};

TEST(Log, writes_lines_of_text) {
    const auto text = logged(Form::text, Level::info, [] {
        info("It\nstarts.");
        access(request);
    });
    EXPECT_TRUE(std::regex_match(text, std::regex(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z info It starts\.
\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z info GET /api/rooms/\{id\} 200 bytes=12 ms=1\.234 peer=127\.0\.0\.1 id=abc-1
)"))) << text;
}

TEST(Log, writes_lines_of_json) {
    const auto text = logged(Form::json, Level::info, [] {
        warning("It \"breaks\".\n");
        access(request);
    });
    EXPECT_TRUE(
        std::regex_match(text, std::regex(R"(\{"time": "[^"]+Z", "level": "warning", "text": "It \\"breaks\\"\.\\n"\}
\{"time": "[^"]+Z", "level": "info", "method": "GET", "route": "/api/rooms/\{id\}", "status": 200, "bytes": 12, "ms": 1\.234, "peer": "127\.0\.0\.1", "id": "abc-1"\}
)"))) << text;
}

TEST(Log, leaves_out_what_is_below_the_level) {
    const auto text = logged(Form::text, Level::warning, [] {
        debug("no");
        info("no");
        access(request);
        error("yes");
    });
    EXPECT_TRUE(text.ends_with(" error yes\n")) << text;
    EXPECT_EQ(std::ranges::count(text, '\n'), 1);
}

TEST(Log, keeps_lines_whole_from_many_threads) {
    const auto text = logged(Form::text, Level::info, [] {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t) {
            threads.emplace_back([] {
                for (int i = 0; i < 1'000; ++i) access(request);
            });
        }
    });
    EXPECT_EQ(std::ranges::count(text, '\n'), 4'000);
}

TEST(Log, drops_and_counts_when_nobody_reads_and_never_waits) {
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe2(pipe.data(), O_CLOEXEC), 0);
    start(Form::text, Level::info, pipe[1]);
    const std::string line(1'000, 'x');
    for (int i = 0; i < 5'000; ++i) info(line);  // 5 MB; the pipe holds 64 KiB
    std::string text;
    std::jthread reader([&] {
        std::array<char, 65536> piece;
        for (;;) {
            const auto got = ::read(pipe[0], piece.data(), piece.size());
            if (got <= 0) return;
            text.append(piece.data(), static_cast<std::size_t>(got));
        }
    });
    stop();
    ::close(pipe[1]);
    reader.join();
    ::close(pipe[0]);
    EXPECT_LT(text.size(), 3'000'000u);
    EXPECT_NE(text.find("log lines were dropped"), std::string::npos);
}

TEST(Log, ends_though_nobody_reads) {
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe2(pipe.data(), O_CLOEXEC), 0);
    start(Form::text, Level::info, pipe[1]);
    for (int i = 0; i < 200; ++i) info(std::string(1'000, 'x'));  // more than the pipe holds
    stop();                                                       // would wait for ever
    ::close(pipe[0]);
    ::close(pipe[1]);
}

}  // namespace
}  // namespace makechat::log
