#include "simulators/lwm2m-server-simulator/coap_pdu.h"

#include <array>

namespace scef::lwm2m_server_simulator {

CoapMessage read_pdu(const coap_pdu_t* pdu) {
    CoapMessage message;
    message.type = static_cast<coap::Type>(coap_pdu_get_type(pdu));
    message.code = static_cast<std::uint8_t>(coap_pdu_get_code(pdu));
    message.message_id = static_cast<std::uint16_t>(coap_pdu_get_mid(pdu));
    const coap_bin_const_t token = coap_pdu_get_token(pdu);
    message.token = std::string(as_text({token.s, token.length}));

    coap_opt_iterator_t iterator;
    if (coap_option_iterator_init(pdu, &iterator, COAP_OPT_ALL) != nullptr) {
        while (const coap_opt_t* const option = coap_option_next(&iterator)) {
            const std::uint8_t* const value = coap_opt_value(option);
            message.options.push_back({iterator.number, {value, value + coap_opt_length(option)}});
        }
    }
    std::size_t size = 0;
    const std::uint8_t* data = nullptr;
    if (coap_get_data(pdu, &size, &data) != 0) message.payload.assign(data, data + size);
    return message;
}

bool write_pdu(const CoapMessage& message, coap_pdu_t* pdu) {
    coap_optlist_t* list = nullptr;
    for (const CoapOption& option : message.options) {
        coap_optlist_t* const entry =
            coap_new_optlist(option.number, option.value.size(), option.value.data());
        if (entry == nullptr || coap_insert_optlist(&list, entry) == 0) {
            coap_delete_optlist(list);
            return false;
        }
    }
    const bool fits = list == nullptr || coap_add_optlist_pdu(pdu, &list) != 0;
    coap_delete_optlist(list);
    if (!fits) return false;
    return message.payload.empty() ||
           coap_add_data(pdu, message.payload.size(), message.payload.data()) != 0;
}

std::string text_of(const coap_address_t* address) {
    std::array<unsigned char, 64> text{};
    const std::size_t size = coap_print_addr(address, text.data(), text.size());
    return std::string(as_text({text.data(), size}));
}

}  // namespace scef::lwm2m_server_simulator
