// The rules of the source tree that no compiler knows: which folder includes which, where each library may be met, and
// the length of a file. The include map is the architecture: change it only with the reason in docs/decisions.md.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::SizeIs;

struct Folder {
    std::string_view name;
    std::vector<std::string_view> may_include;        // beside itself and base
    std::vector<std::string_view> tests_may_include;  // beside that and tests/support
};

// clang-format off
const Folder folders[] = {
    {"base",         {},                                                            {}},
    {"chat",         {},                                                            {"store/memory"}},
    {"crypto",       {"chat"},                                                      {}},
    {"store/memory", {"chat"},                                                      {}},
    {"store/sqlite", {"chat"},                                                      {}},
    {"bus/local",    {"chat"},                                                      {}},
    {"live",         {"chat"},                                                      {"store/memory"}},
    {"net",          {},                                                            {}},
    {"http",         {"net"},                                                       {}},
    {"ws",           {"net"},                                                       {}},
    {"api",          {"http", "ws", "live", "chat"},                                {}},
    {"site",         {"http"},                                                      {}},
    {"cli",          {"chat"},                                                      {}},
    {"bench",        {"chat", "crypto", "net", "store/sqlite"},                     {}},
    {"app",          {"chat", "crypto", "store/memory", "store/sqlite", "bus/local", "live", "net", "http", "ws", "api",
                      "site", "bench", "cli"},                                                     {}},
};

struct Library {
    std::string_view include;                // the header, or how headers begin
    std::vector<std::string_view> may_meet;  // folders and files, from the root
    std::string_view why;
};

const Library libraries[] = {
    {"boost/asio",  {"src/net", "src/http", "src/ws", "src/app"},
     "one-file changes must build and test in a minute"},
    {"boost/beast", {"src/net", "src/http", "src/ws", "src/app"},
     "one-file changes must build and test in a minute"},
    {"sqlite3.h",   {"src/store/sqlite", "src/bench/raw_commit.cpp", "tests/support/failing_disk.cpp"},
     "another store must be able to take its place"},
    // Beside the API: simdjson checks UTF-8, and the store keeps entries as JSON.
    {"simdjson.h",  {"src/api", "src/base/utf8.cpp", "src/store/sqlite/body_text.cpp", "fuzz/api.cpp", "fuzz/text.cpp"},
     "JSON ends at the API"},
};
// clang-format on

constexpr std::string_view test_folders[] = {"support", "contract", "property"};  // of tests/
constexpr std::size_t simdjson_files_max = 2;
constexpr std::size_t file_lines_max = 500;

struct Finding {
    std::string path;  // from the project's root
    std::size_t line;
    std::string rule;
};

struct Source {
    std::string path;
    std::vector<std::string> lines;
};

struct Include {
    std::string path;
    bool quoted;
};

std::optional<Include> include_of(const std::string& line) {
    static const std::regex form(R"(^\s*#\s*include\s*(["<])([^">]+)[">])");
    std::smatch found;
    if (!line.contains("include") || !std::regex_search(line, found, form)) return std::nullopt;
    return Include{found[2], found[1] == "\""};
}

bool is_in(std::string_view path, std::string_view folder) {
    return path == folder || (path.starts_with(folder) && path[folder.size()] == '/');
}

template <class Names>
bool is_in_any(std::string_view path, const Names& names) {
    return std::ranges::any_of(names, [&](std::string_view name) { return is_in(path, name); });
}

const Folder* folder_of(std::string_view path) {
    const auto* found = std::ranges::find_if(folders, [&](const Folder& f) { return is_in(path, f.name); });
    return found == std::end(folders) ? nullptr : found;
}

/// "chat -> base store/memory", for messages.
std::string arrows(const Folder& from, bool test) {
    std::string text = std::string(from.name) + (test ? "'s tests -> base" : " -> base");
    for (auto name : from.may_include) text.append(" ").append(name);
    if (!test) return text;
    for (auto name : from.tests_may_include) text.append(" ").append(name);
    return text + " tests/support";
}

/// What is wrong with a line of `path` (from the root) that includes `included` (quoted, so from src/ or tests/).
std::optional<std::string> wrong_arrow(std::string_view path, std::string_view included) {
    const std::string quoted = '"' + std::string(included) + '"';
    if (included == "version.hpp") return std::nullopt;  // made by CMake
    if (is_in(path, "fuzz")) return std::nullopt;        // feeds a part of any folder; nobody includes it
    if (is_in(path, "tests") && is_in_any(included, test_folders)) return std::nullopt;
    const auto* to = folder_of(included);
    const bool to_support = is_in(included, "support");
    if (!to && !to_support)
        return quoted + " is in no folder of the include map; ours are included from src/ or tests/";
    if (to && to->name == "app" && !is_in(path, "src/app")) return quoted + ": nobody includes app";
    if (is_in(path, "tests")) return std::nullopt;

    const auto* from = folder_of(path.substr(std::string_view("src/").size()));
    if (!from) return "this folder is not in the include map";
    const bool test = path.ends_with("_test.cpp") || path.ends_with("_fixture.hpp");
    if (to_support) return test ? std::nullopt : std::optional(quoted + ": only tests include tests/support");
    if (to == from || to->name == "base" || is_in_any(to->name, from->may_include)) return std::nullopt;
    if (test && is_in_any(to->name, from->tests_may_include)) return std::nullopt;
    return quoted + ": the include map has " + arrows(*from, test);
}

