#include "cli/table.hpp"

#include "base/utf8.hpp"

#include <algorithm>

namespace makechat::cli {
namespace {

constexpr std::size_t between = 2;

void add_line(std::string& text, const std::vector<std::string>& cells, const std::vector<std::size_t>& widths) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
        text += cells[i];
        if (i + 1 < cells.size()) text.append(widths[i] + between - count_code_points(cells[i]), ' ');
    }
    text += '\n';
}

}  // namespace

std::string table(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::vector<std::string>> lines{header};
    for (const auto& row : rows) {
        auto& line = lines.emplace_back();
        for (const auto& cell : row) line.push_back(cell.empty() ? "-" : printable(cell));
    }
    std::vector<std::size_t> widths(header.size());
    for (const auto& line : lines)
        for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], count_code_points(line[i]));
    std::string text;
    for (const auto& line : lines) add_line(text, line, widths);
    return text;
}

std::string printable(std::string_view text) {
    std::string safe;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0;
        if (byte < 0x20 || byte == 0x7F) {
            safe += '?';
        } else if (byte == 0xC2 && next >= 0x80 && next < 0xA0) {  // U+0080 to U+009F: escapes of eight bits
            safe += '?';
            ++i;
        } else {
            safe += text[i];
        }
    }
    return safe;
}

std::string shown(Time time) {
    if (time == Time{}) return "never";
    constexpr std::size_t to_the_second = std::string_view("2026-11-23T05:50:22").size();
    return to_iso8601(time).substr(0, to_the_second) + 'Z';
}

}  // namespace makechat::cli
