#include "property/event.hpp"

#include "support/refusal.hpp"

#include <sstream>

namespace makechat::property {
namespace {

std::string_view word_of(What what) {
    constexpr std::string_view words[] = {"account",      "credential made", "credential ended", "room deleted",
                                          "room created", "room changed",    "joined",           "left",
                                          "role",         "posted",          "edited",           "erased",
                                          "read",         "level",           "lost room",        "lost deleted room"};
    static_assert(std::size(words) == static_cast<std::size_t>(What::lost_deleted_room) + 1);
    return words[static_cast<std::size_t>(what)];
}

std::string name_of_log(const Event& event) {
    switch (event.log) {
        case chat::LogId::Kind::server: return "server";
        case chat::LogId::Kind::room: return "room " + std::to_string(event.of);
        case chat::LogId::Kind::user: return "own log of " + std::to_string(event.of);
    }
    return {};
}

}  // namespace

std::string show(const Event& event) {
    std::ostringstream out;
    const auto number = [&](std::string_view word, No no) {
        if (no != none) out << ' ' << word << ' ' << no;
    };
    const auto list = [&](std::string_view word, const std::vector<No>& numbers) {
        if (numbers.empty()) return;
        out << ' ' << word;
        for (const auto no : numbers) out << ' ' << no;
    };
    out << name_of_log(event) << " #" << event.seq << ' ' << word_of(event.what);
    number("by", event.by);
    number("user", event.user);
    number("room", event.room);
    number("message", event.message);
    number("credential", event.credential);
    number("reply to", event.reply_to);
    const bool has_role = event.what == What::joined || event.what == What::left || event.what == What::role;
    if (has_role || event.what == What::lost_room) out << ' ' << to_word(event.role);
    if (event.what == What::role) out << " was " << to_word(event.was);
    if (!event.text.empty()) out << " '" << event.text.substr(0, 40) << '\'';
    list("mentions", event.mentions);
    if (event.mentions_all != chat::MentionsAll::nobody) out << " @" << to_word(event.mentions_all);
    list("here", event.here);
    if (event.what == What::read)
        out << " to " << event.read << " unread " << event.unread << " mentions " << event.unread_mentions;
    if (event.what == What::level) out << ' ' << to_word(event.level);
    return out.str();
}

std::string show(const std::vector<Event>& events) {
    if (events.empty()) return "    nothing\n";
    std::string text;
    for (const auto& event : events) text += "    " + show(event) + "\n";
    return text;
}

std::string show(std::optional<Code> refused) {
    if (!refused) return "done";
    std::ostringstream out;
    PrintTo(*refused, &out);
    return out.str();
}

}  // namespace makechat::property
