#include "chat/mentions.hpp"

#include <algorithm>

#include "base/limits.hpp"

namespace makechat::chat {
namespace {

bool is_name_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/// What makes the '@' behind it part of an address or a path. A byte of another script counts as a letter only where
/// words are divided by spaces; Chinese text has none, so those may stand before.
bool joins_before(char c) { return is_name_char(c) || c == '.' || c == '/' || c == '@'; }

std::size_t run_length(std::string_view text, std::size_t at) {
    std::size_t end = at;
    while (end < text.size() && text[end] == text[at]) ++end;
    return end - at;
}

/// If a fence opens at the start of the line at `at`: its length, else 0 (CommonMark 4.5: up to three spaces before).
std::size_t fence_at(std::string_view text, std::size_t at) {
    std::size_t start = at;
    while (start < text.size() && start < at + 3 && text[start] == ' ') ++start;
    if (start == text.size() || (text[start] != '`' && text[start] != '~')) return 0;
    const auto length = run_length(text, start);
    return length >= 3 ? length + (start - at) : 0;
}

std::size_t line_end(std::string_view text, std::size_t at) {
    const auto end = text.find('\n', at);
    return end == std::string_view::npos ? text.size() : end + 1;
}

/// Behind the fence that opens at `at`: its closing line, or the end of the text.
std::size_t behind_fence(std::string_view text, std::size_t at) {
    const auto opening = text.substr(at, fence_at(text, at));
    const char mark = opening.back();
    const auto marks = static_cast<std::size_t>(std::ranges::count(opening, mark));
    for (auto line = line_end(text, at); line < text.size(); line = line_end(text, line)) {
        const auto closing = text.substr(line, fence_at(text, line));
        if (!closing.empty() && closing.back() == mark && static_cast<std::size_t>(std::ranges::count(closing, mark)) >= marks)
            return line_end(text, line);
    }
    return text.size();
}

/// Behind the code span that opens at `at`, or behind its opening marks where it never closes (CommonMark 6.1).
std::size_t behind_span(std::string_view text, std::size_t at) {
    const auto marks = run_length(text, at);
    for (auto next = text.find('`', at + marks); next != std::string_view::npos; next = text.find('`', next)) {
        const auto found = run_length(text, next);
        if (found == marks) return next + found;
        next += found;
    }
    return at + marks;
}

void add_name(MentionedNames& mentioned, std::string_view name) {
    if (name == "all") mentioned.all = true;
    else if (name == "here") mentioned.here = true;
    else if (mentioned.names.size() < limits::mentions_max && std::ranges::find(mentioned.names, name) == mentioned.names.end())
        mentioned.names.emplace_back(name);
}

}  // namespace

MentionedNames find_mentions(std::string_view text) {
    MentionedNames mentioned;
    if (text.find('@') == std::string_view::npos) return mentioned;
    std::size_t at = 0;
    while (at < text.size()) {
        const bool line_starts = at == 0 || text[at - 1] == '\n';
        if (line_starts && fence_at(text, at) > 0) {
            at = behind_fence(text, at);
        } else if (text[at] == '`') {
            at = behind_span(text, at);
        } else if (text[at] == '@' && (at == 0 || !joins_before(text[at - 1]))) {
            std::size_t end = at + 1;
            while (end < text.size() && is_name_char(text[end])) ++end;
            if (end > at + 1) add_name(mentioned, text.substr(at + 1, end - at - 1));
            at = end;
        } else {
            ++at;
        }
    }
    return mentioned;
}

}  // namespace makechat::chat
