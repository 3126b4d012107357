#pragma once

#include "base/result.hpp"

#include <filesystem>
#include <string>

namespace makechat::bench {

/// What `makechat bench` was asked for.
struct Request {
    bool as_json = false;
    bool growth = false;
    std::string url;                ///< http://HOST:PORT of a server that runs; empty: one of the bench's own
    std::string token;              ///< with `url`: of a user who may make a room there
    std::string only;               ///< a part of figures' names; empty: all
    std::filesystem::path program;  ///< this binary
    std::filesystem::path folder;   ///< where the own server keeps its data meanwhile, on the disk to be measured
};

/// Measures, and returns what is to be printed. Progress goes to stderr, if that is a terminal. Takes under three minutes;
/// with `growth` as long as it needs. Before any thread is made. Errors, with texts for who runs it: bad_parameter (of the
/// request, or descriptors: nothing has been made), internal. What was measured before something failed, or beside it, has
/// been printed then.
Result<std::string> run(const Request& request);

}  // namespace makechat::bench
