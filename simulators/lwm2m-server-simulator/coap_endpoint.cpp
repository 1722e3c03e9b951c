#include "simulators/lwm2m-server-simulator/coap_endpoint.h"

#include <array>
#include <cstring>

#include <arpa/inet.h>
#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "simulators/lwm2m-server-simulator/coap_pdu.h"

namespace scef::lwm2m_server_simulator {
namespace {

constexpr int tick_milliseconds = 20;
/// Requests to one peer that may be unacknowledged at once. Far more than RFC 7252 4.7 asks for:
/// what limits the flow to a sleeping device is not this end.
constexpr std::uint16_t nstart = 250;
constexpr unsigned idle_session_seconds = 3600;

/// What became of the last confirmable response of a session: kept in its application data.
char accepted_mark;
char refused_mark;

Result<coap_address_t> to_coap_address(const HostPort& listen) {
    coap_address_t address;
    coap_address_init(&address);
    if (::inet_pton(AF_INET, listen.host.c_str(), &address.addr.sin.sin_addr) == 1) {
        address.addr.sin.sin_family = AF_INET;
        address.addr.sin.sin_port = htons(listen.port);
        address.size = sizeof(sockaddr_in);
        return address;
    }
    if (::inet_pton(AF_INET6, listen.host.c_str(), &address.addr.sin6.sin6_addr) == 1) {
        address.addr.sin6.sin6_family = AF_INET6;
        address.addr.sin6.sin6_port = htons(listen.port);
        address.size = sizeof(sockaddr_in6);
        return address;
    }
    return fail(Errc::invalid_argument, "'" + listen.host + "' is no IP address");
}

/// libcoap binds with SO_REUSEADDR, under which two programs share one UDP port unnoticed; a plain
/// bind finds the other one.
Status check_port_is_free(const coap_address_t& address, const HostPort& listen) {
    const int probe = ::socket(address.addr.sa.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const int bound = probe < 0 ? -1 : ::bind(probe, &address.addr.sa, address.size);
    const int error = errno;
    if (probe >= 0) ::close(probe);
    if (bound == 0) return {};
    return fail(Errc::unavailable,
                "cannot listen for CoAP on " + to_text(listen) + ": " + std::strerror(error));
}

coap_fixed_point_t to_fixed_point(Duration duration) {
    const auto milliseconds =
        std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
    return {static_cast<std::uint16_t>(milliseconds / 1000),
            static_cast<std::uint16_t>(milliseconds % 1000)};
}

void start_libcoap() {
    static std::once_flag once;
    std::call_once(once, [] {
        coap_startup();
        coap_set_log_level(LOG_WARNING);
        coap_set_log_handler([](coap_log_t, const char* message) {
            std::string_view text(message);
            while (text.ends_with('\n')) text.remove_suffix(1);
            spdlog::debug("LIBCOAP text=\"{}\"", text);
        });
    });
}

}  // namespace

CoapEndpoint::CoapEndpoint(Duration ack_timeout, CoapHandler& handler)
    : ack_timeout_(ack_timeout), handler_(handler) {}

CoapEndpoint::~CoapEndpoint() {
    stop();
    tasks_.clear();  // they may hold sessions
    context_.reset();
    if (wake_fd_ >= 0) ::close(wake_fd_);
}

Result<std::unique_ptr<CoapEndpoint>> CoapEndpoint::open(const HostPort& listen,
                                                         Duration ack_timeout,
                                                         CoapHandler& handler) {
    start_libcoap();
    const auto address = to_coap_address(listen);
    if (!address) return tl::unexpected(address.error());
    if (const Status free = check_port_is_free(*address, listen); !free) {
        return tl::unexpected(free.error());
    }

    std::unique_ptr<CoapEndpoint> self(new CoapEndpoint(ack_timeout, handler));
    self->context_.reset(coap_new_context(nullptr));
    self->wake_fd_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (self->context_ == nullptr || self->wake_fd_ < 0) {
        return fail(Errc::internal, "cannot make a CoAP context");
    }
    coap_context_t* const context = self->context_.get();
    if (coap_context_get_coap_fd(context) < 0) {
        return fail(Errc::unsupported, "this libcoap is built without epoll");
    }
    coap_set_app_data(context, self.get());
    coap_context_set_block_mode(context, 0);
    coap_context_set_session_timeout(context, idle_session_seconds);
    coap_register_event_handler(context, [](coap_session_t* session, const coap_event_t event) {
        of(session).on_session(session, event);
        return 0;
    });
    coap_register_response_handler(
        context, [](coap_session_t* session, const coap_pdu_t*, const coap_pdu_t* received,
                    const coap_mid_t) { return of(session).take_response(session, received); });
    coap_register_nack_handler(context, [](coap_session_t* session, const coap_pdu_t* sent,
                                           const coap_nack_reason_t reason, const coap_mid_t) {
        if (reason == COAP_NACK_ICMP_ISSUE || sent == nullptr) return;
        of(session).handler_.on_refused(read_pdu(sent).token, reason == COAP_NACK_RST);
    });

    const auto on_request = [](coap_resource_t*, coap_session_t* session, const coap_pdu_t* request,
                               const coap_string_t*, coap_pdu_t* response) {
        of(session).answer(session, request, response);
    };
    coap_resource_t* const every_path = coap_resource_unknown_init(on_request);
    for (const auto method : {COAP_REQUEST_GET, COAP_REQUEST_POST, COAP_REQUEST_DELETE,
                              COAP_REQUEST_FETCH, COAP_REQUEST_PATCH, COAP_REQUEST_IPATCH}) {
        coap_register_request_handler(every_path, method, on_request);
    }
    coap_add_resource(context, every_path);

    const coap_endpoint_t* const socket = coap_new_endpoint(context, &*address, COAP_PROTO_UDP);
    if (socket == nullptr) {
        return fail(Errc::unavailable, "cannot listen for CoAP on " + to_text(listen));
    }
    const std::string_view text = coap_endpoint_str(socket);  // `127.0.0.1:5683 UDP`
    self->address_ = text.substr(0, text.find(' '));
    return self;
}

CoapEndpoint& CoapEndpoint::of(const coap_session_t* session) {
    return *static_cast<CoapEndpoint*>(coap_get_app_data(coap_session_get_context(session)));
}

void CoapEndpoint::start() {
    thread_ = std::thread([this] { run(); });
}

void CoapEndpoint::stop() {
    if (!thread_.joinable()) return;
    stopping_ = true;
    post([] {});
    thread_.join();
}

void CoapEndpoint::post(std::function<void()> task) {
    {
        const std::lock_guard lock(mutex_);
        tasks_.push_back(std::move(task));
    }
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(wake_fd_, &one, sizeof one);
}

void CoapEndpoint::run() {
    set_thread_tap(this);
    std::array<pollfd, 2> waited{
        {{coap_context_get_coap_fd(context_.get()), POLLIN, 0}, {wake_fd_, POLLIN, 0}}};
    auto next_tick = std::chrono::steady_clock::now();
    while (!stopping_) {
        ::poll(waited.data(), waited.size(), tick_milliseconds);
        if ((waited[1].revents & POLLIN) != 0) {
            std::uint64_t count = 0;
            [[maybe_unused]] const auto read = ::read(wake_fd_, &count, sizeof count);
        }
        coap_io_process(context_.get(), COAP_IO_NO_WAIT);
        settle_duplicate();
        run_tasks();
        if (const auto now = std::chrono::steady_clock::now(); now >= next_tick) {
            next_tick = now + std::chrono::milliseconds(tick_milliseconds);
            handler_.on_time();
        }
    }
    run_tasks();
    handler_.on_stop();
    set_thread_tap(nullptr);
}

void CoapEndpoint::run_tasks() {
    std::deque<std::function<void()>> tasks;
    {
        const std::lock_guard lock(mutex_);
        tasks.swap(tasks_);
    }
    for (const auto& task : tasks) task();
}

void CoapEndpoint::on_session(coap_session_t* session, coap_event_t event) {
    const std::string peer = text_of(coap_session_get_addr_remote(session));
    if (event == COAP_EVENT_SERVER_SESSION_NEW) {
        prepare(session);
        sessions_[peer] = session;
    } else if (event == COAP_EVENT_SERVER_SESSION_DEL) {
        sessions_.erase(peer);
    }
}

void CoapEndpoint::prepare(coap_session_t* session) const {
    coap_session_set_nstart(session, nstart);
    coap_session_set_ack_timeout(session, to_fixed_point(ack_timeout_));
}

void CoapEndpoint::answer(coap_session_t* session, const coap_pdu_t* request,
                          coap_pdu_t* response) {
    const SessionRef reference(session);
    const CoapMessage reply = handler_.on_request(
        reference, text_of(coap_session_get_addr_remote(session)), read_pdu(request));
    coap_pdu_set_code(response, static_cast<coap_pdu_code_t>(reply.code));
    if (!write_pdu(reply, response)) coap_pdu_set_code(response, COAP_RESPONSE_CODE_INTERNAL_ERROR);
}

coap_response_t CoapEndpoint::take_response(coap_session_t* session, const coap_pdu_t* received) {
    response_in_.reset();
    const CoapMessage response = read_pdu(received);
    const std::string peer = text_of(coap_session_get_addr_remote(session));
    const bool accepted = handler_.on_response(peer, response);
    if (response.type == coap::Type::con) {
        coap_session_set_app_data(session, accepted ? &accepted_mark : &refused_mark);
    }
    return accepted ? COAP_RESPONSE_OK : COAP_RESPONSE_FAIL;
}

/// libcoap drops a repeated confirmable response without a word, so that a peer whose ACK was lost
/// would repeat to the end. Here it gets the same ACK or RST again (RFC 7252 4.2).
void CoapEndpoint::settle_duplicate() {
    if (!response_in_) return;
    const auto [peer, message_id] = *std::exchange(response_in_, std::nullopt);
    const auto found = sessions_.find(peer);
    if (found == sessions_.end()) return;
    const void* const mark = coap_session_get_app_data(found->second);
    if (mark == nullptr) return;
    const auto type = mark == &accepted_mark ? COAP_MESSAGE_ACK : COAP_MESSAGE_RST;
    if (coap_pdu_t* const pdu = coap_pdu_init(type, COAP_EMPTY_CODE, message_id, 4)) {
        coap_send(found->second, pdu);
    }
}

Result<std::uint16_t> CoapEndpoint::send(const SessionRef& session, const CoapMessage& request) {
    coap_pdu_t* const pdu =
        coap_new_pdu(COAP_MESSAGE_CON, static_cast<coap_pdu_code_t>(request.code), session.get());
    if (pdu == nullptr) return fail(Errc::internal, "no memory for a message");
    const ByteView token = as_bytes(request.token);
    if (coap_add_token(pdu, token.size(), token.data()) == 0 || !write_pdu(request, pdu)) {
        coap_delete_pdu(pdu);
        return fail(Errc::too_large, "the request does not fit into one datagram");
    }
    const coap_mid_t message_id = coap_send(session.get(), pdu);
    if (message_id == COAP_INVALID_MID) return fail(Errc::unavailable, "the request was not sent");
    return static_cast<std::uint16_t>(message_id);
}

void CoapEndpoint::watch(bool is_incoming, ByteView octets, const sockaddr* peer,
                         socklen_t peer_size) const {
    coap_address_t address;
    coap_address_init(&address);
    if (!watcher_ || peer == nullptr || peer_size > sizeof address.addr) return;
    std::memcpy(&address.addr, peer, peer_size);
    address.size = peer_size;
    watcher_(is_incoming, octets, text_of(&address));
}

void CoapEndpoint::on_datagram_in(ByteView octets, const sockaddr* peer, socklen_t peer_size) {
    watch(true, octets, peer, peer_size);
    if (octets.size() < 4 || octets[0] >> 6 != 1) return;
    const auto type = static_cast<coap::Type>(octets[0] >> 4 & 3);
    const auto message_id = static_cast<std::uint16_t>(octets[2] << 8 | octets[3]);
    const bool empty_ack = type == coap::Type::ack && octets[1] == 0;
    const bool response = type == coap::Type::con && octets[1] >= coap::code(2, 0);
    if (!empty_ack && !response) return;

    coap_address_t address;
    coap_address_init(&address);
    if (peer_size > sizeof address.addr) return;
    std::memcpy(&address.addr, peer, peer_size);
    address.size = peer_size;
    if (empty_ack) handler_.on_empty_ack(text_of(&address), message_id);
    if (response) response_in_.emplace(text_of(&address), message_id);
}

unsigned CoapEndpoint::on_datagram_out(ByteView octets, const sockaddr* peer, socklen_t peer_size) {
    watch(false, octets, peer, peer_size);
    if (octets.size() < 4) return 0;
    const std::size_t token_size = octets[0] & 0x0fu;
    const bool request = octets[1] > 0 && octets[1] < 32;
    if (!request || octets.size() < 4 + token_size) return 0;
    const unsigned copies =
        handler_.on_request_sent(std::string(as_text(octets.subspan(4, token_size))));
    for (unsigned copy = 0; copy < copies; ++copy) watch(false, octets, peer, peer_size);
    return copies;
}

}  // namespace scef::lwm2m_server_simulator
