// Two readers of one datagram, ours and libcoap's, agree on what it says, or differ in a way that
// the tables below allow.
#include <algorithm>
#include <array>
#include <memory>

#include <coap3/coap.h>

#include "lwm2m-core/coap/codec.h"
#include "tests/fuzz/require.h"

using namespace scef;

namespace {

struct Difference {
    std::string_view reason;
    std::string_view because;
};

/// We refuse it, libcoap reads it.
constexpr std::array stricter{
    Difference{"code_class", "RFC 7252 4.2: reserved classes, and 3.xx, are format errors"},
    Difference{"request_in_ack", "RFC 7252 4.2: an ACK carries a response or is Empty"},
    Difference{"reset_with_code", "RFC 7252 4.2: a Reset is Empty"},
    Difference{"option_number",
               "RFC 7252 3.1: numbers end at 65535; libcoap wraps one great delta"},
    Difference{"empty_non_confirmable", "RFC 7252 4.3: an Empty message is never NON"},
};

struct Range {
    std::uint16_t number;
    std::size_t size_min;
    std::size_t size_max;
};

/// libcoap refuses the whole datagram for a value outside these sizes. We read it: RFC 7252 5.4.3
/// makes it an unrecognised option, which `refuse_request` and `drop_bad_elective` deal with.
constexpr std::array libcoap_ranges{
    Range{1, 0, 8},  Range{3, 1, 255},  Range{4, 1, 8},   Range{5, 0, 0},     Range{6, 0, 3},
    Range{7, 0, 2},  Range{8, 0, 255},  Range{9, 0, 255}, Range{11, 0, 255},  Range{12, 0, 2},
    Range{14, 0, 4}, Range{15, 1, 255}, Range{16, 1, 1},  Range{17, 0, 2},    Range{20, 0, 255},
    Range{23, 0, 3}, Range{27, 0, 3},   Range{28, 0, 4},  Range{35, 1, 1034}, Range{39, 1, 255},
    Range{60, 0, 4}, Range{252, 0, 40}, Range{258, 0, 1}, Range{292, 0, 8},
};

bool libcoap_may_refuse(const coap::Message& message) {
    return std::any_of(
        message.options.begin(), message.options.end(), [](const coap::Option& option) {
            const auto range =
                std::find_if(libcoap_ranges.begin(), libcoap_ranges.end(),
                             [&](const Range& r) { return r.number == option.number; });
            return range != libcoap_ranges.end() &&
                   (option.value.size() < range->size_min || option.value.size() > range->size_max);
        });
}

bool we_may_refuse(std::string_view reason) {
    return std::any_of(stricter.begin(), stricter.end(),
                       [&](const Difference& row) { return row.reason == reason; });
}

using Pdu = std::unique_ptr<coap_pdu_t, decltype(&coap_delete_pdu)>;

/// libcoap's reading, or null.
Pdu read_by_libcoap(ByteView octets) {
    Pdu pdu(coap_pdu_init(COAP_MESSAGE_CON, COAP_EMPTY_CODE, 0, octets.size()), &coap_delete_pdu);
    require(pdu != nullptr, "libcoap has memory");
    if (coap_pdu_parse(COAP_PROTO_UDP, octets.data(), octets.size(), pdu.get()) == 0) pdu.reset();
    return pdu;
}

coap::Message translated(const coap_pdu_t* pdu) {
    coap::Message message;
    message.type = static_cast<coap::Type>(coap_pdu_get_type(pdu));
    message.code = coap::Code::from_octet(static_cast<std::uint8_t>(coap_pdu_get_code(pdu)));
    message.message_id = static_cast<std::uint16_t>(coap_pdu_get_mid(pdu));
    const coap_bin_const_t token = coap_pdu_get_token(pdu);
    message.token = coap::Token(ByteView(token.s, token.length));
    coap_opt_iterator_t options;
    if (coap_option_iterator_init(pdu, &options, COAP_OPT_ALL) != nullptr) {
        while (const coap_opt_t* option = coap_option_next(&options)) {
            const std::uint8_t* value = coap_opt_value(option);
            message.options.push_back(
                {options.number, Bytes(value, value + coap_opt_length(option))});
        }
    }
    std::size_t size = 0;
    const std::uint8_t* payload = nullptr;
    if (coap_get_data(pdu, &size, &payload) != 0) message.payload.assign(payload, payload + size);
    return message;
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
    coap_set_log_level(LOG_EMERG);
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView octets(data, size);
    const auto ours = coap::parse(octets);
    const Pdu theirs = read_by_libcoap(octets);
    if (!ours) {
        require(theirs == nullptr || we_may_refuse(ours.error().reason),
                "we refuse only what libcoap refuses");
        return 0;
    }
    if (theirs == nullptr) {
        require(libcoap_may_refuse(*ours), "libcoap refuses only what we refuse");
        return 0;
    }
    require(*ours == translated(theirs.get()), "both read the same message");
    return 0;
}
