#include "bench/bench.hpp"

#include "bench/cores.hpp"
#include "bench/figures.hpp"
#include "bench/growth.hpp"
#include "bench/guest_room.hpp"
#include "bench/supervised.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <optional>
#include <string_view>
#include <utility>

namespace makechat::bench {
namespace {

using Measured = Result<std::vector<Figure>>;

/// The one figure of `measure`, as a list.
template <Result<Figure> (*Measure)(Setting&)>
Measured one(Setting& setting) {
    auto figure = Measure(setting);
    if (!figure) return fail(figure.error());
    return std::vector<Figure>{std::move(*figure)};
}

struct Measurement {
    std::string_view name;
    Measured (*measure)(Setting&);
    std::size_t sockets_min;
    bool needs_own_server = false;
};

// Those that start the server anew come last.
constexpr Measurement measurements[] = {
    {"fan-out", one<measure_fan_out>, 1'000},
    {"bursts", one<measure_bursts>, 1'000},
    {"stalled", one<measure_stalled_subscriber>, 1'000},
    {"post", one<measure_durable_posts>, 64},
    {"get", one<measure_cached_gets>, 64},
    {"memory", one<measure_idle_memory>, 1'000, true},
    {"start", measure_start, 1, true},
    {"storm", measure_reconnect_storm, 1'600, true},
};

/// A folder that goes with its owner.
class Scratch {
public:
    static Result<Scratch> make(const std::filesystem::path& in) {
        auto name = (in / "makechat-bench-XXXXXX").string();
        if (!mkdtemp(name.data()))
            return fail({Code::internal, "Cannot make a folder in " + in.string() + ". Name another with --folder."});
        return Scratch{name};
    }
    Scratch(Scratch&& other) noexcept : path_(std::exchange(other.path_, {})) {}
    Scratch& operator=(Scratch&&) = delete;
    ~Scratch() {
        std::error_code ignored;
        if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    explicit Scratch(std::filesystem::path path) : path_(std::move(path)) {}
    std::filesystem::path path_;
};

/// A server that runs already, and a room there.
struct Target {
    Endpoint endpoint;
    GuestRoom room;
};

Result<Target> point_at(const Request& request) {
    const auto endpoint = endpoint_of(request.url);
    if (!endpoint) return fail(endpoint.error());
    auto room = GuestRoom::make(*endpoint, request.token);
    if (!room) return fail(room.error());
    return Target{*endpoint, std::move(*room)};
}

Result<Subject> start_own(const Request& request, const std::filesystem::path& scratch, const Cores& cores,
                          Progress& progress) {
    constexpr WorldSize size{.users = 10'000, .rooms_of_100 = 100, .room_members = 1'000, .messages = 10'000};
    progress.begin("preparing a chat of 10,000 people");
    const auto folder = scratch / "data";
    auto world = make_world(folder, size, [&](double part) { progress.part(part); });
    if (!world) return fail(world.error());
    Subject subject{request.program, folder, std::move(*world), cores};
    const auto started = subject.start();
    if (!started) return fail(started.error());
    return subject;
}

std::string heading(const Request& request, const Cores& cores) {
    const auto whose = request.url.empty() ? "a server of its own" : request.url;
    const auto where = cores.shared() ? std::string("server, raw limits and clients share one core")
                                      : fmt::format("server and raw limits on core {}, clients on core {}",
                                                    cores.server.front(), cores.clients.front());
    return fmt::format("makechat bench: {}; {}\n\n", whose, where);
}

bool is_asked_for(const Measurement& measurement, const Request& request) {
    return measurement.name.contains(request.only);
}

bool is_wanted(const Measurement& measurement, const Request& request) {
    return is_asked_for(measurement, request) && !(measurement.needs_own_server && !request.url.empty());
}

std::size_t count_wanted(const Request& request) {
    return static_cast<std::size_t>(
        std::ranges::count_if(measurements, [&](const Measurement& each) { return is_wanted(each, request); }));
}

/// A line about the figures that a server which runs already cannot give; empty: there are none.
std::string left_out(const Request& request) {
    std::vector<std::string_view> names;
    for (const auto& each : measurements)
        if (is_asked_for(each, request) && !is_wanted(each, request)) names.push_back(each.name);
    if (names.empty()) return {};
    return fmt::format("\nLeft out, for they stop and start the server, or weigh it: {}.\n", fmt::join(names, ", "));
}

/// With so few descriptors allowed nothing that asks for more is begun.
std::optional<Error> too_few_descriptors(const Request& request) {
    const auto allowed = sockets_allowed();
    auto needed = request.growth ? growth_sockets() : 0;
    for (const auto& each : measurements)
        if (!request.growth && is_wanted(each, request)) needed = std::max(needed, each.sockets_min);
    if (needed <= allowed) return std::nullopt;
    return Error{
        Code::bad_parameter,
        fmt::format("This needs {} sockets, and {} descriptors in all, of which this process may have {}: raise the "
                    "limit (ulimit -n), or choose with --only.",
                    needed, needed + descriptors_kept, descriptors_allowed())};
}

std::optional<Error> what_is_wrong_with(const Request& request) {
    if (request.growth && !request.url.empty())
        return Error{Code::bad_parameter, "--growth needs a server of its own: leave --url away."};
    if (request.growth && !request.only.empty())
        return Error{Code::bad_parameter, "--growth is a run of its own: leave --only away."};
    if (!request.growth && count_wanted(request) == 0)
        return Error{Code::bad_parameter, fmt::format("There is no figure '{}' to be measured there.", request.only)};
    return too_few_descriptors(request);
}

struct Outcome {
    std::vector<Figure> figures;
    std::vector<std::string> failures;
};

/// What one measurement fails by need not concern the next.
Outcome measure_all(const Request& request, Setting& setting) {
    Outcome outcome;
    for (const auto& measurement : measurements) {
        if (!is_wanted(measurement, request)) continue;
        auto measured = measurement.measure(setting);
        if (measured) std::ranges::move(*measured, std::back_inserter(outcome.figures));
        else outcome.failures.push_back(fmt::format("{}: {}", measurement.name, measured.error().text));
    }
    return outcome;
}

/// Without a target on a server of its own.
Report measure_on(const Request& request, const Cores& cores, const std::filesystem::path& scratch,
                  const std::optional<Target>& target) {
    Progress progress{count_wanted(request) + (target ? 0 : 1)};
    auto subject = target ? Result<Subject>(Subject{target->endpoint, request.token, target->room.id(), cores})
                          : start_own(request, scratch, cores, progress);
    if (!subject) return {{}, subject.error()};
    stay_on(cores.clients);
    Setting setting{*subject, progress, scratch};
    const auto [figures, failures] = measure_all(request, setting);
    Report report;
    if (!failures.empty()) report.failure = Error{Code::internal, fmt::format("{}", fmt::join(failures, "\n"))};
    if (figures.empty()) return report;
    report.text = request.as_json ? json_of(figures) : heading(request, cores) + table_of(figures) + left_out(request);
    return report;
}

Report grow(const Request& request, const Cores& cores, const std::filesystem::path& scratch) {
    Progress progress{growth_steps()};
    stay_on(cores.clients);
    std::vector<AtSize> sizes;
    const auto done = measure_growth(request.program, scratch, cores, progress, sizes);
    Report report;
    if (!done) report.failure = done.error();
    if (!sizes.empty()) report.text = request.as_json ? json_of(sizes) : heading(request, cores) + table_of(sizes);
    return report;
}

Result<std::string> run_until(const StopSignals& stop, const Request& request) {
    const auto scratch = Scratch::make(request.folder);
    if (!scratch) return fail(scratch.error());
    std::optional<Target> target;
    if (!request.url.empty()) {
        auto found = point_at(request);
        if (!found) return fail(found.error());
        target.emplace(std::move(*found));
    }
    const auto report = supervised(stop, [&] {
        const auto cores = Cores::of_machine();
        return request.growth ? grow(request, cores, scratch->path())
                              : measure_on(request, cores, scratch->path(), target);
    });
    if (!report.failure) return report.text;
    fmt::print("{}", report.text);
    std::fflush(stdout);
    return fail(*report.failure);
}

}  // namespace

Result<std::string> run(const Request& request) {
    if (const auto wrong = what_is_wrong_with(request)) return fail(*wrong);
    std::signal(SIGPIPE, SIG_IGN);
    const StopSignals stop;
    return run_until(stop, request);
}

}  // namespace makechat::bench
