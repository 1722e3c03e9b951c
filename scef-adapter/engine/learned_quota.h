#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "quota/device_quota.h"
#include "scef-adapter/engine/lease_word.h"
#include "scef-adapter/engine/rate_control_report.h"

namespace scef::adapter {

/// What a device has used of the limits of which it told, beside its own quota. Only devices that
/// told of some have one, for as long as the report is the same. Pure; of its device's shard.
class LearnedQuota {
public:
    /// Stored in this order: append only. The serving PLMN rate holds for each direction (TS 23.401
    /// 4.7.7.2). APN rate control, as a device knows it, is of the uplink (4.7.7.3); the downlink's
    /// is known to the SCEF, which enforces it.
    enum class Limit : std::uint8_t { plmn_downlink, plmn_uplink, apn_uplink };
    static constexpr std::size_t limits = 3;

    explicit LearnedQuota(const RateControlReport& report);
    LearnedQuota(const LearnedQuota&) = delete;
    LearnedQuota& operator=(const LearnedQuota&) = delete;

    /// When it may go: in any 6 minutes at most the serving PLMN rate, half of it at once. There
    /// are no exceptions: emergencies wait, too.
    quota::Earliest downlink_earliest(const quota::QuotaTime& time, const quota::Want& want) const;
    void charge_downlink(const quota::QuotaTime& time, std::uint64_t octets);
    /// Counts one frame and says whether it was one too many: all of a limit may come at once.
    /// Nobody tells which frames are exception data, so those beyond the APN rate are, as long as
    /// some of these are left.
    bool charge_uplink(const quota::QuotaTime& time, std::uint64_t octets);

    /// For people: "serving PLMN rate, says the device: 10 messages per decihour".
    std::string name(Limit limit) const;
    std::vector<quota::LimitUse> uses(Direction direction, const quota::QuotaTime& time,
                                      double reserve = 0) const;

    template <typename Time>
    using Records = std::array<quota::DirectionQuota::Record<Time>, limits>;
    Records<WallTime> state(const quota::QuotaTime& time) const;
    /// Also from the state under another report: then a debt counts as one full burst at most.
    void restore(const Records<WallTime>& state, const quota::QuotaTime& time);
    Records<Instant> position() const;
    void resume(const Records<Instant>& position);

private:
    /// The quota refers to the limits beside it.
    struct Account {
        explicit Account(quota::QuotaLimits of) : limits(std::move(of)), quota(limits) {}
        Account(const Account&) = delete;
        Account& operator=(const Account&) = delete;
        quota::QuotaLimits limits;
        quota::DirectionQuota quota;
    };
    Account& account(Limit limit) { return accounts_[static_cast<std::size_t>(limit)]; }
    const Account& account(Limit limit) const { return accounts_[static_cast<std::size_t>(limit)]; }

    RateControlReport report_;
    std::array<Account, limits> accounts_;
};

}  // namespace scef::adapter
