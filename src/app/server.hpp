#pragma once

#include "app/config.hpp"
#include "base/result.hpp"

#include <memory>
#include <string>

namespace makechat::app {

/// `makechat serve`: everything wired together, one event loop for each core.
class Server {
public:
    /// Opens the store and the listeners. Errors, with texts for who starts the program: conflict (folder or port in use),
    /// internal (the store cannot be opened), bad_parameter (a setting).
    static Result<std::unique_ptr<Server>> open(const Config& config);
    ~Server();

    /// Says where it listens and, while there is no admin, how to make one; then serves until a stop signal (see
    /// stop_signals.hpp): accepts no more, finishes what was accepted, closes live connections with 1012, and returns.
    void run();

private:
    struct Parts;
    explicit Server(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace makechat::app
