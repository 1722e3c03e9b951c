#include <sstream>

#include "lwm2m-core/vocabulary/time_text.h"
#include "tests/unit/scef-adapter/config/config_testing.h"

namespace scef::adapter {
namespace {

using namespace std::chrono_literals;

/// Every value of a profile or a quota, so that a difference shows as text.
std::string described(const ProfileConfig& p) {
    std::ostringstream out;
    out << p.name << ' ' << static_cast<int>(p.reachability.kind) << ' '
        << to_text(p.reachability.active_timer) << ' ' << to_text(p.reachability.period) << ' '
        << to_text(p.reachability.cycle) << ' ' << to_text(p.reachability.window) << ' '
        << static_cast<int>(p.hold) << ' ' << to_text(p.hold_max) << ' '
        << to_text(p.device_ack_timeout) << ' ' << to_text(p.device_deduplication) << ' '
        << p.max_attempts << ' ' << static_cast<int>(p.expiry_signal);
    for (const auto& [operation, ttl] : p.ttl) out << ' ' << operation << '=' << to_text(ttl);
    return out.str();
}
std::string described(const QuotaConfig& q) {
    std::ostringstream out;
    for (const auto* limits : {&q.downlink, &q.uplink}) {
        const std::size_t count = limits->messages.size() + limits->allowances.size();
        for (std::size_t i = 0; i < count; ++i) {
            out << limit_name(*limits, static_cast<quota::LimitIndex>(i)) << ' ';
        }
        out << limits->exceptions.has_value() << ' ' << limits->round_up << ' ';
    }
    out << static_cast<int>(q.on_exhausted) << ' ' << q.emergency_reserve << ' '
        << static_cast<int>(q.quota_reject_code);
    return out.str();
}
std::string described(const ScefConfig& s) {
    std::ostringstream out;
    out << s.nidd_path << ' ' << ::testing::PrintToString(s.domains) << ' ' << s.profile.name << ' '
        << s.connections_max << ' ' << to_text(s.request_timeout) << ' ' << s.oauth2.has_value()
        << ' ' << s.tls.ca_file << s.tls.certificate_file << s.tls.key_file << s.tls.crl_file << ' '
        << to_text(s.configuration.duration) << ' ' << s.configuration.pdn_establishment_option
        << ' ' << s.configuration.reliable_data_service;
    const auto& [breaker, shedding, retry_after_max] = s.limits;
    out << ' ' << breaker.failures << ' ' << to_text(breaker.back_off) << ' '
        << to_text(breaker.back_off_max) << ' ' << shedding.multiplier << ' '
        << to_text(shedding.window) << ' ' << shedding.share_max << ' ' << shedding.accepted_row
        << ' ' << to_text(retry_after_max);
    return out.str();
}
std::string described(const LwM2mServerConfig& s) {
    std::ostringstream out;
    out << s.bootstrap << ' ' << to_text(s.separate_response_limit) << ' '
        << static_cast<int>(s.binding_rewrite) << ' ' << to_text(s.late_answer_max_age) << ' '
        << s.rds.has_value() << s.ack_hold.has_value();
    return out.str();
}
/// All but the entries of SCEFs and servers.
std::string described(const Config& c) {
    std::ostringstream out;
    out << c.store.engine << ' ' << c.store.path << ' ' << c.store.dsn_file << ' '
        << to_text(c.store.retention) << ' ' << c.store.backups.path << ' ' << c.store.backups.kept
        << '\n'
        << c.shards << ' ' << c.workers << ' ' << to_text(c.ack_hold) << '\n'
        << c.admin.listen << ' ' << c.admin.tokens_file << '\n'
        << c.notifications.listen << ' ' << c.notifications.public_url << ' '
        << c.notifications.tls.ca_file << c.notifications.tls.certificate_file
        << c.notifications.tls.key_file << c.notifications.sources.size() << '\n'
        << c.virtual_endpoints.prefix << ' ' << c.virtual_endpoints.port << '\n'
        << c.limits.queue_messages_per_device << ' ' << c.limits.queue_bytes_per_device << ' '
        << c.limits.queue_messages << '\n'
        << c.usage.ledger << '\n'
        << c.log.level << ' ' << c.log.format << '\n';
    for (const auto& [name, profile] : c.profiles)
        out << name << ": " << described(profile) << '\n';
    for (const auto& [name, quota] : c.quotas) out << name << ": " << described(quota) << '\n';
    return out.str();
}

TEST(DefaultConfig, the_default_text_says_what_the_defaults_are) {
    const Config config = read_text(default_config_text());
    EXPECT_EQ(described(config), described(default_config()));
    ASSERT_EQ(config.scefs.size(), 1u);
    EXPECT_EQ(described(config.scefs[0]), described(ScefConfig{}));
    ASSERT_EQ(config.lwm2m_servers.size(), 1u);
    EXPECT_EQ(described(config.lwm2m_servers[0]), described(LwM2mServerConfig{}));
}

TEST(DefaultConfig, the_text_without_its_profiles_and_quotas_means_the_same) {
    const std::string text = default_config_text();
    const std::string shortened = text.substr(0, text.find("profiles:"));
    EXPECT_EQ(described(read_text(shortened)), described(default_config()));
}

TEST(DefaultConfig, the_default_text_fits_a_terminal_and_has_no_tab) {
    std::istringstream lines(default_config_text());
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 110u) << line;
    EXPECT_EQ(default_config_text().find('\t'), std::string::npos);
}

TEST(DefaultConfig, three_profiles_and_an_unlimited_quota_are_built_in) {
    const Config config = default_config();
    EXPECT_EQ(config.profiles.at("nb-iot").reachability.kind, ReachabilityConfig::Kind::psm);
    EXPECT_EQ(config.profiles.at("cat-m1").reachability.cycle, 20480ms);
    EXPECT_EQ(config.profiles.at("always-on").device_ack_timeout, 8s);
    EXPECT_EQ(config.quotas.at("default").downlink, quota::QuotaLimits{});
    EXPECT_TRUE(config.scefs.empty());
    EXPECT_TRUE(config.lwm2m_servers.empty());
}

TEST(DefaultConfig, a_profile_without_any_ttl_has_a_day) {
    EXPECT_EQ(ProfileConfig{}.ttl_of("read"), 24h);
}

}  // namespace
}  // namespace scef::adapter
