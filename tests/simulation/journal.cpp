#include "tests/simulation/journal.h"

#include "lwm2m-core/coap/transmission.h"

namespace scef::simulation {

using queueing::RecordKind;

namespace {

constexpr Duration idempotency_life = std::chrono::hours(24);
/// Clocks are set back by up to an hour, and then older messages are read again.
constexpr Duration clock_margin = std::chrono::hours(3);

Bytes key_from(WallTime wall) {
    const MessageId first = MessageId::floor(wall);
    return {first.octets().begin(), first.octets().end()};
}

}  // namespace

void Journal::apply(const queueing::Batch& batch) {
    for (const queueing::RecordWrite& write : batch.writes) {
        if (write.kind == RecordKind::timeline) continue;  // read by people only
        Records& records = records_[write.kind];
        if (write.value) {
            records.insert_or_assign(write.key, *write.value);
        } else {
            records.erase(write.key);
        }
    }
}

void Journal::load(adapter::Engine& engine, Turn& turn) {
    for (const auto& [kind, records] : records_) {
        if (queueing::is_cold(kind)) continue;
        for (const auto& [key, value] : records) engine.restore(kind, key, value, turn);
    }
    const Records& finals = records_[RecordKind::final_message];
    for (auto it = finals.lower_bound(key_from(turn.wall - coap::exchange_lifetime));
         it != finals.end(); ++it) {
        engine.restore_final(it->second, turn);
    }
    const Records& keys = records_[RecordKind::idempotency];
    for (auto it = keys.lower_bound(key_from(turn.wall - idempotency_life)); it != keys.end();
         ++it) {
        engine.restore_idempotency(it->first, it->second);
    }
}

void Journal::forget_old(WallTime wall) {
    const auto forget = [this](RecordKind kind, WallTime horizon) {
        Records& records = records_[kind];
        records.erase(records.begin(), records.lower_bound(key_from(horizon)));
    };
    forget(RecordKind::final_message, wall - clock_margin);
    forget(RecordKind::idempotency, wall - idempotency_life - clock_margin);
}

std::size_t Journal::count(RecordKind kind) const {
    const auto found = records_.find(kind);
    return found == records_.end() ? 0 : found->second.size();
}

}  // namespace scef::simulation
