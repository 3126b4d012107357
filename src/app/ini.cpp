#include "app/ini.hpp"

#include "base/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace makechat::app {
namespace {

constexpr std::string_view blank = " \t\f\v";

std::string_view stripped(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(blank), text.size()));
    return text.substr(0, text.find_last_not_of(blank) + 1);
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return out;
}

bool is_text(std::string_view line) {
    return is_valid_utf8(line) && std::ranges::none_of(line, [](char c) {
               return (static_cast<unsigned char>(c) < 0x20 && blank.find(c) == std::string_view::npos) || c == 0x7F;
           });
}

class Reader {
public:
    explicit Reader(std::string_view section) : wanted_(section) {}

    void read(std::string_view line) {
        ++number_;
        const auto text = stripped(line);
        if (text.empty() || text.front() == '#' || text.front() == ';') return;
        const auto indent = line.find_first_not_of(blank);
        if (in_key_ && indent > indent_) return go_on(line, text);
        in_key_ = false;
        if (text.front() == '[') return begin_section(text);
        begin_key(line, text, indent);
    }

    IniFile file;

private:
    void error(std::string text) { file.errors.push_back({number_, std::move(text)}); }

    void begin_section(std::string_view text) {
        const auto end = text.find(']');
        if (end == std::string_view::npos || end == 1) return error("a section is written as [NAME]");
        const auto name = text.substr(1, end - 1);
        in_section_ = true;
        kept_ = name == wanted_;
        if (!kept_) file.other_sections.push_back({number_, is_text(name) ? std::string(name) : "?"});
    }

    void begin_key(std::string_view line, std::string_view text, std::size_t indent) {
        if (!in_section_) {
            if (file.errors.empty()) error(fmt::format("stands before any section: begin with [{}]", wanted_));
            return;  // told once: it is true of all lines then
        }
        in_key_ = true;
        indent_ = indent;
        stored_ = false;
        if (!kept_) return;
        if (!is_text(line)) return error("is not valid UTF-8 text");
        const auto end = text.find_first_of("=:");
        if (end == std::string_view::npos || end == 0) {
            in_key_ = false;
            return error("is no setting: write KEY = VALUE, or # before a comment");
        }
        const auto key = lower(stripped(text.substr(0, end)));
        const auto same = std::ranges::find(file.settings, key, &IniFile::Setting::key);
        if (same != file.settings.end())
            return error(fmt::format("{}: is given twice, first in line {}", key, same->line));
        file.settings.push_back({key, std::string(stripped(text.substr(end + 1))), number_});
        stored_ = true;
    }

    void go_on(std::string_view line, std::string_view text) {
        if (!stored_) return;
        if (!is_text(line)) return error("is not valid UTF-8 text");
        auto& value = file.settings.back().value;
        if (!value.empty()) value += '\n';
        value += text;
    }

    const std::string_view wanted_;
    int number_ = 0;
    bool in_section_ = false;
    bool kept_ = false;    // the section is the one asked for
    bool in_key_ = false;  // a line that is indented deeper than indent_ belongs to the last key
    bool stored_ = false;  // that key is settings.back()
    std::size_t indent_ = 0;
};

}  // namespace

IniFile read_ini(std::string_view bytes, std::string_view section) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (bytes.starts_with(byte_order_mark)) bytes.remove_prefix(byte_order_mark.size());
    Reader reader(section);
    while (!bytes.empty()) {
        auto line = bytes.substr(0, bytes.find('\n'));
        bytes.remove_prefix(std::min(line.size() + 1, bytes.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        reader.read(line);
    }
    return std::move(reader.file);
}

}  // namespace makechat::app
