#include <chrono>

#include "tests/unit/scef-adapter/config/config_testing.h"

namespace scef::adapter {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(ConfigKeys, the_minimal_configuration_has_the_defaults) {
    const Config config = read_with("");
    EXPECT_EQ(config.store.engine, "rocksdb");
    EXPECT_EQ(config.shards, 256);
    EXPECT_EQ(config.scefs.at(0).nidd_path, "/3gpp-nidd/v1");
    EXPECT_THAT(config.scefs.at(0).domains, ElementsAre("*"));
    EXPECT_THAT(config.lwm2m_servers.at(0).sources, ElementsAre("127.0.0.1/32"));
}

TEST(ConfigKeys, store_and_the_keys_at_the_top_are_read) {
    const Config config = read_with(
        "store: {engine: memory, path: /var/lib/x, retention: P3D, backup_path: /var/backups/x, "
        "backups_kept: 3}\n"
        "shards: 12\nworkers: 3\nack_hold: 500ms\nlog: {level: debug, format: json}\n"
        "usage: {ledger: false}\n");
    EXPECT_FALSE(config.usage.ledger);
    EXPECT_EQ(config.store.engine, "memory");
    EXPECT_EQ(config.store.path, "/var/lib/x");
    EXPECT_EQ(config.store.retention, 72h);
    EXPECT_EQ(config.store.backups.path, "/var/backups/x");
    EXPECT_EQ(config.store.backups.kept, 3u);
    EXPECT_EQ(config.shards, 12);
    EXPECT_EQ(config.workers, 3u);
    EXPECT_EQ(config.ack_hold, 500ms);
    EXPECT_EQ(config.log.level, "debug");
    EXPECT_EQ(config.log.format, "json");
}

TEST(ConfigKeys, listeners_are_read) {
    const Config config = read_with(
        "admin:\n  listen: \"[::1]:0\"\n  tokens_file:\n"
        "notifications:\n  listen: 0.0.0.0:8443\n  public_url: https://adapter.example/hook/\n"
        "  tls: {}\n  sources: [10.0.0.0/8, 192.0.2.1, \"fd00::/64\"]\n");
    EXPECT_EQ(config.admin.listen, "[::1]:0");
    EXPECT_EQ(config.notifications.listen, "0.0.0.0:8443");
    EXPECT_EQ(config.notifications.public_url, "https://adapter.example/hook");
    EXPECT_THAT(config.notifications.sources,
                ElementsAre("10.0.0.0/8", "192.0.2.1/32", "fd00::/64"));
}

TEST(ConfigKeys, a_scef_is_read) {
    const Config config = read_text(
        "scefs:\n"
        "  - name: operator-a\n"
        "    api_root: https://scef.example:8443/root/\n"
        "    nidd_path: /nidd/v2\n"
        "    scs_as_id: lwm2m-dm\n"
        "    domains: [IoT.operator-a.example, b.example]\n"
        "    profile: 3gpp\n"
        "    connections_max: 7\n"
        "    request_timeout: 5s\n"
        "    auth: {}\n"
        "    configuration: {duration: 10d, pdn_establishment_option: SEND_TRIGGER,"
        " reliable_data_service: true}\n"
        "lwm2m_servers: [{name: dm, uri: \"coap://127.0.0.1\"}]\n");
    const ScefConfig& scef = config.scefs.at(0);
    EXPECT_EQ(scef.name, "operator-a");
    EXPECT_EQ(scef.api_root, "https://scef.example:8443/root");
    EXPECT_EQ(scef.nidd_path, "/nidd/v2");
    EXPECT_EQ(scef.scs_as_id, "lwm2m-dm");
    EXPECT_THAT(scef.domains, ElementsAre("iot.operator-a.example", "b.example"));
    EXPECT_EQ(scef.connections_max, 7u);
    EXPECT_EQ(scef.request_timeout, 5s);
    EXPECT_FALSE(scef.oauth2);
    EXPECT_EQ(scef.configuration.duration, 240h);
    EXPECT_EQ(scef.configuration.pdn_establishment_option, "SEND_TRIGGER");
    EXPECT_TRUE(scef.configuration.reliable_data_service);
}

TEST(ConfigKeys, how_a_scef_in_trouble_is_spared_is_read) {
    const Config config = read_text(
        "scefs:\n"
        "  - {name: a, api_root: \"http://h\", scs_as_id: me, limits: {"
        "circuit_breaker: {failures: 3, back_off: 500ms, back_off_max: 10m}, "
        "load_shedding: {multiplier: 1.5, window: 30s, share_max: 80%, accepted_row: 5}, "
        "retry_after_max: 2m}}\n"
        "lwm2m_servers: [{name: dm, uri: \"coap://127.0.0.1\"}]\n");
    const ScefLimitsConfig& limits = config.scefs.at(0).limits;
    EXPECT_EQ(limits.circuit_breaker.failures, 3u);
    EXPECT_EQ(limits.circuit_breaker.back_off, 500ms);
    EXPECT_EQ(limits.circuit_breaker.back_off_max, 10min);
    EXPECT_EQ(limits.load_shedding.multiplier, 1.5);
    EXPECT_EQ(limits.load_shedding.window, 30s);
    EXPECT_EQ(limits.load_shedding.share_max, 0.8);
    EXPECT_EQ(limits.load_shedding.accepted_row, 5u);
    EXPECT_EQ(limits.retry_after_max, 2min);
}

TEST(ConfigKeys, servers_are_read) {
    const Config config = read_text(
        "scefs: [{name: a, api_root: \"http://h\", scs_as_id: me}]\n"
        "lwm2m_servers:\n"
        "  - {name: dm, uri: \"coap://[FD00::1]:5684\", separate_response_limit: 15s,"
        " ack_hold: 10s, binding_rewrite: strip_q, late_answer_max_age: 0s}\n"
        "  - {name: bs, uri: \"coap://Bootstrap.example\", bootstrap: true, sources: "
        "[10.1.2.3/32], binding_rewrite: udp}\n");
    const LwM2mServerConfig& dm = config.lwm2m_servers.at(0);
    EXPECT_EQ(dm.uri, "coap://[fd00::1]:5684");
    EXPECT_THAT(dm.sources, ElementsAre("fd00::1/128"));
    EXPECT_EQ(dm.separate_response_limit, 15s);
    EXPECT_EQ(dm.ack_hold, 10s);
    EXPECT_EQ(dm.binding_rewrite, BindingRewrite::strip_q);
    EXPECT_EQ(dm.late_answer_max_age, 0s);
    EXPECT_FALSE(dm.bootstrap);
    const LwM2mServerConfig& bootstrap = config.lwm2m_servers.at(1);
    EXPECT_EQ(bootstrap.uri, "coap://bootstrap.example:5683");
    EXPECT_TRUE(bootstrap.bootstrap);
    EXPECT_FALSE(bootstrap.ack_hold);
    EXPECT_THAT(bootstrap.sources, ElementsAre("10.1.2.3/32"));
    EXPECT_EQ(bootstrap.binding_rewrite, BindingRewrite::udp);
}

TEST(ConfigKeys, rds_ports_of_servers_are_read) {
    const Config config = read_text(
        "scefs: [{name: a, api_root: \"http://h\", scs_as_id: me}]\n"
        "lwm2m_servers:\n"
        "  - {name: dm, uri: \"coap://h\", rds: {port_scef: 0, port_ue: 15}}\n"
        "  - {name: fw, uri: \"coap://h\", rds: {port_scef: 0, port_ue: 15}}\n"
        "  - {name: bs, uri: \"coap://h\", bootstrap: true,"
        " rds: {port_scef: 1, port_ue: 15, application_id: com.example.bs}}\n"
        "  - {name: old, uri: \"coap://h\"}\n");
    const auto& servers = config.lwm2m_servers;
    ASSERT_TRUE(servers.at(0).rds);
    EXPECT_EQ(servers[0].rds->ports, (nidd::RdsPort{15, 0}));
    EXPECT_EQ(servers[0].rds->application_id, "");
    EXPECT_EQ(servers.at(1).rds->ports, servers[0].rds->ports);  // no device may have both
    EXPECT_EQ(servers.at(2).rds->application_id, "com.example.bs");
    EXPECT_FALSE(servers.at(3).rds);
}

TEST(ConfigKeys, a_server_by_name_has_no_sources_until_the_name_is_resolved) {
    const Config config = read_text(
        "scefs: [{name: a, api_root: \"http://h\", scs_as_id: me}]\n"
        "lwm2m_servers: [{name: dm, uri: \"coap://dm.example\"}]\n");
    EXPECT_THAT(config.lwm2m_servers.at(0).sources, IsEmpty());
}

TEST(ConfigKeys, virtual_endpoints_and_limits_are_read) {
    const Config config = read_with(
        "virtual_endpoints: {prefix: \"fd00:5cef::/64\", port: 20000}\n"
        "limits: {queue_messages_per_device: 5, queue_bytes_per_device: 1KiB,"
        " queue_messages: 77}\n");
    EXPECT_EQ(config.virtual_endpoints.prefix, "fd00:5cef::/64");
    EXPECT_EQ(config.virtual_endpoints.port, 20000);
    EXPECT_EQ(config.limits.queue_messages_per_device, 5u);
    EXPECT_EQ(config.limits.queue_bytes_per_device, 1024u);
    EXPECT_EQ(config.limits.queue_messages, 77u);
}

TEST(ConfigKeys, a_new_profile_is_read) {
    const Config config = read_with(
        "profiles:\n  meter:\n"
        "    reachability: {edrx: {cycle: 20480ms, window: 1s}}\n"
        "    hold: scef\n    hold_max: 1h\n    device_ack_timeout: 3s\n"
        "    device_deduplication: 247s\n    max_attempts: 2\n    expiry_signal: 5.04\n"
        "    ttl: {default: 2h, write-composite: 5m}\n");
    const ProfileConfig& meter = config.profiles.at("meter");
    EXPECT_EQ(meter.name, "meter");
    EXPECT_EQ(meter.reachability.kind, ReachabilityConfig::Kind::edrx);
    EXPECT_EQ(meter.reachability.cycle, 20480ms);
    EXPECT_EQ(meter.reachability.window, 1s);
    EXPECT_EQ(meter.hold, Hold::scef);
    EXPECT_EQ(meter.hold_max, 1h);
    EXPECT_EQ(meter.device_ack_timeout, 3s);
    EXPECT_EQ(meter.device_deduplication, 247s);
    EXPECT_EQ(meter.max_attempts, 2u);
    EXPECT_EQ(meter.expiry_signal, ExpirySignal::gateway_timeout);
    EXPECT_EQ(meter.ttl_of("write"), 2h);
    EXPECT_EQ(meter.ttl_of("write-composite"), 5min);
}

TEST(ConfigKeys, a_built_in_profile_is_changed_key_by_key) {
    const Config config = read_with(
        "profiles:\n  nb-iot: {reachability: {psm: {active_timer: 5s}}, ttl: {read: 2m}}\n"
        "  cat-m1: {reachability: {edrx: {window: 2s}}, expiry_signal: silent}\n");
    const ProfileConfig& nb_iot = config.profiles.at("nb-iot");
    EXPECT_EQ(nb_iot.reachability.active_timer, 5s);
    EXPECT_EQ(nb_iot.reachability.period, 24h);
    EXPECT_EQ(nb_iot.ttl_of("read"), 2min);
    EXPECT_EQ(nb_iot.ttl_of("execute"), 10min);
    EXPECT_EQ(nb_iot.ttl_of("write"), 24h);
    EXPECT_EQ(config.profiles.at("cat-m1").reachability.window, 2s);
    EXPECT_EQ(config.profiles.at("cat-m1").reachability.cycle, 20480ms);
    EXPECT_EQ(config.profiles.at("cat-m1").expiry_signal, ExpirySignal::silent);
    EXPECT_EQ(config.profiles.size(), 3u);
}

TEST(ConfigKeys, always_reachable_is_a_word_or_a_section) {
    const Config config = read_with(
        "profiles:\n  nb-iot: {reachability: always}\n"
        "  x: {reachability: {always: {}}}\n");
    EXPECT_EQ(config.profiles.at("nb-iot").reachability.kind, ReachabilityConfig::Kind::always);
    EXPECT_EQ(config.profiles.at("x").reachability.kind, ReachabilityConfig::Kind::always);
}

TEST(ConfigKeys, quotas_are_read) {
    const Config config = read_with(
        "quotas:\n  default:\n"
        "    downlink: {messages: 100/hour, burst: 10, bytes: 100KiB/day}\n"
        "    uplink:   {messages: 4/decihour, burst: 40, bytes: 400KiB/week}\n"
        "    on_exhausted: reject\n    emergency_reserve: 12.5%\n"
        "    quota_reject_code: \"5.03\"\n"
        "  gold:\n");
    const QuotaConfig& quota = config.quotas.at("default");
    EXPECT_THAT(quota.downlink.messages, ElementsAre(quota::MessageRate{{100, 1h}, 10}));
    ASSERT_EQ(quota.downlink.allowances.size(), 1u);
    EXPECT_EQ(limit_name(quota.downlink, 1), "102400 octets per day");
    EXPECT_FALSE(quota.downlink.allowances[0].pro_rate) << "a day is whole";
    EXPECT_THAT(quota.uplink.messages, ElementsAre(quota::MessageRate{{4, 6min}, 40}));
    EXPECT_EQ(limit_name(quota.uplink, 1), "409600 octets per week");
    EXPECT_EQ(quota.on_exhausted, QuotaConfig::OnExhausted::reject);
    EXPECT_DOUBLE_EQ(quota.emergency_reserve, 0.125);
    EXPECT_EQ(quota.quota_reject_code, 5 << 5 | 3);
    EXPECT_EQ(config.quotas.at("gold").downlink, quota::QuotaLimits{});
}

TEST(ConfigKeys, a_quota_has_several_limits_and_a_calendar) {
    const Config config = read_with(
        "quotas:\n  sold:\n"
        "    downlink:\n      messages: [10/second, {rate: 1000/day, burst: 50}]\n      burst: 3\n"
        "      serving_plmn_rate: 20/decihour\n      bytes: [100KiB/day, 1MiB/month]\n"
        "      message_allowance: 3000/week\n      exceptions: 2/day\n      round_up: 1KiB\n"
        "    time_zone: Europe/Berlin\n    billing_day: 15\n    week_begins: sunday\n");
    const quota::QuotaLimits& limits = config.quotas.at("sold").downlink;
    EXPECT_THAT(limits.messages,
                ElementsAre(quota::MessageRate{{10, 1s}, 3}, quota::MessageRate{{1000, 24h}, 50},
                            quota::MessageRate{{20, 6min}, 1}));
    EXPECT_EQ(limits.exceptions, (quota::MessageRate{{2, 24h}, 3}));
    EXPECT_EQ(limits.round_up, 1024u);
    ASSERT_EQ(limits.allowances.size(), 3u);
    EXPECT_EQ(limit_name(limits, 4), "1048576 octets per month in Europe/Berlin");
    EXPECT_EQ(limits.allowances[1].period.billing_day, 15);
    EXPECT_TRUE(limits.allowances[1].pro_rate);
    EXPECT_EQ(limits.allowances[2].period.week_begins, std::chrono::Sunday);
    EXPECT_EQ(limits.allowances[2].unit, quota::Unit::messages);
}

TEST(ConfigKeys, the_first_scef_whose_domains_match_serves_a_device) {
    Config config = default_config();
    config.scefs.resize(2);
    config.scefs[0].domains = {"a.example", "b.example"};
    config.scefs[1].domains = {"*"};
    const auto serving = [&](const char* id) {
        return scef_serving(config, *ExternalId::parse(id));
    };
    EXPECT_EQ(serving("x@b.example"), 0u);
    EXPECT_EQ(serving("x@c.example"), 1u);
    config.scefs.pop_back();
    EXPECT_EQ(serving("x@c.example"), std::nullopt);
}

TEST(ConfigKeys, block_and_compact_style_mean_the_same) {
    const Config block = read_with("limits:\n  queue_messages: 9\nlog:\n  level: warn\n");
    const Config compact = read_with("limits: {queue_messages: 9}\nlog: {level: warn}\n");
    EXPECT_EQ(block.limits.queue_messages, compact.limits.queue_messages);
    EXPECT_EQ(block.log.level, compact.log.level);
}

}  // namespace
}  // namespace scef::adapter
