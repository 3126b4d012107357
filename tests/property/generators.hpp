#pragma once

#include "property/operation.hpp"

#include <rapidcheck.h>

#include <vector>

namespace makechat::property {

struct Wanted {
    bool faults = false;    ///< of the store
    bool together = false;  ///< actions at the same moment
    bool disk = false;      ///< faults of the disk below the store
};

/// What people do, in the proportions in which rules meet: rooms change and members come and go far more often than in
/// life.
rc::Gen<std::vector<Action>> actions(Wanted wanted);

/// RapidCheck finds it by this name.
// NOLINTNEXTLINE(readability-identifier-naming)
inline void showValue(const Action& action, std::ostream& out) { out << show(action); }

}  // namespace makechat::property
