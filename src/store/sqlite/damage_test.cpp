#include "support/log_lines.hpp"
#include "support/store_on_failing_disk.hpp"

#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <functional>
#include <string>

/// Files that are not what was written: refused at the start where that can be seen, and otherwise met by who reads them.
namespace makechat::sqlite {
namespace {

using namespace chat;

constexpr std::size_t page_bytes = 4096;

class Damage : public StoreOnFailingDisk {
protected:
    [[nodiscard]] static std::string content_of(const std::filesystem::path& path) {
        std::ifstream in(path, std::ios::binary);
        return {std::istreambuf_iterator(in), {}};
    }
    static void put(const std::filesystem::path& path, std::string_view content) {
        std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
    }
    static void flip(const std::filesystem::path& path, std::size_t at) {
        auto content = content_of(path);
        ASSERT_LT(at, content.size());
        content[at] = static_cast<char>(content[at] ^ 0x40);
        put(path, content);
    }
    [[nodiscard]] std::filesystem::path log() const { return file().string() + "-wal"; }

    /// The files as a kill would leave them now.
    void kill_now() {
        disk.cut_power_at(1);
        store.reset();
        disk.heal();
    }
    /// Why the server would not start.
    std::string refused() {
        const auto opened = sqlite::Store::open(folder.path(), random);
        if (!opened) return opened.error().text;
        const auto loaded = run((*opened)->load());
        return loaded ? std::string{} : loaded.error().text;
    }
    void expect_refused(const std::string& what) {
        const auto before = content_of(file());
        const auto why = refused();
        EXPECT_NE(why.find(file().string()), std::string::npos) << why;
        EXPECT_NE(why.find(what), std::string::npos) << why;
        EXPECT_NE(why.find("Restore the data folder from a backup"), std::string::npos) << why;
        EXPECT_EQ(content_of(file()), before) << "it stays as it is";
    }
    /// Overwrites the head of the page that holds these words, as of a table or of an index.
    void ruin_page_with(const std::string& words) {
        auto content = content_of(file());
        const auto at = content.find(words);
        ASSERT_NE(at, std::string::npos);
        content.replace(at / page_bytes * page_bytes, 64, std::string(64, '\xEE'));
        put(file(), content);
    }
};

TEST_F(Damage, of_the_first_page_is_refused) {
    store.reset();
    const auto sound = content_of(file());
    put(file(), "This was a database once." + sound.substr(25));
    expect_refused("is damaged (file is not a database)");
    put(file(), sound.substr(0, 100) + std::string(page_bytes - 100, '\xEE') + sound.substr(page_bytes));
    expect_refused("is damaged (");
    put(file(), sound);
    EXPECT_EQ(refused(), "");
}

TEST_F(Damage, of_a_file_cut_short_is_refused) {
    posted(100);
    store.reset();
    const auto sound = content_of(file());
    for (const auto size :
         {std::size_t{50}, std::size_t{5'000}, 3 * page_bytes, sound.size() - 1, sound.size() - page_bytes}) {
        SCOPED_TRACE(size);
        put(file(), sound.substr(0, size));
        expect_refused("is damaged (");
    }
}

TEST_F(Damage, of_accounts_is_refused) {
    store.reset();
    ruin_page_with("alice@example.org");
    expect_refused("is damaged (database disk image is malformed");
}

TEST_F(Damage, an_empty_file_beside_its_log_is_refused_and_the_log_kept) {
    posted(3);
    kill_now();
    const auto sound = content_of(file());
    const auto last = content_of(log());
    put(file(), "");
    expect_refused("is empty or not there, but");
    std::filesystem::remove(file());
    const auto why = refused();
    EXPECT_NE(why.find("is empty or not there, but"), std::string::npos) << why;
    EXPECT_FALSE(std::filesystem::exists(file()));
    EXPECT_EQ(content_of(log()), last);
    put(file(), sound);
    open();
    EXPECT_EQ(world->messages(room).size(), 3U);
}

TEST_F(Damage, a_database_restored_beside_the_log_of_another_life_is_refused) {
    store.reset();
    const auto old = content_of(file());
    open();
    posted(200);
    reopen();
    posted(3);
    kill_now();
    put(file(), old);
    expect_refused("is damaged (");
}

TEST_F(Damage, pages_of_two_moments_are_refused) {
    store.reset();
    sqlite3* connection = nullptr;
    ASSERT_EQ(sqlite3_open(file().c_str(), &connection), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(connection, "UPDATE meta SET position = position - 1", nullptr, nullptr, nullptr),
              SQLITE_OK);
    sqlite3_close(connection);
    expect_refused("is damaged (the newest entry has position 3 and not 2)");
}

TEST_F(Damage, of_the_last_commit_in_the_log_loses_no_other) {
    for (int i = 0; i < 5; ++i) posted(1);
    kill_now();
    const auto sound = content_of(log());
    put(log(), sound.substr(0, sound.size() - 100));
    open();
    EXPECT_EQ(world->messages(room).size(), 4U);
    expect_dense();
}

TEST_F(Damage, in_the_middle_of_the_log_is_refused_and_can_be_accepted) {
    for (int i = 0; i < 5; ++i) posted(1);
    kill_now();
    const auto end = content_of(log()).size();
    const auto sound = content_of(log());
    flip(log(), end / 2);
    const auto why = refused();
    EXPECT_NE(why.find(log().string() + " is damaged"), std::string::npos) << why;
    EXPECT_NE(why.find("Restore the data folder from a backup"), std::string::npos) << why;
    EXPECT_EQ(content_of(log()).size(), end) << "it stays as it is";
    put(log(), sound);
    flip(log(), 20);
    EXPECT_NE(refused().find(log().string() + " is damaged"), std::string::npos) << "SQLite would drop all of it";
    put(log(), sound);
    flip(log(), end / 2);

    sqlite3* connection = nullptr;
    ASSERT_EQ(sqlite3_open(file().c_str(), &connection), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(connection, "PRAGMA wal_checkpoint(TRUNCATE)", nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(connection);
    open();
    EXPECT_LT(world->messages(room).size(), 5U);
    expect_dense();
    EXPECT_EQ(posted(3), 3U);
}

TEST_F(Damage, a_start_without_the_log_or_with_rubbish_in_its_index_is_none) {
    posted(3);
    reopen();
    posted(3);
    kill_now();
    put(file().string() + "-shm", std::string(32'768, '\xEE'));
    open();
    EXPECT_EQ(world->messages(room).size(), 6U);
    store.reset();
    std::filesystem::remove(file().string() + "-shm");
    EXPECT_EQ(refused(), "");
}

TEST_F(Damage, met_while_running_is_its_own_requests_failure_alone) {
    const auto other = world->add_room("two", alice).id;
    const auto needle = world->post(room, alice, "the needle");
    posted(50);
    world->post(other, alice, "elsewhere");
    store.reset();
    ruin_page_with("the needle");
    open();
    LogLines lines;
    const Window all{Window::Kind::after, {}, 100};
    const Error internal{Code::internal, "Internal error.", 0};
    for (int i = 0; i < 3; ++i) {
        const auto read = run(store->messages(room, all));
        ASSERT_FALSE(read);
        EXPECT_EQ(read.error(), internal);
        EXPECT_EQ(world->messages(other).size(), 1U);
    }
    auto edited = needle;
    edited.text = "found";
    std::vector<Task<Result<Commit>>> tasks;
    tasks.push_back(store->append(world->change(alice, {{LogId::of(room), MessageEdited{edited}}})));
    const Write elsewhere{LogId::of(other), MessagePosted{world->draft(other, alice, "still here")}};
    tasks.push_back(store->append(world->change(alice, {elsewhere})));
    const auto written = run_all(std::move(tasks));
    ASSERT_FALSE(written[0]);
    EXPECT_EQ(written[0].error(), internal);
    EXPECT_TRUE(written[1]);
    EXPECT_EQ(world->messages(other).size(), 2U);
    const auto text = file().string() + " is damaged (";
    EXPECT_EQ(lines.count(text), 2U) << "once by the readers, once by the writer: " << lines.text();
    EXPECT_EQ(lines.count("Restore the data folder from a backup"), 2U) << lines.text();
    EXPECT_EQ(lines.count("again"), 0U) << lines.text();
}

/// Without the rights of root, for whom everything can be written.
std::string refused_to_nobody(const std::function<std::string()>& open_store) {
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0) return "no pipe";
    const pid_t child = fork();
    if (child == 0) {
        const bool dropped = getuid() != 0 || setuid(65'534) == 0;
        const auto why = dropped ? open_store() : "cannot become nobody";
        const auto size = write(ends[1], why.data(), why.size());
        _exit(size == static_cast<ssize_t>(why.size()) ? 0 : 1);
    }
    close(ends[1]);
    std::string why(4096, '\0');
    const auto size = read(ends[0], why.data(), why.size());
    why.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    close(ends[0]);
    waitpid(child, nullptr, 0);
    return why;
}

TEST(Rights, that_are_missing_are_told_with_the_path_and_what_to_do) {
    const TemporaryFolder folder;
    const auto open_store = [&] {
        FakeRandom random{1};
        const auto opened = Store::open(folder.path(), random);
        return opened ? std::string{"opened"} : opened.error().text;
    };
    const auto remedy = "Give the user that runs makechat the right to write the folder and what is in it.";
    using std::filesystem::perms;
    permissions(folder.path(), perms::owner_read | perms::owner_exec | perms::others_read | perms::others_exec);
    auto why = refused_to_nobody(open_store);
    EXPECT_NE(why.find(folder.path().string() + "/makechat.lock cannot be locked: Permission denied. "),
              std::string::npos);
    EXPECT_NE(why.find(remedy), std::string::npos) << why;

    permissions(folder.path(), perms::all);
    ASSERT_EQ(open_store(), "opened");
    permissions(folder.path() / "makechat.db", perms::owner_read | perms::others_read);
    permissions(folder.path() / "makechat.lock", perms::all);
    why = refused_to_nobody(open_store);
    EXPECT_NE(why.find(folder.path().string() + "/makechat.db cannot be opened: Permission denied. "),
              std::string::npos);
    EXPECT_NE(why.find(remedy), std::string::npos) << why;
}

TEST(Rights, to_a_folder_whose_last_owner_died_are_free) {
    const TemporaryFolder folder;
    std::ofstream(folder.path() / "makechat.lock") << "1\n";  // somebody lives who has this number
    FakeRandom random{1};
    EXPECT_TRUE(Store::open(folder.path(), random));
}

}  // namespace
}  // namespace makechat::sqlite
