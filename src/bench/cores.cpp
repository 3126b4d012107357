#include "bench/cores.hpp"

#include <sched.h>

namespace makechat::bench {

Cores Cores::of_machine() {
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    sched_getaffinity(0, sizeof allowed, &allowed);
    std::vector<int> usable;
    for (int core = 0; core < CPU_SETSIZE; ++core)
        if (CPU_ISSET(core, &allowed)) usable.push_back(core);
    return {{usable.front()}, {usable.back()}};
}

std::vector<int> Cores::all() const {
    auto cores = server;
    if (!shared()) cores.insert(cores.end(), clients.begin(), clients.end());
    return cores;
}

void stay_on(const std::vector<int>& cores) {
    cpu_set_t set;
    CPU_ZERO(&set);
    for (const int core : cores) CPU_SET(core, &set);
    sched_setaffinity(0, sizeof set, &set);
}

}  // namespace makechat::bench
