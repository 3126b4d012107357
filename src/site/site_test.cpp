#include "site/site.hpp"

#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

namespace makechat::site {
namespace {

constexpr File client[] = {
    {"/index.html", "text/html; charset=utf-8", "\"i1\"", "<html>", "", "", false},
    {"/assets/main-1.js", "text/javascript; charset=utf-8", "\"m1\"", "plain js", "gzip js", "br js", true},
    {"/favicon.svg", "image/svg+xml; charset=utf-8", "\"f1\"", "<svg>", "", "", false},
};

/// An API that knows one address.
class FakeApi final : public http::Handler {
public:
    std::variant<http::Reply, std::unique_ptr<http::Exchange>> admit(const http::Head& head) override {
        http::Reply reply;
        reply.status = head.path == "/api/ping" ? 200 : 404;
        reply.body = "from the api";
        return reply;
    }
    http::Reply refuse(int status, std::string_view why) override {
        http::Reply reply;
        reply.status = status;
        reply.body = why;
        return reply;
    }
};

struct World {
    explicit World(const std::filesystem::path& custom = {}) : loaded(Files::load(client, custom)) {}

    http::Reply get(std::string_view path, std::vector<std::pair<std::string_view, std::string_view>> fields = {},
                    http::Method method = http::Method::get) {
        http::Head head;
        head.method = method;
        head.target = head.path = path;
        head.fields = std::move(fields);
        return std::get<http::Reply>(site.admit(head));
    }

