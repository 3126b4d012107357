#include "store/sqlite/fault_report.hpp"

#include "base/log.hpp"

#include <fmt/format.h>

namespace makechat::sqlite {

void FaultReport::failed(const Failure& failure) {
    worked_ = 0;
    const bool told = failure.is_damage() ? damaged_.exchange(true) : failing_.exchange(true);
    if (told) return;
    if (failure.is_damage()) {
        log::error(fmt::format("sqlite: {} is damaged ({}). {} What the damage does not touch goes on meanwhile.",
                               file_.string(), failure.what(), failure.remedy()));
        return;
    }
    log::error(
        fmt::format("sqlite: {} cannot be {}: {}. {}", file_.string(), ability_, failure.what(), failure.remedy()));
}

void FaultReport::worked() {
    if (!failing_.load(std::memory_order_relaxed)) return;
    if (++worked_ < works_again_after_ || !failing_.exchange(false)) return;
    log::info(fmt::format("sqlite: {} can be {} again.", file_.string(), ability_));
}

}  // namespace makechat::sqlite
