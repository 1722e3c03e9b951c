#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lwm2m-core/vocabulary/external_id.h"
#include "lwm2m-core/vocabulary/result.h"
#include "lwm2m-core/vocabulary/socket_address.h"
#include "lwm2m-core/vocabulary/turn.h"
#include "nidd/types/operator_profile.h"
#include "nidd/types/t8_types.h"
#include "quota/quota_limits.h"

/// The adapter's configuration as values, each with the default of docs/configuration.md.
namespace scef::adapter {

struct StoreConfig {
    std::string engine = "rocksdb";  ///< rocksdb | memory
    std::string path = "./data";
    std::string dsn_file;
    Duration retention = std::chrono::hours(7 * 24);
    struct {
        std::string path;        ///< directory of backups; empty: none can be made
        std::uint32_t kept = 7;  ///< so many; then the oldest goes
    } backups;
};

struct AdminConfig {
    std::string listen = "127.0.0.1:9080";
    std::string tokens_file;
};

struct TlsFiles {
    std::string ca_file, certificate_file, key_file, crl_file;
};

struct NotificationsConfig {
    std::string listen = "127.0.0.1:8080";
    std::string public_url = "http://127.0.0.1:8080";
    TlsFiles tls;                      ///< `ca_file` holds `client_ca_file`
    std::string tokens_file;           ///< bearer tokens of the SCEFs; empty: none is asked for
    std::vector<std::string> sources;  ///< CIDRs; empty: any
};

struct Oauth2Config {
    std::string token_url, client_id, client_secret_file;
};

/// How a SCEF that is in trouble is spared; each worker counts for itself.
struct ScefLimitsConfig {
    struct {
        std::uint32_t failures = 5;  ///< in a row, then it opens
        Duration back_off = std::chrono::seconds(1);
        Duration back_off_max = std::chrono::seconds(60);
    } circuit_breaker;
    struct {
        double multiplier = 2;  ///< so many times of what the SCEF accepts goes there
        Duration window = std::chrono::minutes(2);
        double share_max = 0.95;
        std::uint32_t accepted_row = 20;  ///< so many accepted one after the other end it
    } load_shedding;
    Duration retry_after_max = std::chrono::seconds(30);  ///< of the SCEF's own, for all devices
};

struct ScefConfig {
    std::string name;
    std::string api_root;
    std::string nidd_path = "/3gpp-nidd/v1";
    std::string trigger_path = "/3gpp-device-triggering/v1";
    std::string monitoring_path = "/3gpp-monitoring-event/v1";
    std::string scs_as_id;
    std::vector<std::string> domains = {"*"};
    nidd::OperatorProfile profile = nidd::standard_profile();  ///< with the rules of `errors`
    std::uint32_t connections_max = 1024;
    Duration request_timeout = std::chrono::seconds(60);
    std::optional<Oauth2Config> oauth2;
    TlsFiles tls;
    struct {
        Duration duration = std::chrono::hours(30 * 24);
        std::string pdn_establishment_option = "WAIT_FOR_UE";
        bool reliable_data_service = false;
        bool test_notification = false;
        std::uint32_t creations_per_second = 50;  ///< over all workers; 0: as fast as it goes
    } configuration;
    struct {
        std::uint16_t port = 5683;  ///< of the SMS, where the device's LwM2M client listens
        Duration validity = std::chrono::minutes(10);
    } trigger;
    struct {
        bool ue_reachability = false;
        bool availability_after_ddn_failure = false;
    } monitoring;  ///< what is subscribed to while messages wait
    ScefLimitsConfig limits;
    std::string quota;  ///< of all its devices together, a name in `quotas`; empty: unlimited
};

/// What a device hears when its registration finds the server silent.
enum class Unreachable : std::uint8_t { silent, service_unavailable };  ///< silent | 5.03
enum class BindingRewrite : std::uint8_t { keep, strip_q, udp };

/// How a device tells a server from its others: by static ports of the Reliable Data Service
/// (TS 24.250, TS 29.122 RdsPort; LwM2M Security Object 28-30).
struct RdsConfig {
    nidd::RdsPort ports;         ///< 0 to 15 each
    std::string application_id;  ///< what the device knows the server by; empty: none
};

struct LwM2mServerConfig {
    std::string name;
    std::string uri;        ///< `coap://host:port`
    SocketAddress address;  ///< of the uri's host; the daemon resolves it at start
    std::vector<std::string>
        sources;  ///< CIDRs whose datagrams are looked at; default: the uri's address
    bool bootstrap = false;
    Duration separate_response_limit = std::chrono::seconds(120);
    std::optional<Duration> ack_hold;  ///< none: that of all
    BindingRewrite binding_rewrite = BindingRewrite::keep;
    Duration late_answer_max_age = std::chrono::minutes(10);
    Unreachable unreachable = Unreachable::silent;
    std::optional<RdsConfig> rds;
};

struct VirtualEndpointsConfig {
    std::string prefix = "127.64.0.0/10";
    std::uint16_t port = 15700;
};

enum class Hold : std::uint8_t { adapter, scef };
enum class ExpirySignal : std::uint8_t {
    automatic,
    gateway_timeout,
    silent
};  ///< auto | 5.04 | silent

/// When a device can hear (TS 23.682 4.5.4, TS 23.401 5.13a).
struct ReachabilityConfig {
    enum class Kind : std::uint8_t { always, edrx, psm };
    Kind kind = Kind::psm;
    Duration active_timer = std::chrono::seconds(20);  ///< psm: T3324
    Duration period = std::chrono::hours(24);          ///< psm: T3412; edrx: unused
    Duration cycle{};                                  ///< edrx
    Duration window{};                                 ///< edrx: paging time window
};

struct ProfileConfig {
    std::string name;
    ReachabilityConfig reachability;
    Hold hold = Hold::adapter;
    Duration hold_max = std::chrono::hours(24);
    Duration device_ack_timeout = std::chrono::seconds(20);
    Duration device_deduplication{};
    Duration device_answer_wait = std::chrono::seconds(93);  ///< the device's MAX_TRANSMIT_WAIT
    bool local_ack = false;           ///< U6: notifications are acknowledged once recorded
    bool release_assistance = false;  ///< RAI: an uplink opens no window but for its answer
    Duration wake_after{};  ///< a message that waited so long has its device triggered; 0: never
    Duration wake_pause = std::chrono::hours(1);  ///< between two triggers by itself
    std::uint32_t max_attempts = 10;
    ExpirySignal expiry_signal = ExpirySignal::automatic;
    std::map<std::string, Duration, std::less<>> ttl;  ///< `default` and LwM2M operation names

