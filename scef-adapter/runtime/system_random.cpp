#include "scef-adapter/runtime/system_random.h"

#include <cstdlib>

#include <sys/random.h>

namespace scef::adapter {

std::uint64_t SystemRandom::next() {
    if (used_ == pool_.size()) {
        // 256 octets come whole or not at all (getrandom(2)); without randomness there are no
        // secrets.
        if (::getrandom(pool_.data(), sizeof pool_, 0) != static_cast<ssize_t>(sizeof pool_)) {
            std::abort();
        }
        used_ = 0;
    }
    return pool_[used_++];
}

}  // namespace scef::adapter
