#include "bench/subject.hpp"

#include "bench/request_load.hpp"

#include <fmt/format.h>
#include <time.h>

#include <fstream>
#include <iterator>
#include <utility>

namespace makechat::bench {
namespace {

using Clock = std::chrono::steady_clock;

/// Limits that protect a server from its users would only measure themselves; lines for each request, the disk of the log.
std::vector<std::string> command_of(const std::filesystem::path& program, const std::filesystem::path& folder,
                                    const Endpoint& at) {
    return {program.string(),
            "serve",
            "--config",
            (folder / "makechat.conf").string(),
            "--data",
            folder.string(),
            "--listen",
            fmt::format("{}:{}", at.host, at.port),
            "--rate-limit-login",
            "off",
            "--rate-limit-write",
            "off",
            "--rate-limit-read",
            "off",
            "--log-level",
            "warning"};
}

void wait_a_moment() {
    const timespec moment{.tv_sec = 0, .tv_nsec = 200'000};
    nanosleep(&moment, nullptr);
}

}  // namespace

Subject::Subject(std::filesystem::path program, std::filesystem::path folder, World world, Cores cores)
    : own_(Own{std::move(program), std::move(folder), std::move(world), {}}), cores_(std::move(cores)) {
    room_ = to_hex(own_->world.room);
    std::ofstream{own_->folder / "makechat.conf"} << "[DEFAULT]\n";
}

Subject::Subject(Endpoint endpoint, std::string token, std::string room, Cores cores)
    : endpoint_(std::move(endpoint)), room_(std::move(room)), tokens_{std::move(token)}, cores_(std::move(cores)) {}

Result<bool> Subject::start(On on) {
    endpoint_ = {"127.0.0.1", free_port()};
    const auto begun = Clock::now();
    auto process = Process::start(command_of(own_->program, own_->folder, endpoint_),
                                  on == On::its_core ? cores_.server : cores_.all(), own_->folder / "serve.log");
    if (!process) return fail(process.error());
    own_->process = std::move(*process);
    const auto request = request_of(endpoint_, "GET", "/healthz", {}, {});
    while (Clock::now() - begun < std::chrono::seconds{60}) {
        if (ask(endpoint_, request)) {
            first_answer_after_ = Clock::now() - begun;
            return true;
        }
        if (!own_->process.runs()) return fail({Code::internal, "The server ended at its start: " + log_text()});
        wait_a_moment();
    }
    return fail({Code::internal, "The server does not answer: " + log_text()});
}

void Subject::stop() { own_->process.terminate(); }
void Subject::kill() { own_->process.kill(); }

const std::string& Subject::token(std::size_t user) const {
    const auto& tokens = own_ ? own_->world.tokens : tokens_;
    return tokens[user % tokens.size()];
}

std::string Subject::team_of(std::size_t user) const {
    return own_ && !own_->world.teams.empty() ? to_hex(own_->world.team_of(user)) : room_;
}

std::string Subject::log_text() const {
    std::ifstream log{own_->folder / "serve.log"};
    return {std::istreambuf_iterator<char>(log), {}};
}

}  // namespace makechat::bench
