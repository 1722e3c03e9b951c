#include "tests/differential/libcoap.h"

#include <array>

#include <arpa/inet.h>
#include <coap3/coap.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace scef::differential {
namespace {

constexpr std::size_t size_max = 70000;

struct PduDeleter {
    void operator()(coap_pdu_t* pdu) const { coap_delete_pdu(pdu); }
};
using Pdu = std::unique_ptr<coap_pdu_t, PduDeleter>;

coap::Message message_of(const coap_pdu_t* pdu) {
    coap::Message message;
    message.type = static_cast<coap::Type>(coap_pdu_get_type(pdu));
    message.code = coap::Code::from_octet(static_cast<std::uint8_t>(coap_pdu_get_code(pdu)));
    message.message_id = static_cast<std::uint16_t>(coap_pdu_get_mid(pdu));
    const coap_bin_const_t token = coap_pdu_get_token(pdu);
    message.token = coap::Token(ByteView(token.s, token.length));
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

/// Token, options and payload into a PDU whose header is set.
bool fill(coap_pdu_t* pdu, const coap::Message& message) {
    const ByteView token = message.token.view();
    if (!token.empty() && coap_add_token(pdu, token.size(), token.data()) == 0) return false;
    for (const coap::Option& option : message.options) {
        if (coap_add_option(pdu, option.number, option.value.size(), option.value.data()) == 0) {
            return false;
        }
    }
    return message.payload.empty() ||
           coap_add_data(pdu, message.payload.size(), message.payload.data()) != 0;
}

}  // namespace

std::optional<coap::Message> parse_with_libcoap(ByteView octets) {
    coap_set_log_level(LOG_EMERG);
    const Pdu pdu(coap_pdu_init(COAP_MESSAGE_CON, COAP_EMPTY_CODE, 0, size_max));
    if (!pdu || coap_pdu_parse(COAP_PROTO_UDP, octets.data(), octets.size(), pdu.get()) == 0) {
        return std::nullopt;
    }
    return message_of(pdu.get());
}

struct LibcoapSender::Parts {
    coap_context_t* context = nullptr;
    int socket = -1;
    coap_address_t address{};
};

LibcoapSender::LibcoapSender() : parts_(std::make_unique<Parts>()) {
    coap_startup();
    coap_set_log_level(LOG_EMERG);
    parts_->context = coap_new_context(nullptr);
    parts_->socket = ::socket(AF_INET, SOCK_DGRAM, 0);
    coap_address_init(&parts_->address);
    sockaddr_in& address = parts_->address.addr.sin;
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    parts_->address.size = sizeof address;
    ::bind(parts_->socket, &parts_->address.addr.sa, sizeof address);
    socklen_t size = sizeof address;
    ::getsockname(parts_->socket, &parts_->address.addr.sa, &size);
}

LibcoapSender::~LibcoapSender() {
    coap_free_context(parts_->context);
    ::close(parts_->socket);
    coap_cleanup();
}

Bytes LibcoapSender::octets_of(const coap::Message& message) {
    // A session of its own: libcoap holds back a second confirmable message.
    coap_session_t* const session =
        coap_new_client_session(parts_->context, nullptr, &parts_->address, COAP_PROTO_UDP);
    if (session == nullptr) return {};
    Pdu pdu(coap_pdu_init(static_cast<coap_pdu_type_t>(message.type),
                          static_cast<coap_pdu_code_t>(message.code.octet), message.message_id,
                          size_max));
    Bytes octets;
    if (pdu && fill(pdu.get(), message) && coap_send(session, pdu.release()) != COAP_INVALID_MID) {
        octets.resize(size_max);
        pollfd waiting{parts_->socket, POLLIN, 0};
        const bool is_there = ::poll(&waiting, 1, 5000) == 1;
        const ssize_t size = is_there ? ::recv(parts_->socket, octets.data(), octets.size(), 0) : 0;
        octets.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    }
    coap_session_release(session);
    return octets;
}

}  // namespace scef::differential
