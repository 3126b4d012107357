#include "base/fold.hpp"

#include <gtest/gtest.h>

#include <string>

namespace makechat {
namespace {

struct Same {
    const char* name;
    std::string_view a;
    std::string_view b;
};

const Same same[] = {
    {"ASCII case", "General", "gENERAL"},
    {"accents in both cases", "café", "CAFÉ"},
    {"a decomposed accent", "caf\u00E9", "cafe\u0301"},
    {"a decomposed accent in the other case", "caf\u00E9", "CAFE\u0301"},
    {"sharp s and double s", "Straße", "STRASSE"},
    {"capital sharp s", "Straße", "STRAẞE"},
    {"Cyrillic", "Москва", "МОСКВА"},
    {"Greek with its final sigma", "Σίσυφος", "ΣΊΣΥΦΟΣ"},
    {"full width", "ＡＢＣ１", "abc1"},
    {"a ligature", "ﬁne", "fine"},
    {"a Hangul syllable and its letters", "한", "\u1112\u1161\u11AB"},
    {"an invisible joiner", "gen\u200Deral", "general"},
};

TEST(Fold, makes_one_name_of_what_people_read_as_one) {
    for (const auto& c : same) {
        SCOPED_TRACE(c.name);
        EXPECT_EQ(fold(c.a), fold(c.b));
    }
}

const Same different[] = {
    {"an accent matters", "cafe", "café"},
    {"the Turkish dotless i is a letter of its own", "ı", "i"},
    {"the Turkish dotted I keeps its dot", "İ", "i"},
    {"ё is not е", "всё", "все"},
    {"Cyrillic а is not Latin a", "а", "a"},
    {"spaces are kept", "a b", "ab"},
    {"digits and signs are kept", "room-1", "room_1"},
};

TEST(Fold, keeps_apart_what_people_read_apart) {
    for (const auto& c : different) {
        SCOPED_TRACE(c.name);
        EXPECT_NE(fold(c.a), fold(c.b));
    }
}

TEST(Fold, leaves_what_has_no_case_as_it_is) {
    for (const std::string text : {"", "聊天室", "チャット", "عربي", "😀", "a b-c_1"}) EXPECT_EQ(fold(text), text);
}

TEST(Fold, folded_once_is_folded_for_good) {
    for (const auto& c : same) EXPECT_EQ(fold(fold(c.a)), fold(c.a)) << c.name;
}

}  // namespace
}  // namespace makechat
