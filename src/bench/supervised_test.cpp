#include "bench/supervised.hpp"

#include "bench/cores.hpp"
#include "bench/process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <new>
#include <stdexcept>
#include <thread>

namespace makechat::bench {
namespace {

struct SupervisedTest : testing::Test {
    StopSignals stop;
};

/// A process id that a process tells its ancestors.
class SharedId {
public:
    SharedId()
        : id_(new(mmap(nullptr, sizeof(std::atomic<pid_t>), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0))
                  std::atomic<pid_t>(0)) {}
    SharedId(const SharedId&) = delete;
    SharedId& operator=(const SharedId&) = delete;
    ~SharedId() { munmap(id_, sizeof *id_); }
    std::atomic<pid_t>& operator*() { return *id_; }

private:
    std::atomic<pid_t>* id_;
};

TEST_F(SupervisedTest, returns_what_the_work_returns) {
    const std::string long_text(1'000'000, 'x');
    const auto done = supervised(stop, [&] { return Report{long_text, {}}; });
    EXPECT_EQ(done.text, long_text);
    EXPECT_FALSE(done.failure);
    EXPECT_EQ(supervised(stop, [] { return Report{}; }).text, "");
    const auto partly = supervised(stop, [] { return Report{"three of four", Error{Code::bad_parameter, "no disk"}}; });
    EXPECT_EQ(partly.text, "three of four");
    ASSERT_TRUE(partly.failure);
    EXPECT_EQ(*partly.failure, (Error{Code::bad_parameter, "no disk"}));
}

TEST_F(SupervisedTest, says_when_the_work_crashed) {
    const auto crashed = supervised(stop, [] {
        raise(SIGKILL);
        return Report{};
    });
    EXPECT_THAT(crashed.failure.value().text, testing::HasSubstr("without a result"));
}

TEST_F(SupervisedTest, says_what_the_work_threw) {
    const auto thrown = supervised(stop, []() -> Report { throw std::runtime_error("out of range"); });
    EXPECT_THAT(thrown.failure.value().text, testing::HasSubstr("out of range"));
}

TEST_F(SupervisedTest, ends_the_work_and_all_that_it_started_when_it_is_told_to_stop) {
    SharedId started;
    const auto stopped = supervised(stop, [&]() -> Report {
        const auto process = Process::fork(Cores::of_machine().all(), [&] {
            *started = getpid();
            while (true) pause();
        });
        while (*started == 0) std::this_thread::yield();
        kill(getppid(), SIGTERM);
        while (true) pause();
    });
    EXPECT_EQ(stopped.failure.value().text, "Stopped.");
    EXPECT_EQ(kill(*started, 0), -1) << "it still has the folder open";
    EXPECT_EQ(errno, ESRCH);
}

TEST_F(SupervisedTest, may_be_told_to_stop_before_it_begins_and_once_more) {
    raise(SIGINT);
    raise(SIGTERM);
    const auto stopped = supervised(stop, []() -> Report {
        while (true) pause();
    });
    EXPECT_EQ(stopped.failure.value().text, "Stopped.");
}

TEST(Process, that_throws_ends_badly_and_not_in_its_callers_code) {
    auto process = Process::fork(Cores::of_machine().all(), [] { throw std::runtime_error("of a child"); });
    ASSERT_TRUE(process) << process.error().text;
    while (process->runs()) std::this_thread::yield();
}

}  // namespace
}  // namespace makechat::bench
