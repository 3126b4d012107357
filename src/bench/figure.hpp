#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace makechat::bench {

inline constexpr double mebibyte = 1024.0 * 1024.0;

/// One line of the result.
struct Figure {
    std::string what;  ///< "fan-out, 1 message to 1,000"
    double value = 0;
    std::string unit;              ///< "deliveries/s", "ms", "bytes"
    std::optional<double> raw;     ///< the machine's own limit, measured in the same run, in the same unit
    std::string raw_name;          ///< "send loop"
    std::optional<double> target;  ///< of design.md: at least this ratio to `raw`, or, without one, at most this value
    std::string remark;            ///< "p50 1.2 ms, p99 3.4 ms"

    [[nodiscard]] std::optional<double> ratio() const;
    /// None without a target.
    [[nodiscard]] std::optional<bool> reaches_target() const;
};

/// The one in the middle; of an even count the upper one. `values` holds one at least.
double median(std::vector<double> values);

/// Digits that mean something: 176,342 · 12.3 · 0.87.
std::string shown(double value);
/// 10 · 1,000,000.
std::string shown(std::size_t count);

/// For people, a line each.
std::string table_of(const std::vector<Figure>& figures);
/// For programs: [{"what": …, "value": …, "unit": …, "raw": …, "raw_name": …, "ratio": …, "target": …, "reached": …,
/// "remark": …}, …]; null is what a figure has not.
std::string json_of(const std::vector<Figure>& figures);

}  // namespace makechat::bench
