#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "lwm2m-core/coap/message.h"
#include "lwm2m-core/coap/transmission.h"

namespace scef::client {

/// Frames to send, in order.
using Frames = std::vector<Bytes>;

/// Why a confirmable message of ours goes out.
enum class Purpose : std::uint8_t {
    bootstrap_request,
    register_,
    update,
    deregister,
    send,
    notification,
    download,  ///< a block of a firmware package
};

struct Outgoing {
    Purpose purpose = Purpose::register_;
    coap::Message message;
};

/// How one of them ended.
struct Settled {
    Outgoing outgoing;
    std::optional<coap::Message>
        response;  ///< absent: given up or reset; Empty: ACK of a notification
    bool reset = false;
};

/// Our confirmable messages to the server, one outstanding at a time (NSTART = 1, RFC 7252 4.7),
/// each with its retransmissions and, after an empty ACK, the wait for a separate response.
class ConfirmableQueue {
public:
    explicit ConfirmableQueue(const coap::TransmissionParameters& parameters)
        : parameters_(parameters) {}

    /// Appends; a notification replaces a waiting one with the same token (RFC 7641 4.5.2).
    void push(Outgoing outgoing);
    /// Sends the next one if none is outstanding.
    void pump(Turn& turn, Frames& frames);
    /// An ACK, RST or response of the server; nothing if it settles nothing.
    std::optional<Settled> on_message(const coap::Message& message, Instant now);
    /// Sends again what is due; Settled if the outstanding one is given up.
    std::optional<Settled> on_time(Turn& turn, Frames& frames);
    /// True if a response with this token is awaited.
    bool awaits(const coap::Token& token) const;

    Instant due() const { return open_ ? open_->due() : never; }
    std::size_t waiting() const { return waiting_.size(); }
    void clear();

private:
    struct Open {
        Outgoing outgoing;
        coap::Retransmission retransmission;
        bool acknowledged = false;
        Instant answer_until = never;

        Instant due() const { return acknowledged ? answer_until : retransmission.due(); }
    };
    Settled settle(std::optional<coap::Message> response, bool reset);

    coap::TransmissionParameters parameters_;
    std::optional<Open> open_;
    std::deque<Outgoing> waiting_;
};

}  // namespace scef::client
