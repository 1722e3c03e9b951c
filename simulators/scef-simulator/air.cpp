#include "simulators/scef-simulator/air.h"

#include <algorithm>

namespace scef::scef_simulator {
namespace {

bool is_lost(double probability, Random& random) {
    return probability > 0 && random.fraction() < probability;
}

std::string lane_of(const modem_link::Frame& frame) {
    return (frame.kind == modem_link::Kind::downlink ? "d " : "u ") + frame.external_id;
}

}  // namespace

void Air::send_downlink(modem_link::Frame frame, const RadioPath& path, const Turn& turn) {
    if (is_lost(path.downlink_loss, turn.random)) return lose(frame);
    const std::string lane = lane_of(frame);
    if (path.downlink_latency == Duration::zero() && !last_.contains(lane)) {
        effects_.emplace_back(ToModem{std::move(frame)});
        return;
    }
    frames_.emplace(arrival(lane, path.downlink_latency, turn.now), std::move(frame));
}

bool Air::send_uplink(const modem_link::Frame& frame, const RadioPath& path, const Turn& turn) {
    if (is_lost(path.uplink_loss, turn.random)) {
        lose(frame);
        return false;
    }
    const std::string lane = lane_of(frame);
    if (path.uplink_latency == Duration::zero() && !last_.contains(lane)) return true;
    frames_.emplace(arrival(lane, path.uplink_latency, turn.now), frame);
    return false;
}

std::vector<modem_link::Frame> Air::take_arrived(Instant now) {
    std::vector<modem_link::Frame> uplink;
    while (!frames_.empty() && frames_.begin()->first <= now) {
        auto node = frames_.extract(frames_.begin());
        const auto last = last_.find(lane_of(node.mapped()));
        if (last != last_.end() && last->second == node.key()) last_.erase(last);
        if (node.mapped().kind == modem_link::Kind::downlink) {
            effects_.emplace_back(ToModem{std::move(node.mapped())});
        } else {
            uplink.push_back(std::move(node.mapped()));
        }
    }
    return uplink;
}

Instant Air::arrival(const std::string& lane, Duration latency, Instant now) {
    Instant at = now + latency;
    if (const auto last = last_.find(lane); last != last_.end()) at = std::max(at, last->second);
    last_[lane] = at;
    return at;
}

void Air::lose(const modem_link::Frame& frame) {
    const bool is_downlink = frame.kind == modem_link::Kind::downlink;
    const std::string what = frame.kind == modem_link::Kind::ack ? "ack" : "data";
    effects_.emplace_back(Record{
        is_downlink ? "downlink-lost" : "uplink-lost", frame.external_id,
        R"({"sequence":)" + std::to_string(frame.sequence) + R"(,"what":")" + what + R"("})"});
}

}  // namespace scef::scef_simulator
