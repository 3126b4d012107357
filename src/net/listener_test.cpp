#include "net/listener.hpp"

#include "base/limits.hpp"
#include "support/loop_thread.hpp"
#include "support/temporary_folder.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <csignal>
#include <deque>
#include <filesystem>
#include <fstream>

namespace makechat::net {
namespace {

using namespace std::chrono_literals;

/// A client on the test's thread, patient for ten seconds.
class Client {
public:
    explicit Client(const Address& address) {
        const bool six = address.host.find(':') != std::string::npos;
        sockaddr_in6 to_six{};
        sockaddr_in to_four{};
        to_six.sin6_family = AF_INET6;
        to_four.sin_family = AF_INET;
        to_six.sin6_port = to_four.sin_port = htons(address.port);
        inet_pton(AF_INET6, address.host.c_str(), &to_six.sin6_addr);
        inet_pton(AF_INET, address.host.c_str(), &to_four.sin_addr);
        if (six) connect_to(AF_INET6, to_six);
        else connect_to(AF_INET, to_four);
    }
    explicit Client(const std::string& path) {
        sockaddr_un to{};
        to.sun_family = AF_UNIX;
        path.copy(to.sun_path, sizeof to.sun_path - 1);
        connect_to(AF_UNIX, to);
    }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;
    ~Client() { close(); }

    [[nodiscard]] bool connected() const { return connected_; }
    void write(std::string_view bytes) { send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL); }
    /// What comes until `size` bytes are there, the end, or no more patience.
    std::string read(std::size_t size) {
        std::string bytes(size, '\0');
        const auto got = recv(descriptor_, bytes.data(), size, MSG_WAITALL);
        bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
        return bytes;
    }
    void close() {
        if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
    }

private:
    template <class To>
    void connect_to(int family, const To& to) {
        descriptor_ = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const timeval patience{10, 0};
        setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        connected_ = connect(descriptor_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
    }

    int descriptor_ = -1;
    bool connected_ = false;
};

/// Greets, then says everything again.
Task<void> echo(Socket socket, int& open) {
    ++open;
    std::array<char, 100> buffer;
    bool ok = co_await socket.write("hi");
    while (ok) {
        const std::size_t size = co_await socket.read_some(buffer);
        if (size == 0) break;
        ok = co_await socket.write(std::string_view(buffer.data(), size));
    }
    --open;
}

class Listening : public testing::Test {
protected:
    ~Listening() override {
        if (listener) listener->stop();
        EXPECT_TRUE(first.until([this] { return first_open == 0; }));
        EXPECT_TRUE(second.until([this] { return second_open == 0; }));
    }

    Result<bool> listen(const Address& address, ListenOptions options = {}) {
        Loop* const loops[] = {&first.loop(), &second.loop()};
        auto opened = Listener::open(loops, address, std::move(options), [this](Socket socket) {
            auto& open = &socket.loop() == &first.loop() ? first_open : second_open;
            start(echo(std::move(socket), open));
        });
        if (!opened) return fail(opened.error());
        listener.emplace(std::move(*opened));
        return true;
    }
    [[nodiscard]] Address here() const { return {"127.0.0.1", listener->address().port}; }

