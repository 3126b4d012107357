#include "bench/bench.hpp"

#include "bench/cores.hpp"
#include "bench/figures.hpp"
#include "bench/growth.hpp"
#include "bench/request_load.hpp"
#include "bench/supervised.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
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
    bool needs_own_server = false;
};

// Those that start the server anew come last.
constexpr Measurement measurements[] = {
    {"fan-out", one<measure_fan_out>},
    {"bursts", one<measure_bursts>},
    {"stalled", one<measure_stalled_subscriber>},
    {"post", one<measure_durable_posts>},
    {"get", one<measure_cached_gets>},
    {"memory", one<measure_idle_memory>, true},
    {"start", measure_start, true},
    {"storm", measure_reconnect_storm, true},
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

Result<Endpoint> endpoint_of(std::string_view url) {
    constexpr std::string_view scheme = "http://";
    const auto bad = [&] {
        return fail({Code::bad_parameter, fmt::format("'{}' is no address: write http://127.0.0.1:8000", url)});
    };
    if (!url.starts_with(scheme)) return bad();
    auto rest = url.substr(scheme.size());
    while (rest.ends_with('/')) rest.remove_suffix(1);
    const auto colon = rest.find(':');
    std::uint16_t port = 80;
    if (colon != std::string_view::npos) {
        const auto digits = rest.substr(colon + 1);
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
        if (error != std::errc{} || end != digits.data() + digits.size()) return bad();
    }
    return find_endpoint(std::string(rest.substr(0, colon)), port);
}

/// A server that runs already gets a room of its own for this.
Result<Subject> point_at(const Request& request, const Cores& cores) {
    const auto endpoint = endpoint_of(request.url);
    if (!endpoint) return fail(endpoint.error());
    const auto body = fmt::format(R"({{"name": "bench {}", "is_visible": false}})", getpid());
    const auto made = ask(*endpoint, request_of(*endpoint, "POST", "/api/rooms", request.token, body));
    if (!made) return fail({Code::internal, "Cannot make a room for the bench there.\n" + made.error().text});
    boost::system::error_code error;
    const auto room = boost::json::parse(*made, error);
    if (error) return fail({Code::internal, request.url + " does not answer as makechat does."});
    const std::string id{room.at("_id").at("$oid").as_string()};
    return Subject{*endpoint, request.token, id, cores};
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

bool is_wanted(const Measurement& measurement, const Request& request) {
    return measurement.name.contains(request.only) && !(measurement.needs_own_server && !request.url.empty());
}

std::optional<Error> what_is_wrong_with(const Request& request) {
    if (request.growth && !request.url.empty())
        return Error{Code::bad_parameter, "--growth needs a server of its own: leave --url away."};
    const auto wanted = [&](const Measurement& each) { return is_wanted(each, request); };
    if (!request.growth && std::ranges::none_of(measurements, wanted))
        return Error{Code::bad_parameter, fmt::format("There is no figure '{}' to be measured there.", request.only)};
    return std::nullopt;
}

Measured measure_all(const Request& request, Setting& setting) {
    std::vector<Figure> figures;
    for (const auto& measurement : measurements) {
        if (!is_wanted(measurement, request)) continue;
        const auto& [name, measure, needs_own_server] = measurement;
        auto measured = measure(setting);
        if (!measured) return fail({measured.error().code, fmt::format("{}: {}", name, measured.error().text)});
        std::ranges::move(*measured, std::back_inserter(figures));
    }
    return figures;
}

/// What it finds on the server that runs is left as it was.
void tidy_up(const Request& request, const Subject& subject) {
    if (request.url.empty()) return;
    const auto path = "/api/rooms/" + subject.room();
    const auto gone = ask(subject.endpoint(), request_of(subject.endpoint(), "DELETE", path, request.token, {}));
    if (!gone) fmt::print(stderr, "The bench's room {} is still there: {}\n", subject.room(), gone.error().text);
}

Measured measure_on(const Request& request, const Cores& cores, const std::filesystem::path& scratch) {
    Progress progress{std::size(measurements) + 1};
    auto subject = request.url.empty() ? start_own(request, scratch, cores, progress) : point_at(request, cores);
    if (!subject) return fail(subject.error());
    stay_on(cores.clients);
    Setting setting{*subject, progress, scratch};
    auto measured = measure_all(request, setting);
    tidy_up(request, *subject);
    return measured;
}

Result<std::string> grow(const Request& request, const Cores& cores, const std::filesystem::path& scratch) {
    Progress progress{growth_steps()};
    stay_on(cores.clients);
    const auto sizes = measure_growth(request.program, scratch, cores, progress);
    if (!sizes) return fail(sizes.error());
    return request.as_json ? json_of(*sizes) : heading(request, cores) + table_of(*sizes);
}

}  // namespace

Result<std::string> run(const Request& request) {
    if (const auto wrong = what_is_wrong_with(request)) return fail(*wrong);
    std::signal(SIGPIPE, SIG_IGN);
    descriptors_allowed();
    const auto scratch = Scratch::make(request.folder);
    if (!scratch) return fail(scratch.error());
    return supervised([&]() -> Result<std::string> {
        const auto cores = Cores::of_machine();
        if (request.growth) return grow(request, cores, scratch->path());
        const auto figures = measure_on(request, cores, scratch->path());
        if (!figures) return fail(figures.error());
        return request.as_json ? json_of(*figures) : heading(request, cores) + table_of(*figures);
    });
}

}  // namespace makechat::bench
