#pragma once

#include <cstdlib>

/// What a fuzz target expects of the code it feeds. Stops the program, so that libFuzzer keeps the input.
inline void require(bool holds) {
    if (!holds) std::abort();
}