std::optional<std::string> wrong_library(std::string_view path, std::string_view included) {
    for (const auto& library : libraries) {
        if (!included.starts_with(library.include) || is_in_any(path, library.may_meet)) continue;
        std::string places;
        for (auto place : library.may_meet) places.append(places.empty() ? "" : ", ").append(place);
        return "<" + std::string(included) + "> belongs to " + places + ": " + std::string(library.why);
    }
    return std::nullopt;
}

std::vector<Finding> wrong_includes(const Source& source) {
    std::vector<Finding> found;
    for (std::size_t i = 0; i < source.lines.size(); ++i) {
        const auto include = include_of(source.lines[i]);
        if (!include) continue;
        if (include->quoted) {
            if (auto rule = wrong_arrow(source.path, include->path)) found.push_back({source.path, i + 1, *rule});
        }
        if (auto rule = wrong_library(source.path, include->path)) found.push_back({source.path, i + 1, *rule});
    }
    return found;
}

std::vector<Finding> wrong_lines(const Source& source) {
    static const std::regex unowned(
        "\\bTO"
        "DO\\b(?!\\(#[0-9]+\\): .)");
    std::vector<Finding> found;
    for (std::size_t i = 0; i < source.lines.size(); ++i) {
        const auto& line = source.lines[i];
        if (line.contains('\t')) found.push_back({source.path, i + 1, "a tab character; indent with spaces"});
        if (line.contains("TO"
                          "DO") &&
            std::regex_search(line, unowned))
            found.push_back({source.path, i + 1,
                             "carries no issue and reason, like TO"
                             "DO(#12): the reason"});
    }
    if (source.path.starts_with("src/") && source.lines.size() > file_lines_max)
        found.push_back({source.path, file_lines_max + 1,
                         std::to_string(source.lines.size()) + " lines, " + std::to_string(file_lines_max) +
                             " at most: a part of it wants a name and a file of its own"});
    return found;
}

std::vector<Source> read_sources() {
    std::vector<Source> sources;
    const fs::path root = MAKECHAT_SOURCE_DIR;
    for (const auto* folder : {"src", "tests", "fuzz"}) {
        if (!fs::exists(root / folder)) continue;
        for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
            const auto extension = entry.path().extension();
            if (extension != ".cpp" && extension != ".hpp" && extension != ".sql") continue;
            Source source{entry.path().lexically_relative(root).generic_string(), {}};
            std::ifstream file(entry.path());
            for (std::string line; std::getline(file, line);) source.lines.push_back(line);
            sources.push_back(std::move(source));
        }
    }
    std::ranges::sort(sources, {}, &Source::path);
    return sources;
}

const std::vector<Source>& sources() {
    static const auto read = read_sources();
    return read;
}

void report(const std::vector<Finding>& findings) {
    for (const auto& f : findings) ADD_FAILURE_AT(f.path.c_str(), static_cast<int>(f.line)) << f.rule;
}

TEST(Tidy, includes_only_what_the_include_map_and_the_libraries_places_allow) {
    ASSERT_FALSE(sources().empty()) << "nothing read from " MAKECHAT_SOURCE_DIR;
    for (const auto& source : sources()) report(wrong_includes(source));
}

TEST(Tidy, files_are_short_without_tabs_and_leave_nothing_undone_unowned) {
    for (const auto& source : sources()) report(wrong_lines(source));
}

TEST(Tidy, every_folder_of_src_is_in_the_include_map) {
    for (const auto& source : sources()) {
        if (!is_in(source.path, "src") || folder_of(source.path.substr(4))) continue;
        ADD_FAILURE_AT(source.path.c_str(), 1) << "its folder is not in the include map (nor, then, in CMakeLists.txt)";
    }
}

TEST(Tidy, only_a_file_or_two_of_the_api_parse_json) {
    std::vector<std::string> parsers;
    for (const auto& source : sources()) {
        if (!is_in(source.path, "src/api")) continue;
        for (const auto& line : source.lines) {
            if (const auto include = include_of(line); include && include->path == "simdjson.h")
                parsers.push_back(source.path);
        }
    }
    EXPECT_LE(parsers.size(), simdjson_files_max) << testing::PrintToString(parsers);
}

struct Case {
    std::string_view name;
    std::string path;
    std::string line;
    std::string_view finding;  // a part of it; empty for none
};

