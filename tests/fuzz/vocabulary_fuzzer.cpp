// The small readers of text: what they read survives being written and read again.
#include "lwm2m-core/vocabulary/base64.h"
#include "lwm2m-core/vocabulary/external_id.h"
#include "lwm2m-core/vocabulary/message_id.h"
#include "lwm2m-core/vocabulary/time_text.h"
#include "lwm2m-core/vocabulary/utf8.h"
#include "tests/fuzz/require.h"

using namespace scef;

namespace {

void check_base64(std::string_view text) {
    const auto octets = from_base64(text);
    require(!octets || to_base64(*octets) == text, "base64 has one text for a value");
    const auto url_octets = from_base64url(text);
    require(!url_octets || to_base64url(*url_octets) == text, "base64url has one text for a value");
}

void check_times(std::string_view text) {
    const auto time = from_rfc3339(text);
    if (time) {
        const auto again = from_rfc3339(to_rfc3339(*time));
        require(again && *again <= *time && *time - *again < std::chrono::milliseconds(1),
                "a time survives to the millisecond");
    }
    const auto duration = parse_duration(text);
    if (duration) {
        const auto again = parse_duration(to_text(*duration));
        require(again && *again == *duration, "a duration survives");
    }
    const auto wait = parse_retry_after(text, WallTime{});
    require(!wait || *wait >= Duration{}, "no wait is negative");
}

void check_names(std::string_view text) {
    const auto id = ExternalId::parse(text);
    require(!id || ExternalId::parse(id->text()).value() == *id, "an External Identifier survives");
    require(!id || is_utf8(as_bytes(id->text())), "an External Identifier is plain text");
    const auto message_id = MessageId::parse(text);
    require(!message_id || MessageId::parse(message_id->text()).value() == *message_id,
            "a message id survives");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = as_text({data, size});
    check_base64(text);
    check_times(text);
    check_names(text);
    return 0;
}
