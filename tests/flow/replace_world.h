#pragma once

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/flow/world.h"

namespace scef::flow {

using Transport = nidd::T8Answer::Transport;

/// A Write of the API, or, with POST, an Execute: not idempotent.
inline Bytes write_frame(std::string_view value, coap::Code code = coap::codes::put) {
    coap::Message message;
    message.code = code;
    message.add_text(coap::options::uri_path, "3");
    message.add_text(coap::options::uri_path, "0");
    message.add_text(coap::options::uri_path, "13");
    message.payload = to_bytes(value);
    return coap::serialize(message);
}

inline void at_once(adapter::EnqueueMessage& message) { message.send_now = true; }

/// A world whose SCEF holds one message, "old", for a device that sleeps.
struct Replacing : World {
    explicit Replacing(adapter::Config config = flow_config(), coap::Code code = coap::codes::put)
        : World(std::move(config)) {
        device_sleeps();
        old = enqueue(write_frame("old", code), at_once).result->message;
        settle();
        EXPECT_EQ(scef.transfers().size(), 1u);
    }

    /// PUT of `/devices/{externalId}/messages`.
    adapter::CommandReply replace(
        std::string_view value, coap::Code code = coap::codes::put,
        const std::function<void(adapter::EnqueueMessage&)>& change = {}) {
        const auto reply = enqueue(write_frame(value, code), [&](adapter::EnqueueMessage& event) {
            event.takes_every_place = true;
            if (change) change(event);
        });
        if (reply.result) newer = reply.result->message;
        settle();
        return reply;
    }
    queueing::Message message(const MessageId& id) {
        for (const queueing::Message& one : messages()) {
            if (one.id == id) return one;
        }
        ADD_FAILURE() << "no message " << id.text();
        return {};
    }
    queueing::MessageState state(const MessageId& id) { return message(id).state; }
    /// What the SCEF holds, by payload.
    std::vector<std::string> held() const {
        std::vector<std::string> list;
        for (const auto& [id, transfer] : scef.transfers()) {
            list.emplace_back(as_text(coap::parse(transfer.data)->payload));
        }
        return list;
    }
    /// Payloads of the frames on the air, copies included.
    std::vector<std::string> on_air() const {
        std::vector<std::string> list;
        for (const Bytes& frame : device.frames) {
            const auto request = coap::parse(frame);
            if (request && request->code.is_request()) {
                list.emplace_back(as_text(request->payload));
            }
        }
        return list;
    }

    MessageId old, newer;
};

}  // namespace scef::flow
