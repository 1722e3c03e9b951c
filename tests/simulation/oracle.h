#pragma once

#include <map>
#include <string>
#include <unordered_map>

#include "scef-adapter/engine/counters.h"
#include "scef-adapter/engine/effects.h"
#include "tests/simulation/air_check.h"
#include "tests/simulation/exchange_check.h"
#include "tests/simulation/message_ledger.h"
#include "tests/simulation/quota_check.h"
#include "tests/simulation/uplink_check.h"

namespace scef::simulation {

/// Judges a history by what leaves the adapter and what is on its disk. Knows events, effects,
/// records and T8, nothing of how the engine comes to them.
class Oracle {
public:
    Oracle()
        : ledger(verdicts),
          air(verdicts, ledger),
          quotas(verdicts),
          exchanges(verdicts, ledger),
          uplinks(verdicts) {}

    /// A committed turn, before any of its effects is visible.
    void on_commit(const adapter::Effects& turn, Moment moment, bool is_status_turn);
    void on_crash();
    /// The SCEF's answer to a POST is about to reach the adapter.
    void on_told(adapter::OperationId operation, Told told);
    /// An operator's message was taken under an Idempotency-Key (empty: none).
    void on_enqueued(const std::string& scope, const adapter::CommandDone& done, Moment moment);

    /// How many records of each kind a disk holds.
    struct Stored {
        std::size_t messages = 0, uplinks = 0, devices = 0;
    };
    /// I6: what the engine says that it holds is what the disk holds.
    void judge_gauges(const adapter::EngineGauges& gauges, const Stored& stored);
    /// I9: long after the last fault nothing is open.
    void judge_rest(const adapter::EngineGauges& gauges);

    Verdicts verdicts;
    MessageLedger ledger;
    AirCheck air;
    QuotaCheck quotas;
    ExchangeCheck exchanges;
    UplinkCheck uplinks;
    std::uint64_t posts = 0, puts = 0;

private:
    void on_call(const adapter::CallT8& call, Moment moment);

    std::unordered_map<adapter::OperationId, MessageId> posts_open_;
    struct KeyUse {
        MessageId id;
        WallTime at;
    };
    std::map<std::string, KeyUse> keys_;
};

}  // namespace scef::simulation
