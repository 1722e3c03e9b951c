#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "queueing/store/store.h"
#include "scef-adapter/engine/engine.h"

namespace scef::flow {

/// Watches a world and says what must never happen. Every judgement names the rule that was broken.
class Oracle {
public:
    /// A POST leaves for the SCEF: TTL not over (I2), maximumLatency within it, order kept.
    void on_post(const adapter::Engine& engine, const nidd::T8Request& request, WallTime wall);
    /// At the end: every message is either open or final, once.
    void judge(queueing::Store& store, const adapter::Engine& engine) const;
    /// At the end: no request was on the air more often than allowed, whatever crashed or failed.
    void judge_air(const std::vector<Bytes>& frames, bool device_deduplicates) const;

private:
    std::set<MessageId> posted_;
    std::map<std::pair<std::string, int>, MessageId> last_first_post_;
};

}  // namespace scef::flow