    LoopThread first{10ms};
    LoopThread second{10ms};
    int first_open = 0;
    int second_open = 0;
    std::optional<Listener> listener;
};

TEST_F(Listening, takes_a_free_port_and_serves_on_all_loops) {
    ASSERT_TRUE(listen({"127.0.0.1", 0}));
    EXPECT_NE(listener->address().port, 0);
    std::deque<Client> clients;
    for (int i = 0; i < 50; ++i) {
        EXPECT_EQ(clients.emplace_back(here()).read(2), "hi");
        clients.back().write("you");
        EXPECT_EQ(clients.back().read(3), "you");
    }
    EXPECT_EQ(first.call([this] { return first_open; }) + second.call([this] { return second_open; }), 50);
    EXPECT_GT(first.call([this] { return first_open; }), 0);
    EXPECT_GT(second.call([this] { return second_open; }), 0);
}

TEST_F(Listening, refuses_a_port_in_use_with_a_sentence) {
    ASSERT_TRUE(listen({"127.0.0.1", 0}));
    Loop* const loops[] = {&second.loop()};
    const auto other = Listener::open(loops, here(), {}, [](Socket) {});
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().code, Code::conflict);
    EXPECT_EQ(other.error().text, "Port " + std::to_string(here().port) +
                                      " on 127.0.0.1 is in use by another program; choose another with --listen");
}

TEST_F(Listening, takes_the_port_again_after_it_was_used) {
    ASSERT_TRUE(listen({"127.0.0.1", 0}));
    const auto address = here();
    EXPECT_EQ(Client(address).read(2), "hi");
    listener->stop();
    first.call([] {});
    second.call([] {});
    EXPECT_TRUE(listen(address));
    EXPECT_EQ(Client(address).read(2), "hi");
}

TEST_F(Listening, refuses_an_address_of_another_machine) {
    const auto listening = listen({"192.0.2.1", 0});
    ASSERT_FALSE(listening);
    EXPECT_NE(listening.error().text.find("192.0.2.1 is not an address of this machine"), std::string::npos);
}

TEST_F(Listening, on_every_address_means_both_families) {
    const auto listening = listen({"", 0});
    if (!listening) GTEST_SKIP() << "no IPv6 here: " << listening.error().text;
    EXPECT_EQ(Client(here()).read(2), "hi");
    EXPECT_EQ(Client(Address{"::1", listener->address().port}).read(2), "hi");
}

TEST_F(Listening, after_stop_accepts_no_more_but_keeps_whom_it_has) {
    ASSERT_TRUE(listen({"127.0.0.1", 0}));
    const auto address = here();
    Client old(address);
    EXPECT_EQ(old.read(2), "hi");
    listener->stop();
    first.call([] {});
    second.call([] {});
    EXPECT_FALSE(Client(address).connected());
    old.write("still here");
    EXPECT_EQ(old.read(10), "still here");
}

TEST_F(Listening, turns_away_whom_the_quota_has_no_room_for) {
    const auto quota = std::make_shared<Quota>(10, 2);
    ASSERT_TRUE(listen({"127.0.0.1", 0}, {quota, "no room"}));
    Client one(here());
    Client two(here());
    EXPECT_EQ(one.read(2), "hi");
    EXPECT_EQ(two.read(2), "hi");
    EXPECT_EQ(Client(here()).read(100), "no room");
    one.close();
    const auto counted = [&] { return quota->count(); };
    EXPECT_TRUE(first.until([&] { return counted() == 1; }));
    EXPECT_EQ(Client(here()).read(2), "hi");
    two.close();
    EXPECT_TRUE(first.until([&] { return counted() == 0; }));
}

class UnixListening : public Listening {
protected:
    Result<bool> listen_unix() {
        auto opened = Listener::open_unix(first.loop(), path, [this](Socket socket) {
            EXPECT_EQ(socket.remote_address(), "");
            start(echo(std::move(socket), first_open));
        });
        if (!opened) return fail(opened.error());
        listener.emplace(std::move(*opened));
        return true;
    }

