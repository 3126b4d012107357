#include "chat/mentions.hpp"

#include "base/limits.hpp"
#include "support/fake_random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

namespace makechat::chat {
namespace {

using Names = std::vector<std::string>;

struct Case {
    const char* name;
    std::string text;
    Names names;
};

const Case in_text[] = {
    {"alone", "@alice", {"alice"}},
    {"in a sentence", "ask @alice about it", {"alice"}},
    {"every character that a name may have", "@aZ09_-x", {"aZ09_-x"}},
    {"several, in their order", "@carol @alice @bob", {"carol", "alice", "bob"}},
    {"the same twice is one", "@alice @bob @alice", {"alice", "bob"}},
    {"at the start of a line", "hi\n@alice", {"alice"}},
    {"before a CRLF", "@alice\r\n@bob\r\n", {"alice", "bob"}},
    {"before punctuation",
     "@alice, @bob. @carol! (@dave) @erin: @frank's @grace?",
     {"alice", "bob", "carol", "dave", "erin", "frank", "grace"}},
    {"in emphasis", "**@alice** *@bob* ~~@carol~~", {"alice", "bob", "carol"}},
    {"in a quote", ">@alice", {"alice"}},
    {"in a link's text", "[@alice](https://example.com)", {"alice"}},
    {"without a name", "@ alice, @, @!", {}},
    {"nothing at all", "", {}},
    {"only the sign", "@", {}},
    {"two signs", "@@alice", {}},
    {"an email address", "write to bob@example.com", {}},
    {"an email address with a dot, a line or a minus before the sign", "a.@x a_@y a-@z 7@w", {}},
    {"a path", "https://medium.com/@alice", {}},
    {"a name of the fediverse names its first part", "@alice@example.com", {"alice"}},
    {"@all and @here are no names", "@all @here @alice", {"alice"}},
    {"a name that begins like @all", "@allison @hereford", {"allison", "hereford"}},
};

const Case among_scripts[] = {
    {"behind Chinese text, which has no spaces", "你好@alice，谢谢", {"alice"}},
    {"behind Japanese", "さん@alice カタカナ@bob", {"alice", "bob"}},
    {"behind Thai", "สวัสดี@alice", {"alice"}},
    {"behind Chinese punctuation", "好，@alice", {"alice"}},
    {"behind an emoji", "😀@alice", {"alice"}},
    {"behind a no-break space, a dash and a quote", "\u00A0@alice —@bob «@carol»", {"alice", "bob", "carol"}},
    {"behind a Russian word and a comma", "Привет,@alice", {"alice"}},
    {"a Russian email address", "пишите на почта@example.com", {}},
    {"an accented letter before the sign", "andré@example.com", {}},
    {"a Greek and an Arabic letter before the sign", "α@alice م@bob", {}},
    {"Russian right behind the name", "@aliceпривет", {"alice"}},
    {"Chinese right behind the name", "@alice你好", {"alice"}},
};

const Case in_code[] = {
    {"a span", "`@alice` @bob", {"bob"}},
    {"between two spans", "`a` @bob `c`", {"bob"}},
    {"a span of two marks with one inside", "``@alice ` @bob`` @carol", {"carol"}},
    {"a span over two lines", "`a\n@alice` @bob", {"bob"}},
    {"a span that never closes is no code", "`@alice", {"alice"}},
    {"one mark does not close two", "``@alice`", {"alice"}},
    {"three marks within a line are a span", "see ```@alice``` @bob", {"bob"}},
    {"three marks that open a line and close on it are a span too", "```@alice``` @bob\n@carol", {"bob", "carol"}},
    {"a fence", "```\n@alice\n```\n@bob", {"bob"}},
    {"a fence with a language", "```cpp\n@alice\n```\n@bob", {"bob"}},
    {"a fence of tildes", "~~~\n@alice\n~~~\n@bob", {"bob"}},
    {"tildes with a mark behind them", "~~~ `x\n@alice\n~~~\n@bob", {"bob"}},
    {"a fence with CRLF", "```\r\n@alice\r\n```\r\n@bob", {"bob"}},
    {"a fence behind text", "hi @bob\n```\n@alice\n```", {"bob"}},
    {"a fence that never closes goes to the end", "```\n@alice\n\n@bob", {}},
    {"an empty fence at the end", "@bob\n```", {"bob"}},
    {"a fence closes with at least as many marks", "````\n@alice\n```\n@bob\n`````\n@carol", {"carol"}},
    {"a fence closes with its own kind of mark", "```\n@alice\n~~~\n@bob\n```\n@carol", {"carol"}},
    {"a closing fence has nothing behind it", "```\n@alice\n```x\n@bob\n```\n@carol", {"carol"}},
    {"but spaces", "```\n@alice\n```  \n@bob", {"bob"}},
    {"a fence moved in by three", "   ```\n@alice\n  ```\n@bob", {"bob"}},
    {"moved in by four it is none", "    ~~~\n@alice", {"alice"}},
    {"two marks are no fence", "~~\n@alice\n~~", {"alice"}},
};

TEST(Mentions, are_found_in_text) {
    for (const auto& c : in_text) {
        SCOPED_TRACE(c.name);
        EXPECT_EQ(find_mentions(c.text).names, c.names);
    }
}

TEST(Mentions, may_stand_behind_scripts_without_spaces_and_not_behind_letters) {
    for (const auto& c : among_scripts) {
        SCOPED_TRACE(c.name);
        EXPECT_EQ(find_mentions(c.text).names, c.names);
    }
}

TEST(Mentions, are_not_found_in_code) {
    for (const auto& c : in_code) {
        SCOPED_TRACE(c.name);
        EXPECT_EQ(find_mentions(c.text).names, c.names);
    }
}

struct Everybody {
    const char* name;
    const char* text;
    bool all;
    bool here;
};

const Everybody everybody[] = {
    {"all", "@all look", true, false},
    {"here", "look, @here!", false, true},
    {"both", "@here @all", true, true},
    {"in code", "`@all`\n```\n@here\n```", false, false},
    {"part of a name", "@allison @here-", false, false},
    {"an email address", "dev@all", false, false},
};

TEST(Mentions, may_be_of_all_or_of_who_is_here) {
    for (const auto& c : everybody) {
        SCOPED_TRACE(c.name);
        const auto mentioned = find_mentions(c.text);
        EXPECT_EQ(mentioned.all, c.all);
        EXPECT_EQ(mentioned.here, c.here);
    }
}

TEST(Mentions, past_a_hundred_names_are_only_text) {
    std::string text;
    for (int i = 0; i < 101; ++i) text += "@user" + std::to_string(i) + " ";
    const auto mentioned = find_mentions(text + "@user7 @all");
    ASSERT_EQ(mentioned.names.size(), limits::mentions_max);
    EXPECT_EQ(mentioned.names.back(), "user99");
    EXPECT_TRUE(mentioned.all);
}

TEST(Mentions, of_any_text_are_names_that_stand_in_it) {
    const char* pieces[] = {"@", "@",   "alice", "bob", "all", "`", "``", "```", "~~~",  "\n",   "\r\n",
                            " ", "   ", ".",     "/",   "-",   "ж", "你", "😀",  "\xC3", "\x80", "\xF0"};
    for (std::uint64_t seed = 1; seed <= 3'000; ++seed) {
        FakeRandom random(seed);
        std::string text;
        for (auto left = random.below(60); left > 0; --left) text += pieces[random.below(std::size(pieces))];
        text.shrink_to_fit();  // so that ASan sees a step too far
        const auto names = find_mentions(text).names;
        EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), names.size()) << "seed " << seed;
        for (const auto& name : names) {
            ASSERT_FALSE(name.empty()) << "seed " << seed;
            ASSERT_NE(text.find("@" + name), std::string::npos) << "seed " << seed << ": " << name;
        }
    }
}

}  // namespace
}  // namespace makechat::chat
