#include "bench/figure.hpp"

#include "base/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace makechat::bench {
namespace {

std::string grouped(std::int64_t number) {
    auto digits = std::to_string(number);
    for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > (number < 0 ? 1 : 0); at -= 3)
        digits.insert(static_cast<std::size_t>(at), 1, ',');
    return digits;
}

std::string with_unit(double value, const std::string& unit) {
    return unit.empty() ? shown(value) : shown(value) + " " + unit;
}

std::string target_of(const Figure& figure) {
    if (!figure.target) return "-";
    const auto verdict = *figure.reaches_target() ? "reached" : "MISSED";
    return figure.raw ? fmt::format(">= {:.2f}  {}", *figure.target, verdict)
                      : fmt::format("<= {}  {}", shown(*figure.target), verdict);
}

}  // namespace

std::optional<double> Figure::ratio() const {
    if (!raw || *raw == 0) return std::nullopt;
    return value / *raw;
}

std::optional<bool> Figure::reaches_target() const {
    if (!target) return std::nullopt;
    if (!raw) return value <= *target;
    const auto share = ratio();
    return share && *share >= *target;
}

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

std::string shown(double value) {
    if (std::abs(value) >= 1'000) return grouped(std::llround(value));
    if (std::abs(value) >= 100) return fmt::format("{:.0f}", value);
    if (std::abs(value) >= 10) return fmt::format("{:.1f}", value);
    return fmt::format("{:.2f}", value);
}

std::string shown(std::size_t count) { return grouped(static_cast<std::int64_t>(count)); }

std::string table_of(const std::vector<Figure>& figures) {
    std::vector<std::vector<std::string>> rows{{"figure", "measured", "raw limit", "ratio", "target"}};
    for (const auto& figure : figures) {
        const auto share = figure.ratio();
        rows.push_back({figure.what, with_unit(figure.value, figure.unit),
                        figure.raw ? shown(*figure.raw) + " " + figure.raw_name : "-",
                        share ? fmt::format("{:.2f}", *share) : "-", target_of(figure)});
    }
    std::vector<std::size_t> widths(rows.front().size(), 0);
    for (const auto& row : rows)
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
    std::string text;
    for (std::size_t line = 0; line < rows.size(); ++line) {
        for (std::size_t i = 0; i < widths.size(); ++i) {
            const bool last = i + 1 == widths.size();
            text += last ? rows[line][i] : fmt::format("{:{}}  ", rows[line][i], widths[i]);
        }
        text += '\n';
        if (line > 0 && !figures[line - 1].remark.empty()) text += fmt::format("    {}\n", figures[line - 1].remark);
    }
    return text;
}

std::string json_of(const std::vector<Figure>& figures) {
    const auto optional = [](const std::optional<double>& number) {
        return number ? fmt::format("{:.6g}", *number) : std::string("null");
    };
    JsonText json;
    json.begin_array();
    for (const auto& figure : figures) {
        json.begin_object().key("what").string(figure.what).key("value").raw(fmt::format("{:.6g}", figure.value));
        json.key("unit").string(figure.unit).key("raw").raw(optional(figure.raw));
        json.key("raw_name").string(figure.raw_name).key("ratio").raw(optional(figure.ratio()));
        const auto reached = figure.reaches_target();
        json.key("target")
            .raw(optional(figure.target))
            .key("reached")
            .raw(reached ? *reached ? "true" : "false" : "null");
        json.key("remark").string(figure.remark).end_object();
    }
    return json.end_array().take() + "\n";
}

}  // namespace makechat::bench
