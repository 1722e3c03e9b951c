#include "scef-adapter/config/config_readers.h"
#include "scef-adapter/config/config_values.h"

namespace scef::adapter {
namespace {

void read_limits(Section& section, quota::QuotaLimits& limits) {
    section.read("messages", limits.messages, [](auto text) {
        return parse_message_rate(text).map([](quota::Rate rate) { return std::optional(rate); });
    });
    section.read("burst", limits.burst, number_within<std::uint32_t>(1, 1'000'000));
    section.read("bytes", limits.bytes, [](auto text) {
        return parse_byte_rate(text).map([](quota::Rate rate) { return std::optional(rate); });
    });
}

}  // namespace

void read_quota(Section& quota, QuotaConfig& config) {
    using OnExhausted = QuotaConfig::OnExhausted;
    quota.section("downlink", [&](Section& limits) { read_limits(limits, config.downlink); });
    quota.section("uplink", [&](Section& limits) { read_limits(limits, config.uplink); });
    quota.read("on_exhausted", config.on_exhausted,
               Choice<OnExhausted>{{"wait", OnExhausted::wait}, {"reject", OnExhausted::reject}});
    quota.read("emergency_reserve", config.emergency_reserve, parse_percentage);
    quota.read("quota_reject_code", config.quota_reject_code, parse_coap_error);
}

}  // namespace scef::adapter
