// Two readers of one datagram, ours and libcoap's, agree on what it says, or differ in a way that
// tests/differential has the reason of.
#include "tests/differential/libcoap.h"
#include "tests/fuzz/require.h"

using namespace scef;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView octets(data, size);
    const auto ours = coap::parse(octets);
    const auto theirs = differential::parse_with_libcoap(octets);
    if (ours && theirs) {
        require(*ours == *theirs, "both read the same message");
    } else if (ours || theirs) {
        require(!differential::known_difference(ours).empty(), "there is a reason to differ");
    }
    return 0;
}
