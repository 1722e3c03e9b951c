#include "tests/bench/load/device_load.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "tests/bench/load/request_load.h"
#include "tests/bench/load/t8_sink.h"

namespace scef::bench {
namespace {

constexpr std::size_t remembered = std::size_t{1} << 16;
constexpr std::size_t header_octets = 4;
constexpr std::size_t payload_octets = 100;
constexpr std::uint64_t stride = 1'000'003;
constexpr std::uint8_t code_changed = 0x44;
constexpr std::uint8_t code_content = 0x45;

}  // namespace

DeviceLoad::DeviceLoad(boost::asio::io_context& context, const Fleet& fleet, std::uint16_t port,
                       std::size_t connections)
    : fleet_(fleet), clients_(context, port, connections), sent_(remembered) {}

void DeviceLoad::notify(std::size_t device, Bytes octets, HttpClients::Done done) {
    clients_.submit(
        http_request("POST", fleet_.at(device).notification_target, uplink_body(device, octets)),
        std::move(done));
}

void DeviceLoad::answer(std::size_t device, ByteView request) {
    const bool confirmable = request.size() >= header_octets && (request[0] & 0x30) == 0;
    const std::size_t token = confirmable ? request[0] & 0x0fu : 0;
    if (!confirmable || request[1] == 0 || request.size() < header_octets + token) return;
    Bytes octets(request.begin(),
                 request.begin() + static_cast<std::ptrdiff_t>(header_octets + token));
    octets[0] = static_cast<std::uint8_t>(0x60 | token);
    octets[1] = code_changed;
    notify(device, std::move(octets), [](const HttpAnswer&) {});
}

/// A notification of an observed value (RFC 7641), NON.
Bytes DeviceLoad::notification() {
    Bytes octets;
    octets.reserve(header_octets + 8 + 8 + payload_octets);
    const std::uint64_t sequence = ++sequence_;
    octets = {0x58, code_content, static_cast<std::uint8_t>(sequence >> 8),
              static_cast<std::uint8_t>(sequence)};
    append_number(octets, sequence | uplink_mark);
    octets.insert(octets.end(), {0x62, static_cast<std::uint8_t>(sequence >> 8),
                                 static_cast<std::uint8_t>(sequence), 0x60, 0xff});
    octets.resize(octets.size() + payload_octets, 'y');
    return octets;
}

void DeviceLoad::start(std::size_t open, std::size_t devices) {
    devices_ = devices;
    if (std::exchange(running_, true)) return;
    for (std::size_t i = 0; i < open; ++i) send_one();
}

void DeviceLoad::send_one() {
    Bytes octets = notification();
    const std::uint64_t sequence = sequence_;
    const auto begin = Clock::now();
    sent_[sequence % remembered] = begin;
    notify(sequence * stride % devices_, std::move(octets),
           [this, begin](const HttpAnswer& answer) {
               if (answer.status == 204) {
                   ++figures_.taken;
                   figures_.to_answer.record(Clock::now() - begin);
               } else {
                   ++figures_.refused;
               }
               if (running_) send_one();
           });
}

void DeviceLoad::notify_once(std::size_t device, HttpClients::Done done) {
    notify(device, notification(), std::move(done));
}

void DeviceLoad::reached_server(std::uint64_t sequence) {
    ++figures_.forwarded;
    figures_.to_server.record(Clock::now() - sent_[(sequence & ~uplink_mark) % remembered]);
}

UplinkFigures DeviceLoad::take_figures() { return std::exchange(figures_, {}); }

}  // namespace scef::bench
