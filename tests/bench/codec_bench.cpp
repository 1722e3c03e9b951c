#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "lwm2m-core/coap/codec.h"
#include "lwm2m-core/vocabulary/base64.h"
#include "nidd/types/t8_exchange.h"
#include "nidd/types/t8_json.h"
#include "queueing/device_queue.h"

namespace scef {
namespace {

/// A Write as an LwM2M server sends it, with 100 octets of payload.
coap::Message write_request() {
    coap::Message frame;
    frame.code = coap::codes::put;
    frame.message_id = 0x1234;
    frame.token = coap::Token{1, 2, 3, 4, 5, 6, 7, 8};
    for (const char* segment : {"3303", "0", "5700"}) {
        frame.add_text(coap::options::uri_path, segment);
    }
    frame.add_uint(coap::options::content_format, 0);
    frame.payload = Bytes(100, 'x');
    return frame;
}

void coap_parse(benchmark::State& state) {
    const Bytes octets = coap::serialize(write_request());
    for (auto _ : state) {
        auto parsed = coap::parse(octets);
        benchmark::DoNotOptimize(parsed);
    }
}
BENCHMARK(coap_parse);

void coap_serialize(benchmark::State& state) {
    const coap::Message message = write_request();
    for (auto _ : state) {
        Bytes octets = coap::serialize(message);
        benchmark::DoNotOptimize(octets);
    }
}
BENCHMARK(coap_serialize);

void t8_delivery_write(benchmark::State& state) {
    nidd::NiddDownlinkDataTransfer transfer;
    transfer.external_id = "device-0000001@iot.operator.example";
    transfer.data = coap::serialize(write_request());
    transfer.maximum_latency = 86'400;
    for (auto _ : state) {
        std::string body = nidd::to_json(transfer);
        benchmark::DoNotOptimize(body);
    }
}
BENCHMARK(t8_delivery_write);

void t8_delivery_answer_read(benchmark::State& state) {
    nidd::NiddDownlinkDataTransfer transfer;
    transfer.self =
        "https://scef.operator.example/3gpp-nidd/v1/dm/configurations/c1/"
        "downlink-data-deliveries/1";
    transfer.external_id = "device-0000001@iot.operator.example";
    transfer.data = coap::serialize(write_request());
    transfer.delivery_status = nidd::DeliveryStatus{"SUCCESS_NEXT_HOP_ACKNOWLEDGED"};
    nidd::T8Answer answer;
    answer.transport = nidd::T8Answer::Transport::answered;
    answer.status = 201;
    answer.location = transfer.self;
    answer.body = nidd::to_json(transfer);
    const nidd::OperatorProfile profile;
    for (auto _ : state) {
        auto outcome = nidd::classify_delivery(answer, "c1", profile);
        benchmark::DoNotOptimize(outcome);
    }
}
BENCHMARK(t8_delivery_answer_read);

void t8_uplink_read(benchmark::State& state) {
    const std::string body = R"({"niddConfiguration":"/3gpp-nidd/v1/dm/configurations/c1",)"
                             R"("externalId":"device-0000001@iot.operator.example","data":")" +
                             to_base64(coap::serialize(write_request())) + "\"}";
    for (auto _ : state) {
        auto notification = nidd::parse_notification(body);
        benchmark::DoNotOptimize(notification);
    }
}
BENCHMARK(t8_uplink_read);

/// A message comes into a queue of so many, and the first one leaves it.
void device_queue(benchmark::State& state) {
    SeededRandom random(7);
    std::vector<queueing::Message> messages(static_cast<std::size_t>(state.range(0)) + 1);
    queueing::DeviceQueue queue;
    for (queueing::Message& message : messages) {
        message.id =
            MessageId::make(0, {{}, WallTime(std::chrono::seconds(1'790'000'000)), random});
        queue.push(message);
    }
    std::size_t next = 0;
    for (auto _ : state) {
        queueing::Message& message = messages[next++ % messages.size()];
        queue.erase(message);
        benchmark::DoNotOptimize(queue.head());
        queue.push(message);
    }
}
BENCHMARK(device_queue)->Arg(1)->Arg(50);

/// The record of an open message, written at every change of its state.
void message_record_write(benchmark::State& state) {
    queueing::Message message;
    message.frame = write_request();
    for (auto _ : state) {
        Bytes record = queueing::to_record(message);
        benchmark::DoNotOptimize(record);
    }
}
BENCHMARK(message_record_write);

}  // namespace
}  // namespace scef

BENCHMARK_MAIN();
