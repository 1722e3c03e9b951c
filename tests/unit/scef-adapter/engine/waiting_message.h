#pragma once

#include "queueing/message.h"

/// Messages that wait for their device.
namespace scef::adapter::test {

/// Of the API: a Write of a hundred octets, a day to live.
inline queueing::Message api_message(ShardId shard = 0, std::uint64_t number = 1) {
    using namespace std::chrono_literals;
    SeededRandom random{number};
    const WallTime wall{24h * 365 * 56 + std::chrono::milliseconds(number) + 17ns};
    Turn turn{Instant{1h}, wall, random};
    queueing::Message message;
    message.id = MessageId::make(shard, turn);
    message.device = 70'000;
    message.operation = lwm2m::Operation::write;
    message.frame.code = coap::codes::put;
    message.frame.token = coap::Token(Bytes{1, 2, 3, 4});
    message.frame.add(coap::options::uri_path, to_bytes("3"));
    message.frame.add(coap::options::uri_path, to_bytes("0"));
    message.frame.payload = Bytes(100, 'x');
    message.created_at = wall;
    message.expires_at = wall + 24h;
    message.handed_over_by = wall + 1h;
    message.reason = queueing::Reason::awaiting_window;
    message.timeline_length = 2;
    message.queued_here = true;
    return message;
}

/// Of an LwM2M server that has the adapter's empty ACK.
inline queueing::Message server_message() {
    using namespace std::chrono_literals;
    queueing::Message message = api_message();
    message.server.state = queueing::ServerLeg::acknowledged;
    message.server.endpoint = 140'001;
    message.server.peer = SocketAddress::ipv4(0x7f000001, 5683);
    message.server.message_id = 0xabcd;
    message.server.token = coap::Token(Bytes{9, 8});
    message.server.datagram_hash = 0xfedcba9876543210;
    message.server.asked_at = message.created_at - 3us;
    message.server.limit_due = Instant{2h + 5ns};
    return message;
}

}  // namespace scef::adapter::test
