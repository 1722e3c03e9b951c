// Records of the store, as an earlier version, or a disk that lies, may hand them out: what can be
// read is written as something that reads as the same.
#include <array>
#include <functional>

#include "queueing/store/sealed_record.h"
#include "queueing/uplink.h"
#include "scef-adapter/audit/audit_record.h"
#include "scef-adapter/engine/charge_record.h"
#include "scef-adapter/engine/dead_letter.h"
#include "scef-adapter/engine/device.h"
#include "scef-adapter/engine/fan_out_types.h"
#include "scef-adapter/engine/feed_event.h"
#include "scef-adapter/engine/scope_records.h"
#include "scef-adapter/webhooks/webhook.h"
#include "tests/fuzz/require.h"

using namespace scef;

namespace {

constexpr std::size_t key_octets = 16;

/// `write(read(octets))` is a fixed point, and a refusal has its sentence.
template <typename Read, typename Write>
void check(ByteView octets, Read read, Write write) {
    const auto value = read(octets);
    if (!value) {
        require(!value.error().message.empty(), "a refusal has its sentence");
        return;
    }
    const Bytes written = write(*value);
    const auto again = read(written);
    require(again.has_value(), "a record reads what it wrote");
    require(write(*again) == written, "it is the same then");
}

/// Records whose values are written by an overload of `to_record`.
template <typename Read>
void check(ByteView octets, Read read) {
    check(octets, read, [](const auto& value) { return to_record(value); });
}

/// Records whose key is an id that belongs to the value.
template <typename Read>
void check_keyed(ByteView octets, Read read) {
    if (octets.size() < key_octets) return;
    const ByteView key = octets.first(key_octets);
    check(octets.subspan(key_octets), [&](ByteView value) { return read(key, value); });
}

template <typename State>
void check_scope(ByteView octets) {
    State state{};
    if (!adapter::read_record(octets, state)) return;
    const Bytes written = adapter::record_of(state);
    State again{};
    require(adapter::read_record(written, again), "a scope reads what it wrote");
    require(adapter::record_of(again) == written, "it is the same then");
}

void check_job(ByteView octets) {
    check(octets, adapter::fan_out_job_from_record, [](const adapter::StoredFanOutJob& stored) {
        return adapter::to_record(stored.job, stored.message);
    });
}

void check_device(ByteView octets) {
    check(octets, adapter::device_from_record,
          [](const auto& device) { return adapter::to_record(*device); });
}

void check_seal(ByteView octets) {
    if (octets.size() < key_octets) return;
    const ByteView key = octets.first(key_octets), rest = octets.subspan(key_octets);
    const auto value = queueing::unseal(key, rest);
    if (value) {
        const Bytes sealed = queueing::seal(key, *value);
        require(ByteView(sealed).size() == rest.size() &&
                    std::equal(sealed.begin(), sealed.end(), rest.begin()),
                "a seal has one form");
    }
    Bytes sealed = queueing::seal(key, rest);
    require(queueing::unseal(key, sealed).has_value(), "what was sealed is unsealed");
    sealed.back() ^= 1;
    require(!queueing::unseal(key, sealed), "a flipped bit is noticed");
}

const std::array<std::function<void(ByteView)>, 21> checks{
    check_device,
    [](ByteView v) { check(v, queueing::message_from_record); },
    [](ByteView v) { check(v, queueing::uplink_from_record); },
    check_device,
    [](ByteView v) { check(v, adapter::observation_from_record); },
    [](ByteView v) { check(v, adapter::enqueue_message_from_record); },
    [](ByteView v) { check(v, adapter::group_settings_from_record); },
    check_job,
    [](ByteView v) { check(v, adapter::fan_out_part_from_record); },
    [](ByteView v) { check(v, adapter::fan_out_progress_from_record); },
    [](ByteView v) { check(v, adapter::fan_out_member_from_record); },
    [](ByteView v) { check(v, adapter::fan_out_end_from_record); },
    [](ByteView v) { check_keyed(v, adapter::charge_from_record); },
    [](ByteView v) { check_keyed(v, adapter::feed_event_from_record); },
    [](ByteView v) { check_keyed(v, adapter::audit_entry_from_record); },
    [](ByteView v) { check_keyed(v, adapter::webhook_from_record); },
    [](ByteView v) { check_scope<std::string>(v); },
    [](ByteView v) { check_scope<quota::Lease::State>(v); },
    [](ByteView v) { check_scope<quota::AccountState<WallTime>>(v); },
    [](ByteView v) { check_scope<quota::SharedBudget::ShardState>(v); },
    check_seal,
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0 || size > 8192) return 0;
    const ByteView octets(data + 1, size - 1);
    checks[data[0] % checks.size()](octets);
    (void)adapter::dead_letter_from_record(octets);
    if (size > 18) (void)adapter::replay_from_record(octets.first(17), octets.subspan(17));
    for (const auto kind : {queueing::RecordKind::scope_quota, queueing::RecordKind::lease,
                            queueing::RecordKind::budget_shard}) {
        const auto key = adapter::scope_key(kind, octets);
        require(!key || adapter::scope_key(kind, adapter::scope_key(kind, *key)).has_value(),
                "the key of a scope reads what it wrote");
    }
    return 0;
}
