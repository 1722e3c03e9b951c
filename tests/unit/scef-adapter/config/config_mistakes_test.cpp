#include <ostream>

#include "tests/unit/scef-adapter/config/config_testing.h"

namespace scef::adapter {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

/// Lines behind the minimal configuration, the path that is blamed, and words of the advice.
struct Case {
    const char* more;
    const char* path;
    const char* advice;
    friend std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.more; }
};

class ConfigMistake : public ::testing::TestWithParam<Case> {};

TEST_P(ConfigMistake, is_one_sentence_with_file_line_key_and_advice) {
    const std::string mistake = mistake_with(GetParam().more);
    EXPECT_THAT(mistake, StartsWith("t.yaml:5: key '" + std::string(GetParam().path) + "': "));
    EXPECT_THAT(mistake, HasSubstr(GetParam().advice));
    EXPECT_EQ(mistake.find('\n'), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    Settings, ConfigMistake,
    ::testing::Values(
        Case{"store: {engine: postgresql}", "store.engine", "not in this version; use rocksdb"},
        Case{"store: {engine: sqlite}", "store.engine", "one of: rocksdb, memory"},
        Case{"store: {path: \"\"}", "store.path", "empty"},
        Case{"store: {dsn_file: x}", "store.dsn_file", "remove the key"},
        Case{"store: {retention: 1s}", "store.retention", "from 1m to"},
        Case{"store: {retention: soon}", "store.retention", "such as 500ms"},
        Case{"store: 7", "store", "needs keys and values"},
        Case{"shards: 0", "shards", "from 1 to 4096"},
        Case{"shards: 4097", "shards", "from 1 to 4096"},
        Case{"shards: -1", "shards", "whole number"},
        Case{"shards: [1]", "shards", "needs a single value"},
        Case{"workers: many", "workers", "whole number"},
        Case{"ack_hold: 2s", "ack_hold", "from 100ms to 1900ms"},
        Case{"ack_hold: 10ms", "ack_hold", "from 100ms to 1900ms"},
        Case{"log: {level: loud}", "log.level", "trace, debug, info, warn, error"},
        Case{"log: {format: xml}", "log.format", "text, json"},
        Case{"usage: {ledger: maybe}", "usage.ledger", "true or false"},
        Case{"limits: {queue_messages: 0}", "limits.queue_messages", "from 1 to"},
        Case{"limits: {queue_messages_per_device: 1.5}", "limits.queue_messages_per_device",
             "whole number"},
        Case{"limits: {queue_bytes_per_device: 64kb}", "limits.queue_bytes_per_device", "100KiB"},
        Case{"virtual_endpoints: {port: 70000}", "virtual_endpoints.port", "from 1 to 65535"},
        Case{"virtual_endpoints: {port: 65400}", "virtual_endpoints.port", "up to 65280"},
        Case{"virtual_endpoints: {prefix: 127.64.0.0/24}", "virtual_endpoints.prefix",
             "at most /20"},
        Case{"virtual_endpoints: {prefix: 127.64.0.1/10}", "virtual_endpoints.prefix",
             "set them to zero"},
        Case{"virtual_endpoints: {prefix: local}", "virtual_endpoints.prefix",
             "must be an address block"}));

INSTANTIATE_TEST_SUITE_P(
    Listeners, ConfigMistake,
    ::testing::Values(
        Case{"admin: {listen: 9080}", "admin.listen", "such as 127.0.0.1:9080"},
        Case{"admin: {listen: localhost:9080}", "admin.listen", "such as 127.0.0.1:9080"},
        Case{"admin: {listen: 127.0.0.1:70000}", "admin.listen", "0 to 65535"},
        Case{"admin: {listen: 0.0.0.0:9080}", "admin.tokens_file", "is required"},
        Case{"admin: {tokens_file: /none}", "admin.tokens_file", "cannot be read"},
        Case{"notifications: {listen: 127.0.0.1:9080}", "notifications.listen", "another port"},
        Case{"notifications: {public_url: adapter}", "notifications.public_url", "https"},
        Case{"notifications: {public_url: \"http://a/b?c\"}", "notifications.public_url",
             "without query"},
        Case{"notifications: {sources: 10.0.0.0/8}", "notifications.sources", "needs a list"},
        Case{"notifications: {sources: [10.0.0.0/33]}", "notifications.sources[0]", "from 0 to 32"},
        Case{"notifications: {sources: [[x]]}", "notifications.sources[0]", "single value"},
        Case{"notifications: {tls: {certificate_file: /dev/null}}", "notifications.tls",
             "together"},
        Case{"notifications: {tls: {client_ca_file: /dev/null}}", "notifications.tls",
             "needs certificate_file"},
        Case{"notifications: {tls: {crl_file: /dev/null}}", "notifications.tls",
             "crl_file needs client_ca_file"},
        Case{"notifications: {tls: {ca_file: x}}", "notifications.tls.ca_file",
             "did you mean 'client_ca_file'?"}));

INSTANTIATE_TEST_SUITE_P(
    ProfilesAndQuotas, ConfigMistake,
    ::testing::Values(
        Case{"profiles: {x: {hold: both}}", "profiles.x.hold", "adapter, scef"},
        Case{"profiles: {x: {max_attempts: 0}}", "profiles.x.max_attempts", "from 1 to"},
        Case{"profiles: {x: {hold_max: -1s}}", "profiles.x.hold_max", "must be a duration"},
        Case{"profiles: {x: {device_ack_timeout: 0s}}", "profiles.x.device_ack_timeout", "from 1s"},
        Case{"profiles: {x: {device_deduplication: 2d}}", "profiles.x.device_deduplication",
             "from 0s to 24h"},
        Case{"profiles: {x: {expiry_signal: 4.04}}", "profiles.x.expiry_signal",
             "auto, 5.04, silent"},
        Case{"profiles: {x: {ttl: {raed: 1h}}}", "profiles.x.ttl.raed", "did you mean 'read'?"},
        Case{"profiles: {x: {ttl: {default: 0s}}}", "profiles.x.ttl.default", "from 1s"},
        Case{"profiles: {x: {reachability: never}}", "profiles.x.reachability", "always"},
        Case{"profiles: {x: {reachability: {}}}", "profiles.x.reachability", "needs one of"},
        Case{"profiles: {x: {reachability: {psm: {active_timer: 2h, period: 1h}}}}",
             "profiles.x.reachability.psm", "shorter than period"},
        Case{"profiles: {x: {reachability: {edrx: {cycle: 20s}}}}",
             "profiles.x.reachability.edrx.window", "is missing"},
        Case{"profiles: {x: {reachability: {edrx: {cycle: 2s, window: 3s}}}}",
             "profiles.x.reachability.edrx", "longer than cycle"},
        Case{"profiles: {\"a b\": {}}", "profiles.a b", "letters"},
        Case{"profiles: [x]", "profiles", "needs keys and values"},
        Case{"quotas: {x: {on_exhausted: drop}}", "quotas.x.on_exhausted", "wait, reject"},
        Case{"quotas: {x: {emergency_reserve: 0.1}}", "quotas.x.emergency_reserve", "10%"},
        Case{"quotas: {x: {quota_reject_code: 2.05}}", "quotas.x.quota_reject_code", "4.29"},
        Case{"quotas: {x: {downlink: {messages: 5/year}}}", "quotas.x.downlink.messages",
             "decihour"},
        Case{"quotas: {x: {downlink: {messages: 0/hour}}}", "quotas.x.downlink.messages",
             "100/hour"},
        Case{"quotas: {x: {uplink: {bytes: 5KB/day}}}", "quotas.x.uplink.bytes", "100KiB/day"},
        Case{"quotas: {x: {uplink: {burst: 0}}}", "quotas.x.uplink.burst", "from 1 to"},
        Case{"quotas: {x: {downlink: {messages: 5/month}}}", "quotas.x.downlink.messages",
             "use the key message_allowance"},
        Case{"quotas: {x: {downlink: {messages: [5/hour, 0/day]}}}",
             "quotas.x.downlink.messages[1]", "1 to 1000000"},
        Case{"quotas: {x: {downlink: {messages: [1/hour, 1/hour, 1/hour, 1/hour, 1/day]}}}",
             "quotas.x.downlink.messages", "more than 4"},
        Case{"quotas: {x: {downlink: {messages: {burst: 5}}}}", "quotas.x.downlink.messages.rate",
             "is missing"},
        Case{"quotas: {x: {downlink: {serving_plmn_rate: 9/decihour}}}",
             "quotas.x.downlink.serving_plmn_rate", "at least 10"},
        Case{"quotas: {x: {downlink: {bytes: [0/day]}}}", "quotas.x.downlink.bytes[0]",
             "100KiB/day"},
        Case{"quotas: {x: {downlink: {bytes: {day: 5KiB}}}}", "quotas.x.downlink.bytes",
             "single value or a list"},
        Case{"quotas: {x: {downlink: {message_allowance: 0/month}}}",
             "quotas.x.downlink.message_allowance", "3000/month"},
        Case{"quotas: {x: {downlink: {round_up: 1MiB}}}", "quotas.x.downlink.round_up", "64KiB"},
        Case{"quotas: {x: {time_zone: Europe/Berlln}}", "quotas.x.time_zone", "Europe/Berlin"},
        Case{"quotas: {x: {time_zone: ../../../etc/passwd}}", "quotas.x.time_zone", "no time zone"},
        Case{"quotas: {x: {billing_day: 32}}", "quotas.x.billing_day", "from 1 to 31"},
        Case{"quotas: {x: {week_begins: someday}}", "quotas.x.week_begins", "monday"}));

INSTANTIATE_TEST_SUITE_P(Keys, ConfigMistake,
                         ::testing::Values(Case{"shard: 4", "shard", "did you mean 'shards'?"},
                                           Case{"store: {pth: x}", "store.pth",
                                                "did you mean 'path'?"},
                                           Case{"store: {zzzzzzzz: x}", "store.zzzzzzzz",
                                                "known here are: engine, path, retention"},
                                           Case{"<<: {shards: 4}", "<<", "is unknown"},
                                           Case{"scefs: []", "scefs", "given twice"}));

/// Replaces the entries of the minimal configuration.
std::vector<std::string> with_scef(const std::string& scef) {
    return mistakes_in("scefs: [" + scef + "]\nlwm2m_servers: [{name: d, uri: \"coap://h\"}]\n");
}
std::vector<std::string> with_server(const std::string& server) {
    return mistakes_in(
        "scefs: [{name: a, api_root: \"http://h\", scs_as_id: me}]\n"
        "lwm2m_servers: [" +
        server + "]\n");
}
const std::string scef_a = "{name: a, scs_as_id: me, api_root: ";

TEST(ConfigScefMistakes, an_empty_file_lacks_a_scef_and_a_server) {
    EXPECT_THAT(mistakes_in(""),
                ElementsAre(HasSubstr("t.yaml:1: key 'scefs': needs at least one"),
                            HasSubstr("t.yaml:1: key 'lwm2m_servers': needs at least one")));
}

TEST(ConfigScefMistakes, required_keys_are_named_all_at_once) {
    EXPECT_THAT(with_scef("{}"), ElementsAre(HasSubstr("'scefs[0].name': is missing"),
                                             HasSubstr("'scefs[0].api_root': is missing"),
                                             HasSubstr("'scefs[0].scs_as_id': is missing")));
}

TEST(ConfigScefMistakes, an_api_root_is_a_bare_http_url) {
    for (const char* url :
         {"ftp://h", "h:80", "http://", "http://u:p@h", "http://h?q=1", "http://h#f", "http://h:0",
          "http://h:x", "http://h/a b", "http://[x]"}) {
        EXPECT_THAT(with_scef(scef_a + '"' + url + "\"}"),
                    ElementsAre(StartsWith("t.yaml:1: key 'scefs[0].api_root': must be a URL")))
            << url;
    }
}

TEST(ConfigScefMistakes, other_values_of_a_scef_are_checked) {
    const std::string ok = scef_a + "\"http://h\", ";
    EXPECT_THAT(with_scef(ok + "nidd_path: nidd}"), ElementsAre(HasSubstr("absolute path")));
    EXPECT_THAT(with_scef(ok + "domains: []}"), ElementsAre(HasSubstr("at least one domain")));
    EXPECT_THAT(with_scef(ok + "domains: [a_b]}"),
                ::testing::Contains(HasSubstr("'scefs[0].domains[0]': must be a domain")));
    EXPECT_THAT(with_scef(ok + "profile: x}"), ElementsAre(HasSubstr("one of: 3gpp")));
    EXPECT_THAT(with_scef(ok + "connections_max: 0}"), ElementsAre(HasSubstr("from 1 to")));
    EXPECT_THAT(with_scef(ok + "request_timeout: 0s}"), ElementsAre(HasSubstr("from 1s to 10m")));
    EXPECT_THAT(with_scef(ok + "configuration: {reliable_data_service: yes}}"),
                ElementsAre(HasSubstr("true or false")));
    EXPECT_THAT(with_scef(ok + "configuration: {pdn_establishment_option: X}}"),
                ElementsAre(HasSubstr("WAIT_FOR_UE")));
    EXPECT_THAT(with_scef(ok + "auth: {oauth2: {token_url: \"http://h\"}}}"),
                ElementsAre(HasSubstr("oauth2.client_id': is missing"),
                            HasSubstr("oauth2.client_secret_file': is missing")));
}

TEST(ConfigScefMistakes, limits_that_would_make_no_sense_are_refused) {
    const std::string ok = scef_a + "\"http://h\", limits: ";
    const auto breaker = [&](const char* keys) {
        return with_scef(ok + "{circuit_breaker: {" + keys + "}}}");
    };
    const auto shedding = [&](const char* keys) {
        return with_scef(ok + "{load_shedding: {" + keys + "}}}");
    };
    EXPECT_THAT(breaker("failures: 0"), ElementsAre(HasSubstr("from 1 to 1000")));
    EXPECT_THAT(breaker("back_off: 1ms"), ElementsAre(HasSubstr("from 100ms to 10m")));
    EXPECT_THAT(breaker("back_off: 2s, back_off_max: 1s"),
                ElementsAre(HasSubstr("back_off_max': is shorter than back_off")));
    EXPECT_THAT(breaker("back_off: 2m"), ElementsAre(HasSubstr("use 2m or more")));
    EXPECT_THAT(shedding("multiplier: 0.5"), ElementsAre(HasSubstr("number from 1 to 10")));
    EXPECT_THAT(shedding("window: 1s"), ElementsAre(HasSubstr("from 10s to 1h")));
    EXPECT_THAT(shedding("share_max: 100%"), ElementsAre(HasSubstr("at most 99%")));
    EXPECT_THAT(shedding("share_max: 0.5"), ElementsAre(HasSubstr("a share from 0%")));
    EXPECT_THAT(shedding("accepted_row: 0"), ElementsAre(HasSubstr("from 1 to 10000")));
    EXPECT_THAT(with_scef(ok + "{retry_after_max: 0s}}"), ElementsAre(HasSubstr("from 1s to 1h")));
    EXPECT_THAT(with_scef(ok + "{connections_max: 5}}"), ElementsAre(HasSubstr("is unknown")));
}

TEST(ConfigScefMistakes, names_and_domains_are_served_once) {
    const std::string one = scef_a + "\"http://h\", domains: [x.example]}";
    EXPECT_THAT(with_scef(one + ", " + one),
                ElementsAre(HasSubstr("'scefs[1].name': 'a' is the name of an earlier entry"),
                            HasSubstr("'scefs[1].domains': the domain 'x.example'")));
}

TEST(ConfigServerMistakes, a_uri_is_coap_over_udp) {
    for (const char* uri : {"coaps://h", "coap+tcp://h", "coaps+tcp://h"}) {
        EXPECT_THAT(with_server("{name: d, uri: \"" + std::string(uri) + "\"}"),
                    ElementsAre(HasSubstr("not supported by this version")));
    }
    for (const char* uri : {"h:5683", "coap://", "coap://h/rd", "coap://h:0", "coap://h?x",
                            "coap://u@h", "coap://h:99999", "coap://[::1"}) {
        EXPECT_THAT(with_server("{name: d, uri: \"" + std::string(uri) + "\"}"),
                    ElementsAre(HasSubstr("'lwm2m_servers[0].uri': must be a URI")))
            << uri;
    }
}

TEST(ConfigServerMistakes, a_bootstrap_server_alone_is_not_enough) {
    EXPECT_THAT(with_server("{name: b, uri: \"coap://h\", bootstrap: true}"),
                ElementsAre(HasSubstr("no bootstrap server")));
}

TEST(ConfigServerMistakes, other_values_of_a_server_are_checked) {
    const std::string ok = "{name: d, uri: \"coap://h\", ";
    EXPECT_THAT(with_server(ok + "sources: [h]}"), ElementsAre(HasSubstr("an address block")));
    EXPECT_THAT(with_server(ok + "bootstrap: 1}"), ElementsAre(HasSubstr("true or false")));
    EXPECT_THAT(with_server(ok + "binding_rewrite: n}"), ElementsAre(HasSubstr("strip_q, udp")));
    EXPECT_THAT(with_server(ok + "separate_response_limit: 0s}"), ElementsAre(HasSubstr("1s")));
    EXPECT_THAT(with_server(ok + "ack_hold: 61s}"), ElementsAre(HasSubstr("100ms to 1m")));
    EXPECT_THAT(with_server(ok + "separate_response_limit: 14s, ack_hold: 14s}"),
                ElementsAre(HasSubstr("shorter than separate_response_limit")));
    EXPECT_THAT(with_server(ok + "late_answer_max_age: x}"), ElementsAre(HasSubstr("duration")));
    EXPECT_THAT(with_server(ok + "x: 1}, " + ok + "y: 1}"),
                ElementsAre(HasSubstr("[0].x"), HasSubstr("[1].y"), HasSubstr("[1].name")));
    EXPECT_THAT(with_server("{name: \"\", uri: \"coap://h\"}"),
                ElementsAre(HasSubstr("a name has 1 to 64")));
}

TEST(ConfigServerMistakes, rds_ports_are_checked) {
    const std::string ok = "{name: d, uri: \"coap://h\", ";
    const std::string path = "'lwm2m_servers[0].rds";
    EXPECT_THAT(with_server(ok + "rds: {port_scef: 16, port_ue: 1}}"),
                ElementsAre(HasSubstr(path + ".port_scef': must be a whole number from 0 to 15")));
    EXPECT_THAT(with_server(ok + "rds: {port_scef: 1, port_ue: -1}}"),
                ElementsAre(HasSubstr(path + ".port_ue'")));
    EXPECT_THAT(with_server(ok + "rds: {port_scef: 1}}"),
                ElementsAre(HasSubstr(path + ".port_ue': is missing")));
    EXPECT_THAT(with_server(ok + "rds: {port_scef: 1, port_ue: 1, app: x}}"),
                ElementsAre(HasSubstr(path + ".app'")));
    const std::string rds = "rds: {port_scef: 1, port_ue: 1}";
    EXPECT_THAT(
        with_server(ok + rds + "}, {name: b, uri: \"coap://h\", bootstrap: true, " + rds + "}"),
        ElementsAre(HasSubstr("'lwm2m_servers[1].rds': has the ports of 'd'")));
}

TEST(ConfigMistakeOrder, all_mistakes_are_reported_in_the_order_of_the_lines) {
    EXPECT_THAT(mistakes_in(minimal + "shards: x\nlimits:\n  queue_messages: 0\nworkers: y\n"),
                ElementsAre(StartsWith("t.yaml:5: key 'shards'"),
                            StartsWith("t.yaml:7: key 'limits.queue_messages'"),
                            StartsWith("t.yaml:8: key 'workers'")));
}

}  // namespace
}  // namespace scef::adapter
