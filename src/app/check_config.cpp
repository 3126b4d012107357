#include "app/check_config.hpp"

#include "cli/table.hpp"

namespace makechat::app {
namespace {

std::string lines(std::string_view word, const std::vector<std::string>& texts) {
    std::string all;
    for (const auto& text : texts) all.append(word).append(": ").append(text).append("\n");
    return all;
}

}  // namespace

std::string error_lines(const std::vector<std::string>& errors) { return lines("ERROR", errors); }
std::string warning_lines(const std::vector<std::string>& warnings) { return lines("WARNING", warnings); }

cli::Outcome check_config(std::span<const cli::FlagValue> flags, const Environment& environment) {
    const auto config = load(flags, environment);
    if (!config) return {cli::refused, {}, warning_lines(config.error().warnings) + error_lines(config.error().errors)};
    std::vector<std::vector<std::string>> rows;
    for (const auto& value : config->values) rows.push_back({value.key, value.shown, value.source});
    const auto refusals = not_in_this_release(*config);
    return {refusals.empty() ? 0 : cli::refused, cli::table({"KEY", "VALUE", "FROM"}, rows),
            warning_lines(config->warnings) + error_lines(refusals)};
}

}  // namespace makechat::app