// clang-format off
const Case cases[] = {
    {"one's own folder",                 "src/chat/a.cpp",          R"(#include "chat/a.hpp")",            ""},
    {"base, for all",                    "src/net/a.cpp",           R"(#include "base/id.hpp")",           ""},
    {"an arrow of the map",              "src/api/a.cpp",           R"(#include "live/hub.hpp")",          ""},
    {"the version, made by CMake",       "src/base/a.cpp",          R"(#include "version.hpp")",           ""},
    {"no other arrow",                   "src/chat/a.cpp",          R"(#include "net/socket.hpp")",        "chat -> base"},
    {"not from base",                    "src/base/a.hpp",          R"(  # include "chat/model.hpp")",     "base -> base"},
    {"not between stores",               "src/store/sqlite/a.cpp",  R"(#include "store/memory/a.hpp")",    "store/sqlite -> base chat"},
    {"not through a nested name",        "src/live/a.cpp",          R"(#include "livelihood/a.hpp")",      "in no folder"},
    {"not without a folder",             "src/chat/a.cpp",          R"(#include "model.hpp")",             "in no folder"},
    {"nobody includes app",              "src/cli/a.cpp",           R"(#include "app/config.hpp")",        "nobody includes app"},
    {"nor does a test",                  "tests/contract/a.cpp",    R"(#include "app/config.hpp")",        "nobody includes app"},
    {"app itself does",                  "src/app/a.cpp",           R"(#include "app/config.hpp")",        ""},
    {"an unknown folder",                "src/common/a.cpp",        R"(#include "base/id.hpp")",           "not in the include map"},
    {"the domain's tests have a store",  "src/chat/a_test.cpp",     R"(#include "store/memory/a.hpp")",    ""},
    {"the domain has none",              "src/chat/a.cpp",          R"(#include "store/memory/a.hpp")",    "chat -> base"},
    {"nor have a reader's tests",        "src/http/a_test.cpp",     R"(#include "store/memory/a.hpp")",    "tests -> base net tests/support"},
    {"support, for tests",               "src/http/a_test.cpp",     R"(#include "support/clock.hpp")",     ""},
    {"and for what they share",          "src/ws/a_fixture.hpp",    R"(#include "support/clock.hpp")",     ""},
    {"and only for tests",               "src/http/a.cpp",          R"(#include "support/clock.hpp")",     "only tests"},
    {"tests among themselves",           "tests/contract/a.cpp",    R"(#include "contract/a.hpp")",        ""},
    {"not from the tests beside a file", "src/http/a_test.cpp",     R"(#include "contract/a.hpp")",        "in no folder"},
    {"a fuzzer feeds any part",          "fuzz/a.cpp",              R"(#include "app/config.hpp")",        ""},
    {"Asio in net",                      "src/net/a.cpp",           R"(#include <boost/asio.hpp>)",        ""},
    {"no Asio in the domain's tests",    "src/chat/a_test.cpp",     R"(#include <boost/asio/post.hpp>)",   "belongs to src/net, src/http"},
    {"no Beast in the API",              "src/api/a.cpp",           R"(#include <boost/beast/http.hpp>)",  "belongs to src/net, src/http"},
    {"SQLite in its adapter",            "src/store/sqlite/a.cpp",  R"(#include <sqlite3.h>)",             ""},
    {"no SQLite elsewhere",              "tests/contract/a.cpp",    R"(#include <sqlite3.h>)",             "belongs to src/store/sqlite"},
    {"simdjson in the API",              "src/api/a.cpp",           R"(#include <simdjson.h>)",            ""},
    {"no simdjson in the domain",        "src/chat/a.cpp",          R"(#include <simdjson.h>)",            "belongs to src/api"},
    {"other libraries anywhere",         "src/chat/a.cpp",          R"(#include <fmt/format.h>)",          ""},
};
// clang-format on

TEST(Tidy, knows_good_includes_from_bad) {
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        const auto found = wrong_includes({c.path, {"", c.line}});
        if (c.finding.empty()) {
            EXPECT_THAT(found, SizeIs(0)) << found.front().rule;
            continue;
        }
        ASSERT_THAT(found, SizeIs(1));
        EXPECT_EQ(found.front().line, 2u);
        EXPECT_THAT(found.front().rule, HasSubstr(c.finding));
    }
}

TEST(Tidy, knows_good_lines_from_bad) {
    EXPECT_THAT(wrong_lines({"src/a.cpp",
                             {"int a;",
                              "// TO"
                              "DO(#3): when there is a second store"}}),
                SizeIs(0));
    EXPECT_THAT(wrong_lines({"src/a.cpp",
                             {"// TO"
                              "DO: later",
                              "// TO"
                              "DO(#3)",
                              "\tint a;"}}),
                SizeIs(3));
    EXPECT_THAT(wrong_lines({"src/a.cpp", std::vector<std::string>(file_lines_max)}), SizeIs(0));
    EXPECT_THAT(wrong_lines({"src/a.cpp", std::vector<std::string>(file_lines_max + 1)}), SizeIs(1));
}

}  // namespace
