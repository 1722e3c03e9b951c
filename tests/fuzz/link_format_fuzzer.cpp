// Links that are read survive being written and read again.
#include "lwm2m-core/lwm2m/link_format.h"
#include "lwm2m-core/vocabulary/bytes.h"
#include "tests/fuzz/require.h"

using namespace scef;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto links = lwm2m::parse_link_format(as_text({data, size}));
    if (!links) {
        require(!links.error().message.empty(), "an error has its sentence");
        return 0;
    }
    const auto again = lwm2m::parse_link_format(lwm2m::to_link_format(*links));
    require(again.has_value(), "what is written can be read");
    require(again->size() == links->size(), "no link is lost");
    for (std::size_t i = 0; i < links->size(); ++i) {
        require((*again)[i].target == (*links)[i].target, "a target survives");
        require((*again)[i].attributes == (*links)[i].attributes, "attributes survive");
    }
    return 0;
}
