#include "chat/server_settings.hpp"

#include "support/chat_fixture.hpp"

#include <gtest/gtest.h>

#include <string>

namespace makechat::chat {
namespace {

struct Case {
    const char* name;
    Policy configured;
    ServerSettings at_setup;
    std::string server_name;
    bool is_open;
};

const Case cases[] = {
    {"nobody has said anything", {}, {}, "makechat", true},
    {"the first admin has said", {}, {"Ours", false}, "Ours", false},
    {"the first admin has only named it", {}, {"Ours", {}}, "Ours", true},
    {"the configuration says", {"Theirs", false}, {}, "Theirs", false},
    {"both say: the configuration holds", {"Theirs", true}, {"Ours", false}, "Theirs", true},
    {"each says one thing", {"Theirs", {}}, {{}, false}, "Theirs", false},
};

TEST(ServerSettings, are_those_of_the_configuration_and_else_of_the_first_admin) {
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        TestChat t(c.configured);
        t.directory.apply({Entry{{1}, LogId::server(), {1}, {}, {}, ServerChanged{c.at_setup}}});
        EXPECT_EQ(server_name(t.chat), c.server_name);
        EXPECT_EQ(is_registration_open(t.chat), c.is_open);
    }
}

TEST(ServerSettings, name_the_server_in_a_line_that_can_be_seen) {
    for (const auto* name : {"Our chat", "Наш чат", "!"}) EXPECT_TRUE(check_server_settings({name, {}})) << name;
    for (const auto& name : {std::string(), std::string("  "), std::string("two\nlines"), std::string(121, 'x')}) {
        const auto refused = check_server_settings({name, {}});
        EXPECT_EQ(refusal(refused), Code::bad_parameter) << name;
        EXPECT_TRUE(refused.error().text.contains("'server_name'")) << refused.error().text;
    }
}

}  // namespace
}  // namespace makechat::chat