    /// TTL of an operation: its own, else the default, else 24 h.
    Duration ttl_of(std::string_view operation) const;
};

struct QuotaConfig {
    quota::QuotaLimits downlink;
    quota::QuotaLimits uplink;
    enum class OnExhausted : std::uint8_t { wait, reject } on_exhausted = OnExhausted::wait;
    double emergency_reserve = 0.1;  ///< share of the burst and of the allowance
    std::uint8_t quota_reject_code = 4 << 5 | 29;
    friend bool operator==(const QuotaConfig&, const QuotaConfig&) = default;
};
using NamedQuota = std::pair<const std::string, QuotaConfig>;

/// The quotas of what is wider than a device and no SCEF: names in `quotas`. What has none is
/// unlimited.
struct QuotaScopesConfig {
    std::string account;  ///< all devices together
    std::map<std::string, std::string, std::less<>> groups;
};

class QuotaCatalog;

struct UsageConfig {
    bool ledger = true;  ///< each charge of a frame is recorded, for the usage export
};

struct WebhooksConfig {
    std::string ca_file;  ///< PEM; whom https webhooks are to be signed by; empty: the system's
};

struct LimitsConfig {
    std::uint32_t queue_messages_per_device = 50;
    std::uint64_t queue_bytes_per_device = std::uint64_t{64} * 1024;
    std::uint64_t queue_messages = 1'000'000;
};

struct Config {
    StoreConfig store;
    std::uint16_t shards = 256;
    std::uint32_t workers = 0;  ///< 0: number of cores
    Duration ack_hold = std::chrono::seconds(1);
    AdminConfig admin;
    NotificationsConfig notifications;
    std::vector<ScefConfig> scefs;
    std::vector<LwM2mServerConfig> lwm2m_servers;
    VirtualEndpointsConfig virtual_endpoints;
    std::map<std::string, ProfileConfig, std::less<>> profiles;
    std::map<std::string, QuotaConfig, std::less<>> quotas;
    QuotaScopesConfig quota_scopes;
    std::shared_ptr<QuotaCatalog> given_quotas;  ///< at run time; shared by copies
    UsageConfig usage;
    WebhooksConfig webhooks;
    LimitsConfig limits;
    struct {
        std::string level = "info";
        std::string format = "text";  ///< text | json
    } log;
};

/// The place in `scefs` of the one that serves a device: the first whose `domains` match.
std::optional<std::size_t> scef_serving(const Config& config, const ExternalId& device);

/// The quota of that name or, if it begins with a brace, of that text (QuotaCatalog). It lives as
/// long as the configuration.
Result<const NamedQuota*> find_quota(const Config& config, std::string_view name_or_text);

/// A configuration with the built-in profiles and the unlimited default quota, and no SCEF or
/// server.
Config default_config();

/// Everything that is wrong with a configuration file, each a sentence with file, line and key.
struct ConfigMistakes {
    std::vector<std::string> sentences;
};

/// Reads and checks a YAML configuration. Unknown keys, duplicate keys, wrong types and values out
/// of range are mistakes, and all of them are reported, not only the first.
tl::expected<Config, ConfigMistakes> load_config(const std::string& file);
tl::expected<Config, ConfigMistakes> parse_config(const std::string& text, const std::string& file);

/// The commented default configuration that `--print-default-config` prints; it parses.
std::string default_config_text();

}  // namespace scef::adapter
