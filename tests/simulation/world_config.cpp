#include "tests/simulation/world_config.h"

namespace scef::simulation {
namespace {

using namespace std::chrono_literals;

adapter::ProfileConfig profile(const char* name, adapter::ReachabilityConfig::Kind kind,
                               Random& random) {
    adapter::ProfileConfig profile;
    profile.name = name;
    profile.reachability.kind = kind;
    profile.hold = random.below(4) == 0 ? adapter::Hold::scef : adapter::Hold::adapter;
    profile.hold_max = 3min;
    profile.max_attempts = 2 + static_cast<std::uint32_t>(random.below(6));
    profile.device_ack_timeout = std::chrono::seconds(5 + random.below(30));
    profile.expiry_signal = static_cast<adapter::ExpirySignal>(random.below(3));
    profile.ttl = {{"default", 10min}, {"read", 30min}, {"execute", 2min}};
    return profile;
}

}  // namespace

adapter::Config draw_config(Random& random) {
    using Kind = adapter::ReachabilityConfig::Kind;
    adapter::Config config = adapter::default_config();
    config.shards = 1;
    config.scefs.resize(1);
    config.scefs[0].name = "sim";
    config.lwm2m_servers.resize(2);
    config.lwm2m_servers[0].name = "dm";
    config.lwm2m_servers[0].address = SocketAddress::ipv4(0x7f000001, lwm2m_port);
    config.lwm2m_servers[0].separate_response_limit = std::chrono::seconds(20 + random.below(200));
    config.lwm2m_servers[0].binding_rewrite = static_cast<adapter::BindingRewrite>(random.below(3));
    config.lwm2m_servers[1].name = "bootstrap";
    config.lwm2m_servers[1].bootstrap = true;
    config.lwm2m_servers[1].address = SocketAddress::ipv4(0x7f000001, bootstrap_port);
    config.profiles["psm"] = profile("psm", Kind::psm, random);
    config.profiles["edrx"] = profile("edrx", Kind::edrx, random);
    config.profiles["always"] = profile("always", Kind::always, random);
    config.quotas["tight"].downlink.messages = {{{240, 1h}, 5}};
    config.quotas["tight"].downlink.allowances = {{20'000, {}}};  // in each hour
    config.quotas["refusing"] = config.quotas["tight"];
    config.quotas["refusing"].on_exhausted = adapter::QuotaConfig::OnExhausted::reject;
    config.quotas["wide"].downlink.messages = {{{3600, 1h}, 20}};
    if (random.below(2) == 0) {
        config.quotas["together"].downlink.messages = {{{600, 1h}, 6}};
        config.quotas["together"].on_exhausted =
            static_cast<adapter::QuotaConfig::OnExhausted>(random.below(2));
        config.quota_scopes.account = "together";
    }
    config.limits.queue_messages_per_device = 4 + static_cast<std::uint32_t>(random.below(12));
    config.limits.queue_messages = 60;
    return config;
}

}  // namespace scef::simulation
