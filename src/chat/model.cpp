#include "chat/model.hpp"

#include <span>
#include <utility>

namespace makechat::chat {
namespace {

template <class Enum>
using Words = std::span<const std::pair<Enum, std::string_view>>;

constexpr std::pair<Role, std::string_view> role_words[] = {
    {Role::owner, "owner"}, {Role::admin, "admin"}, {Role::member, "member"}, {Role::guest, "guest"}};
constexpr std::pair<RoomKind, std::string_view> kind_words[] = {{RoomKind::room, "room"}, {RoomKind::direct, "direct"}};
constexpr std::pair<MentionAllBy, std::string_view> mention_words[] = {{MentionAllBy::members, "members"},
                                                                       {MentionAllBy::owners, "owners"}};
constexpr std::pair<NotifyLevel, std::string_view> level_words[] = {
    {NotifyLevel::all, "all"}, {NotifyLevel::mentions, "mentions"}, {NotifyLevel::none, "none"}};
constexpr std::pair<MentionsAll, std::string_view> mentions_all_words[] = {
    {MentionsAll::nobody, "nobody"}, {MentionsAll::all, "all"}, {MentionsAll::here, "here"}};

Words<Role> words_of(Role) { return role_words; }
Words<RoomKind> words_of(RoomKind) { return kind_words; }
Words<MentionAllBy> words_of(MentionAllBy) { return mention_words; }
Words<NotifyLevel> words_of(NotifyLevel) { return level_words; }
Words<MentionsAll> words_of(MentionsAll) { return mentions_all_words; }

template <class Enum>
std::string_view word_of(Enum value) {
    return words_of(value)[static_cast<std::size_t>(value)].second;
}

}  // namespace

std::string_view to_word(Role role) { return word_of(role); }
std::string_view to_word(RoomKind kind) { return word_of(kind); }
std::string_view to_word(MentionAllBy by) { return word_of(by); }
std::string_view to_word(NotifyLevel level) { return word_of(level); }
std::string_view to_word(MentionsAll mentions) { return word_of(mentions); }

template <class Enum>
std::optional<Enum> parse_word(std::string_view word) {
    for (const auto& [value, text] : words_of(Enum{})) {
        if (text == word) return value;
    }
    return std::nullopt;
}

template std::optional<Role> parse_word(std::string_view);
template std::optional<RoomKind> parse_word(std::string_view);
template std::optional<MentionAllBy> parse_word(std::string_view);
template std::optional<NotifyLevel> parse_word(std::string_view);
template std::optional<MentionsAll> parse_word(std::string_view);

MemberId member_id_of(UserId user, Role role) {
    MemberId id{user.bytes};
    id.bytes[0] ^= static_cast<std::uint8_t>(static_cast<unsigned>(role) + 1);
    return id;
}

UserId user_id_of(MemberId member, Role role) {
    return UserId{member_id_of(UserId{member.bytes}, role).bytes};  // the same mixing again undoes it
}

}  // namespace makechat::chat
