#include "lwm2m-core/client/traffic.h"

#include <algorithm>
#include <utility>

#include "lwm2m-core/client/objects/definitions.h"

namespace scef::client {
namespace {

const Path statistics(ids::connectivity_statistics, 0);
const Path profile(ids::apn_profile, 0);

constexpr std::uint16_t sms_received = 1, sent_kilobytes = 2, received_kilobytes = 3,
                        message_size_max = 4, message_size_average = 5, collection_period = 8;
constexpr std::uint16_t total_bytes_sent = 13, total_bytes_received = 14, total_packets_sent = 23;

}  // namespace

void Traffic::count(std::size_t bytes) {
    is_stale_ = true;
    if (!collecting_) return;
    ++statistics_.messages;
    statistics_.message_bytes += bytes;
    statistics_.message_bytes_max = std::max<std::uint64_t>(statistics_.message_bytes_max, bytes);
}

void Traffic::on_sent(std::size_t bytes) {
    total_sent_bytes_ += bytes;
    ++total_sent_packets_;
    if (collecting_) statistics_.sent_bytes += bytes;
    count(bytes);
}

void Traffic::on_received(std::size_t bytes) {
    total_received_bytes_ += bytes;
    if (collecting_) statistics_.received_bytes += bytes;
    count(bytes);
}

void Traffic::on_sms_received() {
    is_stale_ = true;
    if (collecting_) ++statistics_.sms_received;
}

void Traffic::start(Instant now) {
    constexpr std::int64_t most = 100LL * 366 * 24 * 3600;
    statistics_ = {};
    collecting_ = is_stale_ = true;
    const std::int64_t period =
        std::clamp<std::int64_t>(integer_at(model_, statistics.child(collection_period)), 0, most);
    until_ = period == 0 ? never : now + std::chrono::seconds(period);
}

void Traffic::stop() {
    collecting_ = false;
    until_ = never;
}

void Traffic::on_time(Instant now) {
    if (now >= until_) stop();
}

void Traffic::on_restart() {
    total_sent_bytes_ = total_received_bytes_ = total_sent_packets_ = 0;
    is_stale_ = true;
}

std::vector<Path> Traffic::publish() {
    std::vector<Path> changed;
    if (!std::exchange(is_stale_, false)) return changed;
    const auto set = [&](const Path& path, std::uint64_t number) {
        const auto value = static_cast<std::int64_t>(number);
        if (model_.peek(path) != nullptr && integer_at(model_, path) == value) return;
        if (model_.set(path, value)) changed.push_back(path);
    };
    const Statistics& now = statistics_;
    set(statistics.child(sms_received), now.sms_received);
    set(statistics.child(sent_kilobytes), now.sent_bytes / 1000);
    set(statistics.child(received_kilobytes), now.received_bytes / 1000);
    set(statistics.child(message_size_max), now.message_bytes_max);
    set(statistics.child(message_size_average),
        now.messages == 0 ? 0 : now.message_bytes / now.messages);
    set(profile.child(total_bytes_sent), total_sent_bytes_);
    set(profile.child(total_bytes_received), total_received_bytes_);
    set(profile.child(total_packets_sent), total_sent_packets_);
    return changed;
}

}  // namespace scef::client
