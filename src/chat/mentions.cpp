#include "chat/mentions.hpp"

#include "base/limits.hpp"
#include "chat/names.hpp"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <optional>

namespace makechat::chat {
namespace {

/// Whether what stands before `at` makes an '@' there part of an address or a path. A letter of another script does where
/// words are divided by spaces (Unicode's line breaking tells); Chinese text has none, so that it may stand before.
bool joins_before(std::string_view text, std::size_t at) {
    if (at == 0) return false;
    const char byte = text[at - 1];
    if (static_cast<unsigned char>(byte) < 0x80)
        return is_username_char(byte) || byte == '.' || byte == '/' || byte == '@';
    auto index = static_cast<std::int32_t>(at);
    UChar32 letter = 0;
    U8_PREV(text.data(), 0, index, letter);
    if (!u_isalnum(letter)) return false;
    const auto breaks = u_getIntPropertyValue(letter, UCHAR_LINE_BREAK);
    return breaks == U_LB_ALPHABETIC || breaks == U_LB_HEBREW_LETTER || breaks == U_LB_NUMERIC;
}

std::size_t run_length(std::string_view text, std::size_t at) {
    std::size_t end = at;
    while (end < text.size() && text[end] == text[at]) ++end;
    return end - at;
}

std::size_t line_end(std::string_view text, std::size_t at) {
    const auto end = text.find('\n', at);
    return end == std::string_view::npos ? text.size() : end + 1;
}

/// A line that begins or ends a block of code (CommonMark 4.5).
struct Fence {
    char mark;
    std::size_t marks;
    std::string_view behind;  ///< the rest of its line

    [[nodiscard]] bool opens() const { return mark == '~' || behind.find('`') == std::string_view::npos; }
    [[nodiscard]] bool closes(const Fence& opening) const {
        return mark == opening.mark && marks >= opening.marks &&
               behind.find_first_not_of(" \t\r\n") == std::string_view::npos;
    }
};

/// The fence on the line that starts at `at`: at least three marks, up to three spaces before them.
std::optional<Fence> fence_at(std::string_view text, std::size_t at) {
    const auto line = text.substr(at, line_end(text, at) - at);
    const auto start = std::min(line.find_first_not_of(' '), line.size());
    if (start > 3 || start == line.size() || (line[start] != '`' && line[start] != '~')) return std::nullopt;
    const auto marks = run_length(line, start);
    if (marks < 3) return std::nullopt;
    return Fence{line[start], marks, line.substr(start + marks)};
}

/// Behind the block that `opening`, on the line at `at`, begins: behind its closing line, or the end of the text.
std::size_t behind_block(std::string_view text, std::size_t at, const Fence& opening) {
    for (auto line = line_end(text, at); line < text.size(); line = line_end(text, line)) {
        const auto fence = fence_at(text, line);
        if (fence && fence->closes(opening)) return line_end(text, line);
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
    else if (mentioned.names.size() < limits::mentions_max &&
             std::ranges::find(mentioned.names, name) == mentioned.names.end())
        mentioned.names.emplace_back(name);
}

}  // namespace

MentionedNames find_mentions(std::string_view text) {
    MentionedNames mentioned;
    if (text.find('@') == std::string_view::npos) return mentioned;
    std::size_t at = 0;
    while (at < text.size()) {
        const bool line_starts = at == 0 || text[at - 1] == '\n';
        const auto fence = line_starts ? fence_at(text, at) : std::nullopt;
        if (fence && fence->opens()) {
            at = behind_block(text, at, *fence);
        } else if (text[at] == '`') {
            at = behind_span(text, at);
        } else if (text[at] == '@' && !joins_before(text, at)) {
            std::size_t end = at + 1;
            while (end < text.size() && is_username_char(text[end])) ++end;
            if (end > at + 1) add_name(mentioned, text.substr(at + 1, end - at - 1));
            at = end;
        } else {
            ++at;
        }
    }
    return mentioned;
}

}  // namespace makechat::chat
