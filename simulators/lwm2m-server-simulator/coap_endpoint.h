#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "lwm2m-core/vocabulary/result.h"
#include "lwm2m-core/vocabulary/turn.h"
#include "simulators/lwm2m-server-simulator/coap_message.h"
#include "simulators/lwm2m-server-simulator/coap_session.h"
#include "simulators/lwm2m-server-simulator/datagram_tap.h"
#include "simulators/lwm2m-server-simulator/host_port.h"

namespace scef::lwm2m_server_simulator {

/// What the CoAP endpoint tells its owner, all on the loop thread.
class CoapHandler {
public:
    virtual ~CoapHandler() = default;
    /// A request of a peer; the answer's code, options and payload are piggybacked.
    virtual CoapMessage on_request(const SessionRef& session, const std::string& peer,
                                   const CoapMessage& request) = 0;
    /// A response or notification; false answers it with RST.
    virtual bool on_response(const std::string& peer, const CoapMessage& response) = 0;
    /// The peer reset the request with that token, or never acknowledged it.
    virtual void on_refused(const std::string& token, bool reset) = 0;
    /// An empty ACK with that message id arrived.
    virtual void on_empty_ack(const std::string& peer, std::uint16_t message_id) = 0;
    /// A copy of the request with that token left; the answer is how many more to send at once.
    virtual unsigned on_request_sent(const std::string& token) = 0;
    /// Called about every 20 ms.
    virtual void on_time() = 0;
    /// The loop ends: give back all sessions.
    virtual void on_stop() = 0;
};

/// A UDP socket with libcoap behind it and the one thread that runs both. Answers and requests use
/// the same socket. No request of libcoap's own: no Block transfer, no resource but the handler.
class CoapEndpoint final : private DatagramTap {
public:
    /// Opens the socket; `ack_timeout` is ACK_TIMEOUT of RFC 7252 4.8, of which libcoap
    /// takes 1 s or more only. `handler` outlives it.
    static Result<std::unique_ptr<CoapEndpoint>> open(const HostPort& listen, Duration ack_timeout,
                                                      CoapHandler& handler);
    ~CoapEndpoint() override;
    CoapEndpoint(const CoapEndpoint&) = delete;
    CoapEndpoint& operator=(const CoapEndpoint&) = delete;

    /// A datagram that passed the socket, at the loop thread.
    using Watcher = std::function<void(bool is_incoming, ByteView octets, const std::string& peer)>;
    /// Before `start`.
    void set_watcher(Watcher watcher) { watcher_ = std::move(watcher); }

    /// Where it listens, with the real port.
    const std::string& address() const { return address_; }

    void start();
    /// Ends the loop thread; idempotent.
    void stop();

    /// Runs `task` on the loop thread, after what the loop is doing. Any thread.
    void post(std::function<void()> task);

    /// Sends `request` as a confirmable message with its token; gives the message id that libcoap
    /// chose. Loop thread.
    Result<std::uint16_t> send(const SessionRef& session, const CoapMessage& request);

private:
    CoapEndpoint(Duration ack_timeout, CoapHandler& handler);

    void run();
    void run_tasks();
    void prepare(coap_session_t* session) const;
    void answer(coap_session_t* session, const coap_pdu_t* request, coap_pdu_t* response);
    coap_response_t take_response(coap_session_t* session, const coap_pdu_t* received);
    void settle_duplicate();
    void on_session(coap_session_t* session, coap_event_t event);
    void on_datagram_in(ByteView octets, const sockaddr* peer, socklen_t peer_size) override;
    unsigned on_datagram_out(ByteView octets, const sockaddr* peer, socklen_t peer_size) override;
    void watch(bool is_incoming, ByteView octets, const sockaddr* peer, socklen_t peer_size) const;
    static CoapEndpoint& of(const coap_session_t* session);

    struct ContextDeleter {
        void operator()(coap_context_t* context) const { coap_free_context(context); }
    };

    Duration ack_timeout_;
    CoapHandler& handler_;
    Watcher watcher_;
    std::unique_ptr<coap_context_t, ContextDeleter> context_;
    std::string address_;
    int wake_fd_ = -1;
    std::atomic<bool> stopping_ = false;
    std::mutex mutex_;
    std::deque<std::function<void()>> tasks_;  // under mutex_
    std::thread thread_;
    std::map<std::string, coap_session_t*> sessions_;  // of libcoap, by peer
    /// The confirmable response that libcoap was just given, until it hands it over.
    std::optional<std::pair<std::string, std::uint16_t>> response_in_;
};

}  // namespace scef::lwm2m_server_simulator
