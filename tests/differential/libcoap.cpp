#include "tests/differential/libcoap.h"

#include <algorithm>
#include <map>

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

Sizes sizes_in_libcoap(std::uint16_t number) {
    static const std::map<std::uint16_t, Sizes> sizes{
        {1, {0, 8}},  {3, {1, 255}},  {4, {1, 8}},   {5, {0, 0}},     {6, {0, 3}},
        {7, {0, 2}},  {8, {0, 255}},  {9, {0, 255}}, {11, {0, 255}},  {12, {0, 2}},
        {14, {0, 4}}, {15, {1, 255}}, {16, {1, 1}},  {17, {0, 2}},    {20, {0, 255}},
        {23, {0, 3}}, {27, {0, 3}},   {28, {0, 4}},  {35, {1, 1034}}, {39, {1, 255}},
        {60, {0, 4}}, {252, {0, 40}}, {258, {0, 1}}, {292, {0, 8}}};
    const auto known = sizes.find(number);
    return known == sizes.end() ? Sizes{} : known->second;
}

std::string_view known_difference(const tl::expected<coap::Message, coap::ParseError>& ours) {
    if (!ours) {
        for (const std::string_view reason : {"code_class", "request_in_ack", "reset_with_code",
                                              "option_number", "empty_non_confirmable"}) {
            if (ours.error().reason == reason) return reason;
        }
        return "";
    }
    const auto& options = ours->options;
    const bool is_refused = std::any_of(options.begin(), options.end(), [](const auto& option) {
        const Sizes sizes = sizes_in_libcoap(option.number);
        return option.value.size() < sizes.least || option.value.size() > sizes.most;
    });
    return is_refused ? "size of a known option" : "";
}

std::optional<coap::Message> parse_with_libcoap(ByteView octets) {
    coap_set_log_level(LOG_EMERG);
    const Pdu pdu(coap_pdu_init(COAP_MESSAGE_CON, COAP_EMPTY_CODE, 0, octets.size()));
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
