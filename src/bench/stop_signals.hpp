#pragma once

#include "bench/socket.hpp"

#include <signal.h>

namespace makechat::bench {

/// The signals that stop a program (Ctrl-C, SIGTERM, SIGHUP), kept from doing so for as long as it lives, so that whoever
/// has it can tidy up first. Only while there is one thread.
class StopSignals {
public:
    StopSignals();
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;
    ~StopSignals();  ///< takes all that came
    /// Readable when one has come.
    [[nodiscard]] int descriptor() const { return descriptor_.number(); }
    /// Takes one; false: none has come.
    [[nodiscard]] bool take() const;

private:
    sigset_t before_{};
    Descriptor descriptor_;
};

}  // namespace makechat::bench