    FakeApi api;
    Result<Files> loaded;
    std::vector<int> counted;
    Site site{*loaded, api, [this](int status) { counted.push_back(status); }};
};

std::optional<std::string> field(const http::Reply& reply, std::string_view name) {
    for (const auto& [each, value] : reply.fields) {
        if (http::same_name(each, name)) return value;
    }
    return std::nullopt;
}

void write(const std::filesystem::path& file, std::string_view text) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
}

TEST(Site, answers_each_page_with_the_one_document) {
    World w;
    for (const auto* path :
         {"/", "/login", "/login/", "/register", "/setup", "/room/0123456789abcdef01234567", "/room/x/members",
          "/rooms", "/settings", "/settings/tokens", "/makechat/admin", "/makechat/admin/users"}) {
        const auto reply = w.get(path);
        EXPECT_EQ(reply.status, 200) << path;
        EXPECT_EQ(reply.body, "<html>") << path;
        EXPECT_EQ(field(reply, "Cache-Control"), "no-cache") << "a new version is seen at once";
    }
    EXPECT_EQ(w.counted.size(), 12U);
}

TEST(Site, leads_from_the_first_makechats_addresses_to_ours) {
    World w;
    EXPECT_EQ(field(w.get("/dashboard"), "Location"), "/");
    EXPECT_EQ(field(w.get("/makechat"), "Location"), "/makechat/admin");
    EXPECT_EQ(field(w.get("/makechat/"), "Location"), "/makechat/admin");
    EXPECT_EQ(w.get("/dashboard").status, 302);
}

TEST(Site, keeps_files_named_by_their_content_for_ever) {
    World w;
    const auto reply = w.get("/assets/main-1.js");
    EXPECT_EQ(field(reply, "Cache-Control"), "public, max-age=31536000, immutable");
    EXPECT_EQ(field(reply, "Content-Type"), "text/javascript; charset=utf-8");
}

TEST(Site, sends_the_smallest_form_that_the_client_takes) {
    World w;
    const auto sent = [&](std::string_view codings) {
        const auto reply = w.get("/assets/main-1.js", {{"Accept-Encoding", codings}});
        EXPECT_EQ(field(reply, "Vary"), "Accept-Encoding");
        return field(reply, "Content-Encoding").value_or("-") + ": " + reply.body;
    };
    EXPECT_EQ(sent("gzip, deflate, br, zstd"), "br: br js");
    EXPECT_EQ(sent("gzip"), "gzip: gzip js");
    EXPECT_EQ(sent("gzip, br;q=0"), "gzip: gzip js");
    EXPECT_EQ(sent("deflate"), "-: plain js");
    EXPECT_EQ(w.get("/assets/main-1.js").body, "plain js");
}

TEST(Site, sends_nothing_to_who_has_it) {
    World w;
    for (const auto* known : {"\"i1\"", "W/\"i1\"", "\"x\", \"i1\"", "*"}) {
        const auto reply = w.get("/", {{"If-None-Match", known}});
        EXPECT_EQ(reply.status, 304) << known;
        EXPECT_EQ(reply.body, "");
        EXPECT_EQ(field(reply, "ETag"), "\"i1\"");
    }
    EXPECT_EQ(w.get("/", {{"If-None-Match", "\"old\""}}).status, 200);
}

TEST(Site, lets_nothing_run_or_frame_that_is_not_its_own) {
    World w;
    for (const auto* path : {"/", "/room/x", "/assets/main-1.js", "/favicon.svg", "/dashboard", "/nowhere"}) {
        const auto reply = w.get(path, {{"Accept", "text/html"}});
        const auto policy = field(reply, "Content-Security-Policy").value_or("");
        EXPECT_TRUE(policy.contains("default-src 'none'; script-src 'self';")) << policy;
        EXPECT_TRUE(policy.contains("frame-ancestors 'none'")) << policy;
        EXPECT_FALSE(policy.contains("unsafe")) << policy;
        EXPECT_EQ(field(reply, "X-Frame-Options"), "DENY");
        EXPECT_EQ(field(reply, "Referrer-Policy"), "same-origin");
    }
}

TEST(Site, passes_on_to_the_api_what_is_not_its_own) {
    World w;
    EXPECT_EQ(w.get("/api/ping", {{"Accept", "text/html"}}).body, "from the api");
    EXPECT_EQ(w.get("/", {}, http::Method::post).body, "from the api");
    EXPECT_EQ(w.get("/nowhere").body, "from the api") << "a program's request";
    EXPECT_EQ(w.get("//").body, "from the api") << "no other spelling of the first page";
    EXPECT_EQ(w.get("/api/nothing", {{"Accept", "text/html,*/*"}}).body, "from the api");
    EXPECT_TRUE(w.counted.empty()) << "the API counts its own";
}

TEST(Site, shows_a_browser_its_own_page_for_an_address_of_nobodys) {
    World w;
    for (const auto* path : {"/nowhere", "/room", "/room//x", "/settings/a/b", "/makechat/else"}) {
        const auto reply = w.get(path, {{"Accept", "text/html,application/xhtml+xml,*/*;q=0.8"}});
        EXPECT_EQ(reply.status, 404) << path;
        EXPECT_EQ(reply.body, "<html>") << path;
    }
}

TEST(Site, takes_a_custom_file_in_place_of_its_own_and_beside_them) {
    TemporaryFolder folder;
    write(folder.path() / "favicon.svg", "<svg>ours");
    write(folder.path() / "help" / "wie geht's.TXT", "so");
    write(folder.path() / ".git" / "config", "secret");
    World w(folder.path());
    EXPECT_EQ(w.get("/favicon.svg").body, "<svg>ours");
    EXPECT_NE(field(w.get("/favicon.svg"), "ETag"), "\"f1\"");
    EXPECT_EQ(w.get("/help/wie%20geht's.TXT").body, "so");
    EXPECT_EQ(field(w.get("/help/wie%20geht's.TXT"), "Content-Type"), "text/plain; charset=utf-8");
    EXPECT_EQ(w.get("/.git/config").status, 404);
    EXPECT_EQ(w.get("/").body, "<html>") << "what has no custom form stays";
}

TEST(Site, packs_a_custom_text_once_for_all) {
    TemporaryFolder folder;
    write(folder.path() / "index.html", std::string(5'000, 'x'));
    World w(folder.path());
    const auto reply = w.get("/", {{"Accept-Encoding", "gzip, br"}});
    EXPECT_EQ(field(reply, "Content-Encoding"), "gzip");
    EXPECT_LT(reply.body.size(), 200U);
}

TEST(Files, are_refused_with_the_name_of_what_cannot_be_read) {
    TemporaryFolder folder;
    const auto missing = folder.path() / "missing";
    const auto loaded = Files::load(client, missing);
    ASSERT_FALSE(loaded);
    EXPECT_TRUE(loaded.error().text.contains(missing.string())) << loaded.error().text;
}

TEST(Files, are_refused_when_there_are_more_than_memory_is_for) {
    TemporaryFolder folder;
    for (int i = 0; i <= 1'000; ++i) write(folder.path() / std::to_string(i), "x");
    const auto loaded = Files::load(client, folder.path());
    ASSERT_FALSE(loaded);
    EXPECT_TRUE(loaded.error().text.contains("more than 1000 files")) << loaded.error().text;
}

}  // namespace
}  // namespace makechat::site
