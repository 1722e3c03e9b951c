#pragma once

#include <cstddef>

namespace scef::nidd {

/// Whether two secrets of one fixed size are the same octets. Looks at all of them, wherever the
/// first difference is, so that the time tells nothing of it. Pure; any thread.
template <typename Octets>
bool equals_in_constant_time(const Octets& left, const Octets& right) {
    unsigned difference = 0;
    for (std::size_t i = 0; i < left.size(); ++i) {
        difference |= static_cast<unsigned>(left[i] ^ right[i]);
    }
    return difference == 0;
}

}  // namespace scef::nidd
