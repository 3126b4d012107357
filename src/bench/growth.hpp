#pragma once

#include "base/result.hpp"
#include "bench/cores.hpp"
#include "bench/progress.hpp"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace makechat::bench {

/// How long one thing takes, by itself, on a server of one size: medians.
struct AtSize {
    std::string of;  ///< what grows: "messages in a room"
    std::size_t count = 0;
    double send_ms = 0;         ///< POST /api/messages, to its 201
    double page_ms = 0;         ///< GET of the latest 50 messages
    double random_page_ms = 0;  ///< GET of 50 messages anywhere in the room, elsewhere each time
    double resume_ms = 0;       ///< a WebSocket with a cursor, from its connect to the last of 50 missed messages
    double far_resume_ms = 0;  ///< the same of 9,000, more than the server keeps in memory: the store is read each time
    double login_ms = 0;       ///< POST /api/login: mostly Argon2
    double start_ms = 0;       ///< from the start of the server to its first answer
    double memory_mib = 0;     ///< resident
    std::optional<double> bytes_each;  ///< what one more of a thousand connections adds to it
    double disk_mib = 0;               ///< of the data folder
};

/// 10 thousand to 10 million messages in a room, 10 to 100,000 users, 1 to 10,000 connections: the server on its core,
/// one client on another. Takes ten minutes and 6 GB in `scratch`. `sizes` gets each when it is measured. Error: internal.
Result<bool> measure_growth(const std::filesystem::path& program, const std::filesystem::path& scratch,
                            const Cores& cores, Progress& progress, std::vector<AtSize>& sizes);
/// So many sockets it opens.
std::size_t growth_sockets();
/// So many steps `measure_growth` begins.
std::size_t growth_steps();

/// For people: a line each, with how often the first line of its kind it took.
std::string table_of(const std::vector<AtSize>& sizes);
/// For programs.
std::string json_of(const std::vector<AtSize>& sizes);

}  // namespace makechat::bench
