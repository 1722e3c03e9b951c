#pragma once

#include <deque>
#include <map>
#include <string>
#include <tuple>
#include <unordered_map>

#include "lwm2m-core/coap/message.h"
#include "tests/simulation/message_ledger.h"

namespace scef::simulation {

/// The server leg as RFC 7252 promises it: each confirmable request is acknowledged within 2 s and
/// not before its message is on record; an answer carries the token and the message id of its
/// request, and belongs to it.
class ExchangeCheck {
public:
    ExchangeCheck(Verdicts& verdicts, const MessageLedger& ledger)
        : verdicts_(verdicts), ledger_(ledger) {}

    /// A server makes a request; `serial` names the question: the device's answer repeats it.
    void on_request(const SocketAddress& peer, queueing::EndpointIndex endpoint,
                    const coap::Message& request, std::uint32_t serial);
    /// A server answers a request of the device by a message with an id of its own.
    void on_server_response(const SocketAddress& peer, queueing::EndpointIndex endpoint,
                            std::uint16_t message_id) {
        other_ids_[{peer, endpoint, message_id}] = true;
    }
    /// A confirmable request has come to a working adapter that knows the device.
    void on_request_arrives(const SocketAddress& peer, queueing::EndpointIndex endpoint,
                            std::uint16_t message_id, Instant now);
    /// The adapter sends something to a server.
    void on_datagram(const SocketAddress& peer, queueing::EndpointIndex endpoint,
                     const coap::Message& message, Instant now);
    void on_time(Instant now);
    /// Notifications of an observation that the adapter does not know (U11), which reached someone
    /// who uses their token for something else. Known, and not a verdict.
    std::uint64_t stray_notifications() const { return stray_notifications_; }
    void on_crash();
    void on_device_removed(queueing::EndpointIndex endpoint);

private:
    using MidKey = std::tuple<SocketAddress, queueing::EndpointIndex, std::uint16_t>;
    struct Question {
        std::uint16_t message_id = 0;
        std::uint32_t serial = 0;
        bool confirmable = true;
        bool observes = false;
    };
    struct Due {
        Instant at;
        MidKey key;
    };

    void judge_ack(const MidKey& key);
    void judge_answer(const SocketAddress& peer, queueing::EndpointIndex endpoint,
                      const coap::Message& message);
    static std::string text_of(const MidKey& key);

    Verdicts& verdicts_;
    const MessageLedger& ledger_;
    std::map<std::tuple<SocketAddress, queueing::EndpointIndex, coap::Token>, Question> questions_;
    std::map<MidKey, Instant> waiting_;  ///< until when an ACK or an answer must have been sent
    std::map<MidKey, bool> other_ids_;
    std::map<MidKey, std::vector<std::uint32_t>> asked_;
    std::unordered_map<std::uint32_t, std::vector<MidKey>> askings_;  ///< of one question
    std::deque<Due> due_;
    std::uint64_t stray_notifications_ = 0;
};

}  // namespace scef::simulation