    TemporaryFolder folder;
    const std::string path = (folder.path() / "control").string();
};

TEST_F(UnixListening, is_for_its_owner_alone_and_leaves_no_file) {
    ASSERT_TRUE(listen_unix());
    struct stat file{};
    ASSERT_EQ(lstat(path.c_str(), &file), 0);
    EXPECT_EQ(file.st_mode & 0777U, 0600U);
    EXPECT_EQ(Client(path).read(2), "hi");
    listener->stop();
    EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(UnixListening, refuses_a_file_that_is_listened_on) {
    ASSERT_TRUE(listen_unix());
    const auto other = Listener::open_unix(second.loop(), path, [](Socket) {});
    ASSERT_FALSE(other);
    EXPECT_NE(other.error().text.find("Another program listens"), std::string::npos);
    EXPECT_EQ(Client(path).read(2), "hi");
}

TEST_F(UnixListening, replaces_a_socket_that_a_dead_program_left) {
    {
        const int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_un where{};
        where.sun_family = AF_UNIX;
        path.copy(where.sun_path, sizeof where.sun_path - 1);
        ASSERT_EQ(bind(descriptor, reinterpret_cast<const sockaddr*>(&where), sizeof where), 0);
        ::close(descriptor);
    }
    ASSERT_TRUE(listen_unix());
    EXPECT_EQ(Client(path).read(2), "hi");
}

TEST_F(UnixListening, never_replaces_another_file) {
    std::ofstream(path) << "precious";
    EXPECT_FALSE(listen_unix());
    EXPECT_TRUE(std::filesystem::is_regular_file(path));
}

TEST_F(UnixListening, refuses_a_path_that_the_kernel_would_cut) {
    const auto other = Listener::open_unix(first.loop(), path + std::string(200, 'x'), [](Socket) {});
    ASSERT_FALSE(other);
    EXPECT_NE(other.error().text.find("too long"), std::string::npos);
}

TEST_F(UnixListening, closes_whom_it_has_no_room_for) {
    ASSERT_TRUE(listen_unix());
    std::deque<Client> clients;
    for (std::size_t i = 0; i < limits::control_connections_max; ++i)
        EXPECT_EQ(clients.emplace_back(path).read(2), "hi");
    EXPECT_EQ(Client(path).read(2), "");
    clients.pop_back();
    ASSERT_TRUE(first.until([&] { return first_open < static_cast<int>(limits::control_connections_max); }));
    EXPECT_EQ(Client(path).read(2), "hi");
}

/// The program that has few descriptors: tells its port on `port`, complains on `complaints`.
[[noreturn]] void serve_with_few_descriptors(int port, int complaints) {
    dup2(complaints, 2);
    Loop loop(10ms);
    Loop* const loops[] = {&loop};
    int open = 0;
    auto listener =
        Listener::open(loops, {"127.0.0.1", 0}, {}, [&open](Socket socket) { start(echo(std::move(socket), open)); });
    if (!listener) _exit(1);
    const auto number = listener->address().port;
    const int next = dup(2);  // the lowest that is free
    ::close(next);
    const rlimit few{static_cast<rlim_t>(next) + 5, static_cast<rlim_t>(next) + 5};
    if (setrlimit(RLIMIT_NOFILE, &few) != 0 || ::write(port, &number, sizeof number) != sizeof number) _exit(1);
    loop.run();
    _exit(0);
}

TEST(ListenerWithoutDescriptors, keeps_whom_it_has_and_goes_on_when_some_are_free) {
    std::array<int, 2> port{};
    std::array<int, 2> complaints{};
    ASSERT_EQ(pipe(port.data()) | pipe(complaints.data()), 0);
    const auto child = fork();
    if (child == 0) serve_with_few_descriptors(port[1], complaints[1]);
    ::close(port[1]);
    ::close(complaints[1]);
    Address address{"127.0.0.1", 0};
    ASSERT_EQ(::read(port[0], &address.port, sizeof address.port), static_cast<long>(sizeof address.port));

    std::deque<Client> clients;
    for (int i = 0; i < 9; ++i) clients.emplace_back(address);
    for (int i = 0; i < 5; ++i) EXPECT_EQ(clients[i].read(2), "hi") << i;
    std::string complaint(1'000, '\0');
    complaint.resize(static_cast<std::size_t>(std::max(0L, ::read(complaints[0], complaint.data(), complaint.size()))));
    EXPECT_NE(complaint.find("Cannot accept connections: Too many open files"), std::string::npos) << complaint;
    for (int i = 0; i < 5; ++i) {
        clients[i].write("alive");
        EXPECT_EQ(clients[i].read(5), "alive");
    }
    for (int i = 0; i < 4; ++i) clients[i].close();
    for (int i = 5; i < 9; ++i) EXPECT_EQ(clients[i].read(2), "hi") << i;

    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    EXPECT_EQ(::read(complaints[0], complaint.data(), complaint.size()), 0) << "complained once";
    ::close(port[0]);
    ::close(complaints[0]);
}

}  // namespace
}  // namespace makechat::net
