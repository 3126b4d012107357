#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace makechat::bench {

/// A bar on the terminal that stderr is, with what is being done; on anything else nothing.
class Progress {
public:
    explicit Progress(std::size_t steps);
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;
    ~Progress();  ///< takes the bar away

    /// Takes away what a process that died has left there.
    static void take_away();

    /// The next of the steps has begun.
    void begin(std::string what);
    /// How much of the step is done, 0 to 1.
    void part(double done);

private:
    void draw();

    const bool shown_;
    const std::size_t steps_;
    std::size_t begun_ = 0;
    double part_ = 0;
    std::string what_;
    std::chrono::steady_clock::time_point drawn_;
};

}  // namespace makechat::bench
