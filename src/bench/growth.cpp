#include "bench/growth.hpp"

#include "base/limits.hpp"
#include "bench/figure.hpp"
#include "bench/guest_room.hpp"
#include "bench/request_load.hpp"
#include "bench/subject.hpp"
#include "bench/subscribers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <random>

namespace makechat::bench {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t message_counts[] = {10'000, 100'000, 1'000'000, 10'000'000};
constexpr std::size_t user_counts[] = {10, 100, 1'000, 10'000, 100'000};
constexpr std::size_t connection_counts[] = {1, 100, 1'000, 10'000};
// For who is back soon, and for who was away while more was said than the server keeps of a log it has had to read
// (limits::tail_entries_max), but no more than it replays.
constexpr std::size_t missed = 50;
constexpr std::size_t far_missed = 9'000;
static_assert(far_missed > 2 * limits::tail_entries_max && far_missed < limits::replay_entries_max);
constexpr int resumes = 25;
constexpr int far_resumes = 7;
constexpr auto idle_for = milliseconds{4'000};  // as for the figure "memory per idle WebSocket"
constexpr std::size_t weighed_min = 500;        // connections: the weight of fewer is lost in the noise
constexpr LoadShape one_client{.clients = 1, .warm_up = milliseconds{300}, .time = milliseconds{1'500}};
constexpr LoadShape one_who_turns_pages{
    .clients = 1, .warm_up = milliseconds{300}, .time = milliseconds{1'500}, .anew = true};
constexpr LoadShape one_at_login{.clients = 1, .warm_up = milliseconds{100}, .time = milliseconds{2'000}};

/// The median wait of one client that asks again and again.
Result<double> median_wait(const Subject& subject, const LoadShape& shape,
                           const std::function<std::string()>& request) {
    const auto seen = load(subject.endpoint(), shape, [&](std::size_t) { return request(); });
    if (!seen) return fail(seen.error());
    if (seen->refused > 0 || seen->answers == 0) return fail({Code::internal, "Refused: " + seen->refusal});
    return seen->p50_ms;
}

std::string post_of(const Subject& subject) {
    const auto body = fmt::format(R"({{"room": "{}", "text": "{:x<100}"}})", subject.room(), "");
    return request_of(subject.endpoint(), "POST", "/api/messages", subject.token(0), body);
}

std::string page_of(const Subject& subject, const std::string& bound) {
    return request_of(subject.endpoint(), "GET", fmt::format("/api/messages?room={}{}", subject.room(), bound),
                      subject.token(0), {});
}

/// Somewhere in a room of so many messages, the same places in each run.
class RandomPages {
public:
    explicit RandomPages(std::size_t messages) : before_(limits::messages_page + 1, messages) {}
    std::string next() { return fmt::format("&before={}", before_(engine_)); }

private:
    std::mt19937_64 engine_;  // NOLINT(cert-msc51-cpp): the seed that it has by itself
    std::uniform_int_distribution<std::size_t> before_;
};

/// Posts over a WebSocket of its own, and waits for them.
Result<bool> post_many(Subscribers& poster, const std::string& room, std::size_t count) {
    constexpr std::size_t at_once = 50;
    const std::vector<std::string> ops(at_once,
                                       fmt::format(R"({{"op": "send", "room": "{}", "text": "{:x<100}"}})", room, ""));
    for (std::size_t i = 0; i < count; i += at_once) {
        const auto said = poster.say(0, ops);
        if (!said) return said;
        const auto told = poster.wait_for_messages(at_once);
        if (!told) return told;
    }
    return true;
}

/// Who was there, missed so many messages of the room, and comes back with his cursor.
Result<double> median_resume(const Subject& subject, const std::string& room, std::size_t missed_messages, int times) {
    const auto request = [&](const std::string& cursor) {
        auto query = "?room=" + room + (cursor.empty() ? "" : "&cursor=" + cursor);
        return upgrade_request(subject.endpoint(), subject.token(0), query);
    };
    Subscribers before{subject.endpoint()};
    before.keep_cursors();
    auto done = before.open(1, [&](std::size_t) { return request({}); });
    if (done) done = before.settle(milliseconds{300});
    if (!done) return fail(done.error());
    const auto cursor = before.cursor(0);
    done = post_many(before, room, missed_messages);
    if (!done) return fail(done.error());
    std::vector<double> waits;
    for (int i = 0; i < times; ++i) {
        Subscribers again{subject.endpoint()};
        const auto begun = Clock::now();
        auto back = again.open(1, [&](std::size_t) { return request(cursor); });
        if (back) back = again.wait_for_messages(missed_messages);
        if (!back) return fail(back.error());
        waits.push_back(std::chrono::duration<double, std::milli>(Clock::now() - begun).count());
    }
    return median(std::move(waits));
}

double disk_of(const std::filesystem::path& folder) {
    std::uintmax_t bytes = 0;
    std::error_code ignored;
    for (const auto& file : std::filesystem::directory_iterator(folder, ignored)) bytes += file.file_size(ignored);
    return static_cast<double>(bytes) / mebibyte;
}

Result<bool> measure_resumes(const Subject& subject, const std::string& room, AtSize& size) {
    // The far one first: it finds no tail of the room in memory, and what it makes there begins behind its cursor.
    const auto far = median_resume(subject, room, far_missed, far_resumes);
    if (!far) return fail(far.error());
    const auto near = median_resume(subject, room, missed, resumes);
    if (!near) return fail(near.error());
    size.far_resume_ms = *far;
    size.resume_ms = *near;
    return true;
}

/// Measures what `subject`, which runs, takes for one of each. `messages`: in its room. `resume_room`: one whose log nobody
/// has come back to since the start.
Result<AtSize> measure_one(const Subject& subject, std::size_t messages, const std::string& resume_room, AtSize size) {
    size.start_ms = subject.first_answer_after().count();
    size.memory_mib = static_cast<double>(subject.process().memory()) / mebibyte;
    size.disk_mib = disk_of(subject.folder());
    const auto login =
        request_of(subject.endpoint(), "POST", "/api/login", {},
                   fmt::format(R"({{"username": "{}", "password": "{}"}})", world_username(0), world_password));
    RandomPages pages{messages};
    const struct {
        double& into;
        const LoadShape& shape;
        std::function<std::string()> request;
    } waits[] = {{size.send_ms, one_client, [&] { return post_of(subject); }},
                 {size.page_ms, one_client, [&] { return page_of(subject, {}); }},
                 {size.random_page_ms, one_who_turns_pages, [&] { return page_of(subject, pages.next()); }},
                 {size.login_ms, one_at_login, [&] { return login; }}};
    for (const auto& [into, shape, request] : waits) {
        const auto wait = median_wait(subject, shape, request);
        if (!wait) return fail(wait.error());
        into = *wait;
    }
    const auto resumed = measure_resumes(subject, resume_room, size);
    if (!resumed) return fail(resumed.error());
    return size;
}

struct Grown {
    const std::filesystem::path& program;
    const std::filesystem::path& scratch;
    const Cores& cores;
    Progress& progress;
    std::vector<AtSize>& sizes;

    Result<bool> measure(Subject& subject, std::size_t messages, const std::string& room, AtSize begun) {
        auto size = measure_one(subject, messages, room, std::move(begun));
        if (!size) return fail(size.error());
        sizes.push_back(std::move(*size));
        return true;
    }

    [[nodiscard]] std::function<void(double)> part() const {
        return [this](double done) { progress.part(done); };
    }

    Result<bool> messages();
    Result<bool> users();
    Result<bool> connections();
};

Result<bool> Grown::messages() {
    const auto folder = scratch / "messages";
    progress.begin("messages: making 10,000");
    auto world =
        make_world(folder, {.users = 10, .rooms_of_100 = 1, .room_members = 10, .messages = message_counts[0]}, part());
    if (!world) return fail(world.error());
    Subject subject{program, folder, std::move(*world), cores};
    std::size_t there = message_counts[0];
    for (const auto count : message_counts) {
        if (count > there) {
            progress.begin(fmt::format("messages: making {}", shown(count)));
            const auto added = add_messages(folder, subject.world(), count - there, part());
            if (!added) return added;
            there = count;
        }
        auto done = subject.start();
        if (done) done = measure(subject, count, subject.room(), {.of = "messages in a room", .count = count});
        if (!done) return done;
        subject.stop();
    }
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
    return true;
}

Result<bool> Grown::users() {
    const auto folder = scratch / "users";
    constexpr std::size_t messages_there = 1'000;
    auto world = make_world(
        folder, {.users = user_counts[0], .rooms_of_100 = 1, .room_members = 10, .messages = messages_there}, part());
    if (!world) return fail(world.error());
    Subject subject{program, folder, std::move(*world), cores};
    for (const auto count : user_counts) {
        progress.begin(fmt::format("users: {}", shown(count)));
        const auto there = subject.world().users.size();
        auto done = count > there ? add_users(folder, subject.world(), count - there, part()) : Result<bool>(true);
        if (done) done = subject.start();
        if (done) done = measure(subject, messages_there, subject.room(), {.of = "users", .count = count});
        if (!done) return done;
        subject.stop();
    }
    return true;
}

Result<bool> Grown::connections() {
    const auto folder = scratch / "connections";
    constexpr std::size_t messages_there = 1'000;
    constexpr std::size_t people = 10'000;
    auto world = make_world(
        folder, {.users = people, .rooms_of_100 = people / 100, .room_members = 10, .messages = messages_there},
        part());
    if (!world) return fail(world.error());
    Subject subject{program, folder, std::move(*world), cores};
    const auto started = subject.start();
    if (!started) return started;
    Subscribers idle{subject.endpoint()};
    for (const auto count : connection_counts) {
        progress.begin(fmt::format("connections: {}", shown(count)));
        const auto rested = idle.settle(idle_for);  // what measuring the fewer took is given back
        if (!rested) return rested;
        const auto before = static_cast<double>(subject.process().memory());
        const auto more = count - idle.count();
        const auto opened = idle.open(more, [&](std::size_t i) {
            return upgrade_request(subject.endpoint(), subject.token(i), "?room=" + subject.team_of(i));
        });
        if (!opened) return opened;
        const auto settled = idle.settle(idle_for);
        if (!settled) return settled;
        AtSize size{.of = "connections", .count = count};
        if (more >= weighed_min)
            size.bytes_each = (static_cast<double>(subject.process().memory()) - before) / static_cast<double>(more);
        const auto room = GuestRoom::make(subject.endpoint(), subject.token(0));
        if (!room) return fail(room.error());
        const auto done = measure(subject, messages_there, room->id(), std::move(size));
        if (!done) return done;
    }
    return true;
}

}  // namespace

std::size_t growth_steps() { return std::size(message_counts) + std::size(user_counts) + std::size(connection_counts); }

std::size_t growth_sockets() { return std::ranges::max(connection_counts); }

Result<bool> measure_growth(const std::filesystem::path& program, const std::filesystem::path& scratch,
                            const Cores& cores, Progress& progress, std::vector<AtSize>& sizes) {
    Grown grown{program, scratch, cores, progress, sizes};
    auto done = grown.messages();
    if (done) done = grown.users();
    if (done) done = grown.connections();
    return done;
}

std::string table_of(const std::vector<AtSize>& sizes) {
    std::string text;
    const AtSize* first = nullptr;
    const auto cell = [](double value, double at_first) {
        return fmt::format("{:.3f} ({:.2f})", value, at_first > 0 ? value / at_first : 1.0);
    };
    for (const auto& size : sizes) {
        if (!first || first->of != size.of) {
            first = &size;
            text += fmt::format("{}{:18}{:>16}{:>16}{:>16}{:>16}{:>17}{:>16}{:>10}{:>9}{:>8}{:>10}\n",
                                text.empty() ? "" : "\n", size.of, "send ms", "page ms", "random page ms", "resume ms",
                                "far resume ms", "login ms", "start ms", "RSS MiB", "B each", "disk MiB");
        }
        text +=
            fmt::format("{:18}{:>16}{:>16}{:>16}{:>16}{:>17}{:>16}{:>10.1f}{:>9.1f}{:>8}{:>10.1f}\n", shown(size.count),
                        cell(size.send_ms, first->send_ms), cell(size.page_ms, first->page_ms),
                        cell(size.random_page_ms, first->random_page_ms), cell(size.resume_ms, first->resume_ms),
                        cell(size.far_resume_ms, first->far_resume_ms), cell(size.login_ms, first->login_ms),
                        size.start_ms, size.memory_mib, size.bytes_each ? shown(*size.bytes_each) : "-", size.disk_mib);
    }
    return text;
}

std::string json_of(const std::vector<AtSize>& sizes) {
    std::string text;
    for (const auto& size : sizes) {
        text += fmt::format(
            R"({}{{"of": "{}", "count": {}, "send_ms": {:.4g}, "page_ms": {:.4g}, "random_page_ms": {:.4g}, )"
            R"("resume_ms": {:.4g}, "far_resume_ms": {:.4g}, "login_ms": {:.4g}, "start_ms": {:.4g}, )"
            R"("memory_mib": {:.4g}, "bytes_each": {}, "disk_mib": {:.4g}}})",
            text.empty() ? "" : ", ", size.of, size.count, size.send_ms, size.page_ms, size.random_page_ms,
            size.resume_ms, size.far_resume_ms, size.login_ms, size.start_ms, size.memory_mib,
            size.bytes_each ? fmt::format("{:.4g}", *size.bytes_each) : "null", size.disk_mib);
    }
    return "[" + text + "]\n";
}

}  // namespace makechat::bench
