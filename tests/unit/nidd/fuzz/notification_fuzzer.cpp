#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "nidd/types/capability.h"
#include "nidd/types/strict_json.h"
#include "nidd/types/t8_exchange.h"
#include "nidd/types/t8_json.h"

/// Everything that reads a SCEF's JSON: nothing may crash, and what is accepted must be writable.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace scef;
    using namespace scef::nidd;
    const std::string_view text = as_text({data, size});
    if (const auto value = parse_strict_json(text)) {
        const auto again = parse_strict_json(dump(*value), {size * 8 + 64, 16, 256, 64});
        if (!again || *again != *value) std::abort();
    }
    (void)parse_notification(text);
    if (const auto configuration = parse_configuration(text)) (void)to_json(*configuration);
    if (const auto transfer = parse_transfer(text)) {
        const auto again = parse_transfer(to_json(*transfer));
        if (!again || again->data != transfer->data) std::abort();
    }
    (void)parse_transfers(text);
    (void)configuration_id_of(text);
    (void)transfer_link_of(text);
    if (const auto capability = Capability::parse(text)) {
        if (capability->text() != text) std::abort();
    }
    T8Answer answer;
    answer.transport = T8Answer::Transport::answered;
    answer.body = text;
    for (const int status : {200, 201, 403, 500}) {
        answer.status = status;
        (void)classify_delivery(answer, "c1");
        (void)classify_configuration(answer);
    }
    return 0;
}
