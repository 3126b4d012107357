#pragma once

#include "base/result.hpp"
#include "bench/cores.hpp"
#include "bench/process.hpp"
#include "bench/socket.hpp"
#include "bench/world.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace makechat::bench {

/// The server that is measured: one that the bench starts on a folder of its own, or one that it was pointed at.
class Subject {
public:
    /// `program` is the binary; `folder` holds the world.
    Subject(std::filesystem::path program, std::filesystem::path folder, World world, Cores cores);
    /// One that runs elsewhere: all connections are those of `token`'s user, who must be able to write in `room`.
    Subject(Endpoint endpoint, std::string token, std::string room, Cores cores);

    /// Starts it, on the server's core or on all, and returns when it answers /healthz. Error: internal, with its log.
    enum class On : bool { its_core, all_cores };
    Result<bool> start(On on = On::its_core);
    void stop();  ///< SIGTERM, to the end
    void kill();
    [[nodiscard]] const Process& process() const { return own_->process; }
    /// From the start of the process to its first answer, of the last `start`.
    [[nodiscard]] std::chrono::duration<double, std::milli> first_answer_after() const { return first_answer_after_; }

    [[nodiscard]] const Endpoint& endpoint() const { return endpoint_; }
    [[nodiscard]] const std::string& token(std::size_t user) const;
    [[nodiscard]] const std::string& room() const { return room_; }  ///< the big room's id
    [[nodiscard]] std::string team_of(std::size_t user) const;
    [[nodiscard]] const std::filesystem::path& program() const { return own_->program; }
    [[nodiscard]] const std::filesystem::path& folder() const { return own_->folder; }
    [[nodiscard]] World& world() { return own_->world; }
    [[nodiscard]] const Cores& cores() const { return cores_; }

private:
    struct Own {
        std::filesystem::path program;
        std::filesystem::path folder;
        World world;
        Process process;
    };

    [[nodiscard]] std::string log_text() const;

    std::optional<Own> own_;
    Endpoint endpoint_;
    std::string room_;
    std::vector<std::string> tokens_;
    Cores cores_;
    std::chrono::duration<double, std::milli> first_answer_after_{};
};

}  // namespace makechat::bench
