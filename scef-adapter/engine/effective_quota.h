#pragma once

#include <string>
#include <vector>

#include "scef-adapter/engine/device.h"

/// What holds for a device: its own quota and what it told of the network's (LPW-6, LPW-009). A
/// frame passes both and is charged to both. Pure.
namespace scef::adapter {

/// When a frame may go to a device, and which limit binds until then.
struct DownlinkEarliest {
    Instant at{};
    quota::LimitIndex limit = quota::no_limit;  ///< of its own quota
    bool is_learned = false;                    ///< not of its own: the serving PLMN rate
};
DownlinkEarliest downlink_earliest(const Device& device, const quota::QuotaTime& time,
                                   const quota::Want& want);
/// For people.
std::string limit_name(const Device& device, const DownlinkEarliest& earliest);

/// Counts a frame that is about to go on the air, whether it was held back before or may not be.
/// What a frame of a transfer in the SCEF's buffer grows by is charged to the own quota alone:
/// nothing that is learned counts octets. The octets that its allowances counted: rounded up, or
/// none of an exception.
std::uint64_t charge_downlink(Device& device, const quota::QuotaTime& time, std::uint64_t octets,
                              bool emergency);
/// Counts a frame that came, and says whether it was one too many.
bool charge_uplink(Device& device, const quota::QuotaTime& time, std::uint64_t octets);

/// From now on another report holds. What was used under the old one stays used.
void take_rate_control(Device& device, const RateControlReport& report,
                       const quota::QuotaTime& time);

/// Of messages and of octets, the limit of which the least is left.
std::vector<quota::LimitUse> tightest(const std::vector<quota::LimitUse>& uses);

/// All limits of one direction. `effective` has, of messages and of octets, the one of which the
/// least is left.
struct QuotaSides {
    std::vector<quota::LimitUse> configured, learned, effective;
};
QuotaSides quota_sides(const Device& device, Direction direction, const quota::QuotaTime& time);

}  // namespace scef::adapter
