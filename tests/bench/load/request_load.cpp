#include "tests/bench/load/request_load.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace scef::bench {
namespace {

constexpr std::size_t slots_count = std::size_t{1} << 17;
constexpr std::size_t token_octets = 8;
constexpr std::size_t header_octets = 4;
constexpr std::size_t payload_octets = 100;
constexpr auto lost_after = std::chrono::seconds(10);
constexpr auto tick_length = std::chrono::milliseconds(1);
constexpr auto sweep_length = std::chrono::milliseconds(250);
/// Prime: one device after the other, far apart in everybody's memory.
constexpr std::uint64_t stride = 1'000'003;

// RFC 7252 3.
constexpr std::uint8_t confirmable = 0x40;
constexpr std::uint8_t non_confirmable = 0x50;
constexpr std::uint8_t acknowledgement = 0x60;
constexpr std::uint8_t type_bits = 0x30;
constexpr std::uint8_t code_put = 3;

Bytes write_request(bool confirmed, std::uint64_t sequence) {
    Bytes octets;
    octets.reserve(160);
    octets.push_back((confirmed ? confirmable : non_confirmable) | token_octets);
    octets.push_back(code_put);
    octets.push_back(static_cast<std::uint8_t>(sequence >> 8));
    octets.push_back(static_cast<std::uint8_t>(sequence));
    append_number(octets, sequence);
    // Uri-Path 3303, 0, 5700; Content-Format text/plain (no octets); payload marker.
    constexpr std::string_view options =
        "\xb4"
        "3303"
        "\x01"
        "0"
        "\x04"
        "5700"
        "\x10"
        "\xff";
    octets.insert(octets.end(), options.begin(), options.end());
    const std::size_t end = octets.size() + payload_octets;
    const std::string number = std::to_string(sequence) + ' ';
    octets.insert(octets.end(), number.begin(), number.end());
    octets.resize(end, 'x');
    return octets;
}

}  // namespace

void append_number(Bytes& octets, std::uint64_t number) {
    for (int shift = 56; shift >= 0; shift -= 8) {
        octets.push_back(static_cast<std::uint8_t>(number >> shift));
    }
}

std::uint64_t number_in(ByteView octets) {
    std::uint64_t number = 0;
    for (const std::uint8_t octet : octets.first(token_octets)) number = number << 8 | octet;
    return number;
}

RequestLoad::RequestLoad(boost::asio::io_context& context, const Fleet& fleet)
    : fleet_(fleet),
      port_(context,
            [this](ByteView octets, const sockaddr_in& peer) { on_datagram(octets, peer); }),
      ticker_(context),
      sweeper_(context),
      slots_(slots_count) {}

void RequestLoad::start(const RequestPlan& plan) {
    plan_ = plan;
    plan_.window = std::min(plan_.window, slots_count / 2);
    started_ = Clock::now();
    due_count_ = 0;
    if (!std::exchange(running_, true)) sweep();
    if (plan_.rate > 0) return tick();
    fill_window();
}

void RequestLoad::stop() {
    running_ = false;
    ticker_.cancel();
    sweeper_.cancel();
}

RequestFigures RequestLoad::take_figures() { return std::exchange(figures_, {}); }

void RequestLoad::fill_window() {
    while (running_ && plan_.rate == 0 && open_ < plan_.window) send_one(Clock::now());
}

/// What is due since the last tick; a late tick does not make it later than it was due.
void RequestLoad::tick() {
    const std::chrono::duration<double> elapsed = Clock::now() - started_;
    const auto due = static_cast<std::uint64_t>(elapsed.count() * plan_.rate);
    for (; due_count_ < due; ++due_count_) {
        const std::chrono::duration<double> after(static_cast<double>(due_count_) / plan_.rate);
        const auto when = started_ + std::chrono::duration_cast<Clock::duration>(after);
        if (open_ < plan_.window) {
            send_one(when);
        } else {
            ++figures_.withheld;
        }
    }
    ticker_.expires_after(tick_length);
    ticker_.async_wait([this](const boost::system::error_code& error) {
        if (!error && running_) tick();
    });
}

void RequestLoad::send_one(Clock::time_point due) {
    const std::uint64_t sequence = ++sequence_;
    Slot& slot = slots_[sequence % slots_count];
    if (slot.open) {
        end(slot);
        ++figures_.lost;
    }
    slot = {sequence, due, true};
    ++open_;
    ++figures_.sent;
    const std::size_t device = sequence * stride % plan_.devices;
    port_.send(fleet_.at(device).endpoint, write_request(plan_.confirmable, sequence));
}

void RequestLoad::sweep() {
    const auto horizon = Clock::now() - lost_after;
    for (Slot& slot : slots_) {
        if (!slot.open || slot.due > horizon) continue;
        end(slot);
        ++figures_.lost;
    }
    fill_window();
    sweeper_.expires_after(sweep_length);
    sweeper_.async_wait([this](const boost::system::error_code& error) {
        if (!error && running_) sweep();
    });
}

RequestLoad::Slot* RequestLoad::slot_of(ByteView octets) {
    if (octets.size() < header_octets + token_octets || (octets[0] & 0x0f) != token_octets) {
        return nullptr;
    }
    const std::uint64_t sequence = number_in(octets.subspan(header_octets));
    Slot& slot = slots_[sequence % slots_count];
    return slot.open && slot.sequence == sequence ? &slot : nullptr;
}

void RequestLoad::end(Slot& slot) {
    slot.open = false;
    --open_;
}

void RequestLoad::reached_scef(ByteView octets) {
    Slot* slot = slot_of(octets);
    if (slot == nullptr) return;
    ++figures_.at_scef;
    figures_.to_scef.record(Clock::now() - slot->due);
    if ((octets[0] & type_bits) != (non_confirmable & type_bits)) return;
    end(*slot);
    fill_window();
}

void RequestLoad::on_datagram(ByteView octets, const sockaddr_in& peer) {
    if (octets.size() < header_octets) return;
    if ((octets[0] & type_bits) == 0) {  // confirmable: told that it arrived
        port_.send(peer, {acknowledgement, 0, octets[2], octets[3]});
    }
    const unsigned code_class = octets[1] >> 5;
    if (code_class < 2) return;
    if (octets.size() >= header_octets + token_octets &&
        (number_in(octets.subspan(header_octets)) & uplink_mark) != 0) {
        if (on_uplink_) on_uplink_(number_in(octets.subspan(header_octets)));
        return;
    }
    Slot* slot = slot_of(octets);
    if (slot == nullptr) return;
    const Duration took = Clock::now() - slot->due;
    if (code_class == 2) {
        ++figures_.answered;
        figures_.to_answer.record(took);
    } else {
        ++figures_.refused;
        figures_.to_refusal.record(took);
    }
    end(*slot);
    fill_window();
}

}  // namespace scef::bench
