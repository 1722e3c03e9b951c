#include "lwm2m-core/lwm2m/operation.h"
#include "scef-adapter/config/config_readers.h"
#include "scef-adapter/config/config_values.h"

namespace scef::adapter {
namespace {

using namespace std::chrono_literals;
constexpr Duration longest = 3650 * 24h;

/// `default`, and the operations of a server towards a device.
std::vector<std::string> ttl_keys() {
    using lwm2m::Operation;
    std::vector<std::string> keys{"default"};
    const auto last = static_cast<int>(Operation::bootstrap_delete);
    for (int i = 0; i <= last; ++i) keys.emplace_back(name_of(static_cast<Operation>(i)));
    keys.emplace_back(name_of(Operation::other));
    return keys;
}

void read_ttl(Section& ttl, ProfileConfig& config) {
    static const std::vector<std::string> known = ttl_keys();
    for (const std::string& key : known) {
        Duration value = config.ttl.contains(key) ? config.ttl[key] : Duration{};
        ttl.read(key, value, duration_within(1s, longest));
        if (value != Duration{}) config.ttl[key] = value;
    }
    ttl.each_scalar([&](const std::string& key, const std::string&) {
        const std::string near = nearest(key, known);
        ttl.mistakes().add(
            ttl.path_of(key),
            "is no LwM2M operation; " + (near.empty() ? "use default, read, write, execute, ..."
                                                      : "did you mean '" + near + "'?"));
    });
}

void read_psm(Section& psm, ReachabilityConfig& config) {
    config.kind = ReachabilityConfig::Kind::psm;
    psm.read("active_timer", config.active_timer, duration_within(0s, 24h));
    psm.read("period", config.period, duration_within(1s, longest));
    if (config.active_timer >= config.period) {
        psm.mistakes().add(psm.path(), "active_timer must be shorter than period");
    }
}

void read_edrx(Section& edrx, ReachabilityConfig& config) {
    const bool was_edrx = config.kind == ReachabilityConfig::Kind::edrx;
    config.kind = ReachabilityConfig::Kind::edrx;
    const auto read = [&](std::string_view key, Duration& target) {
        if (was_edrx) {
            edrx.read(key, target, duration_within(1ms, 24h));
        } else {
            edrx.require(key, target, duration_within(1ms, 24h));
        }
    };
    read("cycle", config.cycle);
    read("window", config.window);
    if (config.window > config.cycle) {
        edrx.mistakes().add(edrx.path(), "window must not be longer than cycle");
    }
}

void read_reachability(Section& profile, ReachabilityConfig& config) {
    using Kind = ReachabilityConfig::Kind;
    if (profile.if_scalar("reachability")) {
        profile.read("reachability", config.kind, Choice<Kind>{{"always", Kind::always}});
        return;
    }
    profile.section("reachability", [&](Section& section) {
        const int kinds = section.has("psm") + section.has("edrx") + section.has("always");
        if (kinds != 1) {
            section.mistakes().add(section.path(),
                                   "needs one of: always, psm: {active_timer, period}, "
                                   "edrx: {cycle, window}");
        }
        section.section("psm", [&](Section& psm) { read_psm(psm, config); });
        section.section("edrx", [&](Section& edrx) { read_edrx(edrx, config); });
        section.section("always", [&](Section&) { config.kind = Kind::always; });
    });
}

}  // namespace

void read_profile(Section& profile, ProfileConfig& config) {
    read_reachability(profile, config.reachability);
    profile.read("hold", config.hold,
                 Choice<Hold>{{"adapter", Hold::adapter}, {"scef", Hold::scef}});
    profile.read("hold_max", config.hold_max, duration_within(0s, longest));
    profile.read("device_ack_timeout", config.device_ack_timeout, duration_within(1s, 24h));
    profile.read("device_deduplication", config.device_deduplication, duration_within(0s, 24h));
    profile.read("device_answer_wait", config.device_answer_wait, duration_within(1s, 24h));
    profile.read("local_ack", config.local_ack, parse_bool);
    profile.read("release_assistance", config.release_assistance, parse_bool);
    profile.read("wake_after", config.wake_after, duration_within(0s, longest));
    profile.read("wake_pause", config.wake_pause, duration_within(1min, longest));
    profile.read("max_attempts", config.max_attempts, number_within<std::uint32_t>(1, 1000));
    profile.read("expiry_signal", config.expiry_signal,
                 Choice<ExpirySignal>{{"auto", ExpirySignal::automatic},
                                      {"5.04", ExpirySignal::gateway_timeout},
                                      {"silent", ExpirySignal::silent}});
    profile.section("ttl", [&](Section& ttl) { read_ttl(ttl, config); });
}

}  // namespace scef::adapter
