#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "lwm2m-core/vocabulary/turn.h"

namespace scef::adapter {

/// Random numbers of the operating system (getrandom(2)), fit for secrets. Belongs to one thread.
class SystemRandom final : public Random {
public:
    std::uint64_t next() override;

private:
    std::array<std::uint64_t, 32> pool_{};
    std::size_t used_ = 32;
};

}  // namespace scef::adapter
