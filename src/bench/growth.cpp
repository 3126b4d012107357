#include "bench/growth.hpp"

#include "bench/figure.hpp"
#include "bench/request_load.hpp"
#include "bench/subject.hpp"
#include "bench/subscribers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace makechat::bench {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t message_counts[] = {10'000, 100'000, 1'000'000, 10'000'000};
constexpr std::size_t user_counts[] = {10, 100, 1'000, 10'000, 100'000};
constexpr std::size_t connection_counts[] = {1, 100, 1'000, 10'000};
constexpr std::size_t missed = 50;
constexpr int resumes = 25;
constexpr LoadShape one_client{.clients = 1, .warm_up = milliseconds{300}, .time = milliseconds{1'500}};
constexpr LoadShape one_at_login{.clients = 1, .warm_up = milliseconds{100}, .time = milliseconds{2'000}};

/// The median wait of one client that asks for the same again and again.
Result<double> median_wait(const Subject& subject, const LoadShape& shape, const std::string& request) {
    const auto seen = load(subject.endpoint(), shape, [&](std::size_t) { return request; });
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

/// Who was there, missed fifty messages, and comes back with his cursor.
Result<double> median_resume(const Subject& subject) {
    const auto request = [&](const std::string& cursor) {
        auto query = "?room=" + subject.room() + (cursor.empty() ? "" : "&cursor=" + cursor);
        return upgrade_request(subject.endpoint(), subject.token(1), query);
    };
    Subscribers before{subject.endpoint()};
    before.keep_cursors();
    const auto opened = before.open(1, [&](std::size_t) { return request({}); });
    if (!opened) return fail(opened.error());
    const auto settled = before.settle(milliseconds{300});
    if (!settled) return fail(settled.error());
    const auto cursor = before.cursor(0);
    for (std::size_t i = 0; i < missed; ++i) {
        const auto posted = ask(subject.endpoint(), post_of(subject));
        if (!posted) return fail(posted.error());
    }
    std::vector<double> waits;
    for (int i = 0; i < resumes; ++i) {
        Subscribers again{subject.endpoint()};
        const auto begun = Clock::now();
        const auto back = again.open(1, [&](std::size_t) { return request(cursor); });
        if (!back) return fail(back.error());
        const auto caught_up = again.wait_for_messages(missed);
        if (!caught_up) return fail(caught_up.error());
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

/// Measures what `subject`, which runs, takes for one of each. `messages`: in its room.
Result<AtSize> measure_one(const Subject& subject, std::size_t messages, AtSize size) {
    size.start_ms = subject.first_answer_after().count();
    size.memory_mib = static_cast<double>(subject.process().memory()) / mebibyte;
    size.disk_mib = disk_of(subject.folder());
    const auto login =
        request_of(subject.endpoint(), "POST", "/api/login", {},
                   fmt::format(R"({{"username": "{}", "password": "{}"}})", world_username(0), world_password));
    const struct {
        double& into;
        const LoadShape& shape;
        std::string request;
    } waits[] = {{size.send_ms, one_client, post_of(subject)},
                 {size.page_ms, one_client, page_of(subject, {})},
                 {size.middle_page_ms, one_client, page_of(subject, fmt::format("&before={}", messages / 2))},
                 {size.login_ms, one_at_login, login}};
    for (const auto& [into, shape, request] : waits) {
        const auto wait = median_wait(subject, shape, request);
        if (!wait) return fail(wait.error());
        into = *wait;
    }
    const auto resume = median_resume(subject);
    if (!resume) return fail(resume.error());
    size.resume_ms = *resume;
    return size;
}

struct Grown {
    const std::filesystem::path& program;
    const std::filesystem::path& scratch;
    const Cores& cores;
    Progress& progress;
    std::vector<AtSize>& sizes;

    Result<bool> measure(Subject& subject, std::size_t messages, const std::string& of, std::size_t count) {
        auto size = measure_one(subject, messages, AtSize{.of = of, .count = count});
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
        if (done) done = measure(subject, count, "messages in a room", count);
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
        if (done) done = measure(subject, messages_there, "users", count);
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
        const auto opened = idle.open(count - idle.count(), [&](std::size_t i) {
            return upgrade_request(subject.endpoint(), subject.token(i), "?room=" + subject.team_of(i));
        });
        if (!opened) return opened;
        const auto settled = idle.settle(milliseconds{1'500});
        if (!settled) return settled;
        const auto done = measure(subject, messages_there, "connections", count);
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
            text += fmt::format("{}{:20}{:>17}{:>17}{:>17}{:>17}{:>17}{:>11}{:>9}{:>9}\n", text.empty() ? "" : "\n",
                                size.of, "send ms", "page ms", "page before ms", "resume ms", "login ms", "start ms",
                                "RSS MiB", "disk MiB");
        }
        text += fmt::format("{:20}{:>17}{:>17}{:>17}{:>17}{:>17}{:>11.1f}{:>9.1f}{:>9.1f}\n", shown(size.count),
                            cell(size.send_ms, first->send_ms), cell(size.page_ms, first->page_ms),
                            cell(size.middle_page_ms, first->middle_page_ms), cell(size.resume_ms, first->resume_ms),
                            cell(size.login_ms, first->login_ms), size.start_ms, size.memory_mib, size.disk_mib);
    }
    return text;
}

std::string json_of(const std::vector<AtSize>& sizes) {
    std::string text;
    for (const auto& size : sizes) {
        text += fmt::format(
            R"({}{{"of": "{}", "count": {}, "send_ms": {:.4g}, "page_ms": {:.4g}, "middle_page_ms": {:.4g}, )"
            R"("resume_ms": {:.4g}, "login_ms": {:.4g}, "start_ms": {:.4g}, "memory_mib": {:.4g}, "disk_mib": {:.4g}}})",
            text.empty() ? "" : ", ", size.of, size.count, size.send_ms, size.page_ms, size.middle_page_ms,
            size.resume_ms, size.login_ms, size.start_ms, size.memory_mib, size.disk_mib);
    }
    return "[" + text + "]\n";
}

}  // namespace makechat::bench
