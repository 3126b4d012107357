#include "cli/table.hpp"

#include <gtest/gtest.h>

namespace makechat::cli {
namespace {

TEST(Table, aligns_columns_by_characters) {
    EXPECT_EQ(table({"ID", "USERNAME", "NAME"}, {{"1", "анна", "кухня  с видом"}, {"200", "b", ""}}),
              "ID   USERNAME  NAME\n"
              "1    анна      кухня  с видом\n"
              "200  b         -\n");
}

TEST(Table, of_nothing_is_its_header) { EXPECT_EQ(table({"ID", "NAME"}, {}), "ID  NAME\n"); }

TEST(Table, keeps_control_characters_from_the_terminal) {
    EXPECT_EQ(printable("a\x1b[31mb\nc\x7f"), "a?[31mb?c?");
    EXPECT_EQ(printable("a\xc2\x9b"
                        "31mb"),
              "a?31mb");
    EXPECT_EQ(printable("é \xc2\xa0 я"), "é \xc2\xa0 я");
    EXPECT_EQ(table({"NAME"}, {{"two\nlines"}}), "NAME\ntwo?lines\n");
}

TEST(Table, shows_times_to_the_second) {
    EXPECT_EQ(shown(from_millis(1'795'413'022'123)), "2026-11-23T05:50:22Z");
    EXPECT_EQ(shown(Time{}), "never");
}

}  // namespace
}  // namespace makechat::cli
