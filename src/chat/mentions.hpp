#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace makechat::chat {

/// The names that a text mentions, as written, each once, in their order, at most limits::mentions_max; and whether it
/// says @all or @here.
struct MentionedNames {
    std::vector<std::string> names;
    bool all = false;
    bool here = false;
};

/// Finds `@name` where no letter, digit, '_', '-', '.', '/' or '@' stands directly before it (so that an email address is
/// none; a letter of a script that is written without spaces, as Chinese, may), and not inside Markdown code: `spans` and
/// ``` or ~~~ fences.
MentionedNames find_mentions(std::string_view text);

}  // namespace makechat::chat
