#pragma once

namespace makechat::crypto {

/// Makes libsodium ready: once, first thing in main, before any thread. False: the machine has no usable source of
/// randomness, and the program must not run.
[[nodiscard]] bool start();

}  // namespace makechat::crypto
