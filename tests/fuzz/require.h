#pragma once

#include <cstdio>
#include <cstdlib>

namespace scef {

/// Ends the fuzzer, which then stores the input, if a property does not hold.
inline void require(bool holds, const char* property) {
    if (holds) return;
    std::fprintf(stderr, "violated: %s\n", property);
    std::abort();
}

}  // namespace scef
