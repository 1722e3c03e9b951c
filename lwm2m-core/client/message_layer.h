#pragma once

#include <cstdint>
#include <optional>

#include "lwm2m-core/client/confirmable_queue.h"
#include "lwm2m-core/client/duplicates.h"
#include "lwm2m-core/coap/message.h"
#include "lwm2m-core/vocabulary/turn.h"

namespace scef::client {

/// The message layer of one pipe (RFC 7252 4): duplicates by message id, piggybacked answers, ping,
/// RST for the unknown, and our own confirmables. What is no CoAP is ignored.
class MessageLayer {
public:
    explicit MessageLayer(const coap::TransmissionParameters& parameters) : queue_(parameters) {}

    /// What a frame means to the layer above: at most one of these.
    struct Incoming {
        std::optional<coap::Message> request;        ///< new; to be answered by `answer`
        std::optional<Settled> settled;              ///< how a message of ours ended
        std::optional<std::uint16_t> reset_message;  ///< a non-confirmable of ours was reset
    };
    Incoming on_frame(ByteView frame, Turn& turn);
    /// Sends and remembers the answer to a request.
    void answer(const coap::Message& request, coap::Message response, Turn& turn);

    /// Queues a request of ours with a new token and message id.
    void push(Purpose purpose, coap::Message message, Turn& turn);
    /// Queues or, if non-confirmable, sends a notification; gives its message id.
    std::uint16_t notify(coap::Message message, Turn& turn);
    /// Sends the next confirmable if none is outstanding.
    void pump(Turn& turn) { queue_.pump(turn, frames_); }
    /// Sends again what is due; Settled if that is given up.
    std::optional<Settled> on_time(Turn& turn) { return queue_.on_time(turn, frames_); }
    Instant due() const { return queue_.due(); }
    std::size_t waiting() const { return queue_.waiting(); }
    bool is_idle() const { return queue_.waiting() == 0 && queue_.due() == never; }

    /// Forgets what it wanted to say, as a restart does.
    void clear() { queue_.clear(); }
    bool has_frames() const { return !frames_.empty(); }
    Frames take_frames();
    std::uint64_t duplicates_suppressed() const { return duplicates_suppressed_; }

private:
    void on_response(const coap::Message& message, Turn& turn, Incoming& incoming);
    std::uint16_t take_message_id(Turn& turn);
    /// True if it was answered before; then it is answered alike.
    bool repeat_answer(std::uint16_t message_id, Instant now);

    ConfirmableQueue queue_;
    Duplicates duplicates_;
    Frames frames_;
    std::optional<std::uint16_t> next_message_id_;
    std::uint64_t duplicates_suppressed_ = 0;
};

}  // namespace scef::client
