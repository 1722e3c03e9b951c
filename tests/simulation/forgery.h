#pragma once

#include <gtest/gtest.h>

#include "nidd/types/t8_json.h"
#include "queueing/record.h"
#include "tests/simulation/oracle.h"

namespace scef::simulation {

using namespace std::chrono_literals;
using queueing::DeviceLeg;
using queueing::MessageState;
using queueing::RecordKind;

/// A history made by hand: turns of records and effects, as an adapter would leave them.
class Forgery : public ::testing::Test {
protected:
    Oracle oracle;
    Moment moment{Instant{Duration(1h)}, WallTime{std::chrono::seconds(1'790'000'000)}};
    adapter::Effects turn;
    std::uint16_t timeline_length = 0;
    adapter::OperationId operation = 1;

    void pass(Duration time) {
        moment.now += time;
        moment.wall += time;
    }
    queueing::Message make(std::uint8_t number, coap::Code code = coap::codes::get) const {
        queueing::Message message;
        std::array<std::uint8_t, 16> octets{};
        octets[6] = 0x70;
        octets[8] = 0x80;
        octets[15] = number;
        message.id = MessageId::from_octets(octets);
        message.frame.code = code;
        message.frame.message_id = number;
        message.frame.token = coap::Token{number};
        message.created_at = moment.wall;
        message.expires_at = moment.wall + 1h;
        message.server.state = queueing::ServerLeg::none;
        return message;
    }
    static Bytes key_of(const queueing::Message& message) {
        return {message.id.octets().begin(), message.id.octets().end()};
    }
    void timeline(const queueing::Message& message) {
        turn.batch.put(
            RecordKind::timeline,
            queueing::RecordWriter().raw(message.id.octets()).number(timeline_length++).take(),
            queueing::RecordWriter(1)
                .time(moment.wall)
                .number(message.state)
                .number(message.device_leg)
                .take());
    }
    void put(queueing::Message& message, DeviceLeg leg, MessageState state) {
        message.device_leg = leg;
        message.state = state;
        turn.batch.put(RecordKind::message, key_of(message), to_record(message));
        timeline(message);
    }
    void end(queueing::Message& message, MessageState state) {
        message.device_leg = DeviceLeg::done;
        message.state = state;
        turn.batch.erase(RecordKind::message, key_of(message));
        turn.batch.put(RecordKind::final_message, key_of(message), to_record(message));
        timeline(message);
    }
    void queue(queueing::Message& message) {
        put(message, DeviceLeg::queued, MessageState::queued);
        commit();
    }
    adapter::OperationId post(queueing::Message& message, Duration latency = 1s) {
        return call(nidd::T8Request::Operation::create_delivery, "", message, latency);
    }
    /// In the place of `older`, which the SCEF holds as `t1`.
    adapter::OperationId put_in_place(queueing::Message& message, const queueing::Message& older) {
        message.replaces = older.id;
        message.transfer_id = "t1";
        return call(nidd::T8Request::Operation::replace_delivery, "t1", message, 1s);
    }
    adapter::OperationId call(nidd::T8Request::Operation what, const std::string& transfer_id,
                              queueing::Message& message, Duration latency) {
        return call(what, transfer_id, message, latency,
                    moment.now + (message.expires_at - moment.wall));
    }
    adapter::OperationId call(nidd::T8Request::Operation what, const std::string& transfer_id,
                              queueing::Message& message, Duration latency, Instant not_after) {
        put(message, DeviceLeg::submitting, MessageState::sending);
        nidd::NiddDownlinkDataTransfer transfer;
        transfer.external_id = "dev@sim";
        transfer.data = message.octets();
        transfer.maximum_latency = static_cast<std::uint32_t>(latency / 1s);
        nidd::T8Request request{what, "c1", transfer_id, nidd::to_json(transfer)};
        request.not_after = not_after;
        turn.effects.emplace_back(adapter::CallT8{operation, 0, std::move(request)});
        commit();
        return operation++;
    }
    void commit(bool is_status_turn = false) {
        oracle.on_commit(turn, moment, is_status_turn);
        turn = {};
    }
    bool breaks(std::string_view rule) const { return oracle.verdicts.names(rule); }
};

}  // namespace scef::simulation
