#include "scef-adapter/config/config_changes.h"

#include "tests/unit/scef-adapter/config/config_testing.h"

namespace scef::adapter {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> keys(const Config& running, const Config& wanted) {
    std::vector<std::string> keys;
    for (const FixedKey& key : fixed_changes(running, wanted)) {
        EXPECT_FALSE(key.remedy.empty());
        keys.push_back(key.key);
    }
    return keys;
}

/// What a change of the minimal configuration, by a text that takes another's place, does.
std::vector<std::string> replaced(const std::string& from, const std::string& to) {
    std::string text = minimal;
    text.replace(text.find(from), from.size(), to);
    return keys(read_with(""), read_text(text));
}

TEST(ConfigChanges, nothing_differs_from_itself) {
    EXPECT_THAT(keys(read_with(""), read_with("")), IsEmpty());
}

TEST(ConfigChanges, what_a_running_adapter_can_take_is_not_named) {
    for (const char* more :
         {"log: {level: debug, format: json}\n", "ack_hold: 500ms\n",
          "limits: {queue_messages_per_device: 3}\n",
          "quotas: {default: {downlink: {messages: 1/hour}}, metered: {}}\n",
          "quotas: {small: {downlink: {messages: 1/hour}}}\n"
          "quota_scopes: {account: small, groups: {north: small}}\n",
          "profiles: {nb-iot: {hold: scef}, of-mine: {max_attempts: 3}}\n",
          "notifications: {sources: [10.0.0.0/8]}\n",
          "store: {retention: 1d, backup_path: /var/backups/x, backups_kept: 3}\n"}) {
        EXPECT_THAT(keys(read_with(""), read_with(more)), IsEmpty()) << more;
    }
    EXPECT_THAT(replaced("scs_as_id: me", "scs_as_id: me, request_timeout: 5s, connections_max: 7"),
                IsEmpty());
    EXPECT_THAT(replaced("scs_as_id: me", "scs_as_id: me, configuration: {duration: 3d}"),
                IsEmpty());
    EXPECT_THAT(replaced("name: dm",
                         "name: dm, sources: [127.0.0.0/8], binding_rewrite: udp, "
                         "separate_response_limit: 9s, unreachable: silent"),
                IsEmpty());
}

TEST(ConfigChanges, what_needs_a_restart_is_named_by_its_key) {
    for (const auto& [more, key] : std::vector<std::pair<std::string, std::string>>{
             {"store: {engine: memory}\n", "store.engine"},
             {"store: {path: /else}\n", "store.path"},
             {"shards: 4\n", "shards"},
             {"workers: 1\n", "workers"},
             {"admin: {listen: \"127.0.0.1:9081\"}\n", "admin.listen"},
             {"notifications: {listen: \"127.0.0.1:8088\"}\n", "notifications.listen"},
             {"notifications: {public_url: \"http://a\"}\n", "notifications.public_url"},
             {"virtual_endpoints: {prefix: 127.128.0.0/10}\n", "virtual_endpoints.prefix"},
             {"virtual_endpoints: {port: 20000}\n", "virtual_endpoints.port"},
             {"usage: {ledger: false}\n", "usage.ledger"}}) {
        EXPECT_THAT(keys(read_with(""), read_with(more)), ElementsAre(key)) << more;
        EXPECT_THAT(keys(read_with(more), read_with("")), ElementsAre(key)) << more;
    }
    EXPECT_THAT(replaced("name: a,", "name: b,"), ElementsAre("scefs[0].name"));
    EXPECT_THAT(replaced("8081", "8082"), ElementsAre("scefs[0].api_root"));
    EXPECT_THAT(replaced("id: me", "id: you"), ElementsAre("scefs[0].scs_as_id"));
    EXPECT_THAT(replaced("id: me", "id: me, nidd_path: /n"), ElementsAre("scefs[0].nidd_path"));
    EXPECT_THAT(replaced("id: me", "id: me, domains: [x.example]"),
                ElementsAre("scefs[0].domains"));
    EXPECT_THAT(replaced("id: me", "id: me, limits: {retry_after_max: 5s}"),
                ElementsAre("scefs[0].limits"));
    EXPECT_THAT(replaced("id: me", "id: me, configuration: {creations_per_second: 1}"),
                ElementsAre("scefs[0].configuration.creations_per_second"));
    EXPECT_THAT(replaced("5683", "5684"), ElementsAre("lwm2m_servers[0].uri"));
    EXPECT_THAT(replaced("name: dm", "name: md"), ElementsAre("lwm2m_servers[0].name"));
    EXPECT_THAT(replaced("name: dm", "name: dm, rds: {port_scef: 1, port_ue: 2}"),
                ElementsAre("lwm2m_servers[0].rds"));
}

TEST(ConfigChanges, entries_of_lists_neither_come_nor_go) {
    const auto wanted =
        read_with("  - {name: boot, uri: \"coap://127.0.0.1:5693\", bootstrap: true}\n");
    EXPECT_THAT(keys(read_with(""), wanted), ElementsAre("lwm2m_servers"));
    EXPECT_THAT(keys(wanted, read_with("")), ElementsAre("lwm2m_servers"));
}

TEST(ConfigChanges, names_that_devices_may_use_do_not_go) {
    const auto running = read_with("profiles: {of-mine: {}}\nquotas: {metered: {}}\n");
    EXPECT_THAT(keys(running, read_with("")), ElementsAre("profiles.of-mine", "quotas.metered"));
}

TEST(ConfigChanges, all_mistakes_are_named_at_once) {
    EXPECT_THAT(keys(read_with(""), read_with("shards: 4\nworkers: 1\n")),
                ElementsAre("shards", "workers"));
}

TEST(ConfigChanges, a_listener_stays_plain_or_with_tls) {
    const auto running = read_with("");
    Config wanted = running;
    wanted.notifications.tls.certificate_file = "a.pem";
    EXPECT_THAT(keys(running, wanted), ElementsAre("notifications.tls"));
    Config other = wanted;
    other.notifications.tls.certificate_file = "b.pem";
    EXPECT_THAT(keys(wanted, other), IsEmpty());
}

TEST(ConfigChanges, what_is_not_in_the_file_is_taken_over) {
    Config running = read_with("");
    running.lwm2m_servers[0].address = SocketAddress::ipv4(0x0a000001, 5683);
    Config wanted = read_with("");
    take_over(running, wanted);
    EXPECT_EQ(wanted.given_quotas, running.given_quotas);
    EXPECT_EQ(wanted.lwm2m_servers[0].address, running.lwm2m_servers[0].address);
    wanted.lwm2m_servers[0].sources.clear();
    take_over(running, wanted);
    EXPECT_THAT(wanted.lwm2m_servers[0].sources, ElementsAre("10.0.0.1/32"));
}

}  // namespace
}  // namespace scef::adapter
