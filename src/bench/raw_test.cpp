#include "bench/raw.hpp"

#include "bench/cores.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <filesystem>

namespace makechat::bench {
namespace {

TEST(RawGroupCommit, whose_process_dies_is_an_error_and_no_wait) {
    const auto folder = std::filesystem::temp_directory_path();
    rlimit before{};
    ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
    const rlimit nothing{.rlim_cur = 1, .rlim_max = before.rlim_max};  // the first write of a file is its end: SIGXFSZ
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &nothing), 0);
    const auto rate = raw_group_commit(folder, 4, 100, std::chrono::milliseconds{10}, Cores::of_machine().server);
    setrlimit(RLIMIT_FSIZE, &before);
    EXPECT_FALSE(rate);
}

}  // namespace
}  // namespace makechat::bench
