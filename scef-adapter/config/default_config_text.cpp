#include "scef-adapter/config/config.h"

namespace scef::adapter {
namespace {

constexpr const char* top =
    R"yaml(# Configuration of scef-adapter. Every key is shown with its default; only 'scefs' and 'lwm2m_servers'
# have none, and what stands there is an example. An unknown key is a mistake.
# Durations: 500ms, 20s, 10m, 24h, 7d, PT24H. Sizes: 512B, 100KiB, 2MiB.
# Rates: 100/hour, 100KiB/day, per second, minute, decihour (6 minutes), hour, day or week; allowances
# also per month.
# Secrets are given by file, and such a file must not be readable by everybody.

store:
  engine: rocksdb          # rocksdb, or memory, which forgets everything at the end
  path: ./data             # directory of rocksdb; it is made if missing
  retention: 7d            # of ended messages, timelines, dead letters and the audit log
  # backup_path: /var/backups/scef-adapter     # folder of the backups that scef-adapterctl makes
  backups_kept: 7          # the oldest goes when there are more

shards: 256                # fixed when the store is created; each has one UDP port
workers: 0                 # threads; 0: one for each core
ack_hold: 1s               # how long an answer of the device may become a piggybacked one: 100ms to 1900ms

admin:                     # admin API, console and /metrics
  listen: 127.0.0.1:9080
  tokens_file:             # lines role:token, role read, send or admin; required unless on loopback

notifications:             # where the SCEF sends uplink data and delivery reports
  listen: 127.0.0.1:8080
  public_url: http://127.0.0.1:8080    # as the SCEF reaches it
  tls: {}                  # certificate_file, key_file, client_ca_file, crl_file
  sources: []              # address blocks of the SCEF; empty: any
  # tokens_file: /etc/scef-adapter/notification-tokens   # a bearer token a line; default: none is asked for

scefs:
  - name: operator-a
    api_root: http://127.0.0.1:8081
    scs_as_id: lwm2m-dm
    nidd_path: /3gpp-nidd/v1
    trigger_path: /3gpp-device-triggering/v1
    monitoring_path: /3gpp-monitoring-event/v1
    domains: ["*"]         # of the External Identifiers it serves; "*" for all
    profile: 3gpp          # of the SCEF: 3gpp, 3gpp-r15, oracle or mts
    errors: []             # what else its errors mean: {status: 403, cause: LIMIT, means: throttled}
    connections_max: 1024
    request_timeout: 60s
    auth: {}               # oauth2: {token_url, client_id, client_secret_file}
                           # tls: {ca_file, certificate_file, key_file, crl_file}
    configuration:         # what the NIDD configuration of each device asks for
      duration: 30d
      pdn_establishment_option: WAIT_FOR_UE    # WAIT_FOR_UE, INDICATE_ERROR or SEND_TRIGGER
      reliable_data_service: false
      test_notification: false    # true: the SCEF is asked for one, to see that it reaches us
      creations_per_second: 50    # 0: as fast as it goes
    trigger: {port: 5683, validity: 10m}    # of the SMS that wakes a device
    monitoring: []         # UE_REACHABILITY, AVAILABILITY_AFTER_DDN_FAILURE: while messages wait
    limits:                # how a SCEF in trouble is spared; each worker counts for itself
      circuit_breaker:     # after so many failures in a row one call goes each back-off, which doubles
        {failures: 5, back_off: 1s, back_off_max: 60s}
      load_shedding:       # while it answers 429 or 503: at most multiplier times of what it accepts
        {multiplier: 2, window: 2m, share_max: 95%, accepted_row: 20}
      retry_after_max: 30s # its own Retry-After holds back everybody's calls for so long at most
    # quota: operator-a    # of all its devices together, a name in quotas; default: unlimited

lwm2m_servers:
  - name: dm
    uri: coap://127.0.0.1:5683
    sources: [127.0.0.1/32]            # whose datagrams are looked at; default: the address of the uri
    bootstrap: false                   # true: this is the bootstrap server
    separate_response_limit: 120s      # the server gives up on a separate response after that
    # ack_hold: 50s                    # for a server without separate responses: instead of that of all
    binding_rewrite: keep              # keep, strip_q, or udp: what the server sees in b= and Q
    late_answer_max_age: 10m           # a late answer serves the same question for so long
    unreachable: silent                # or 5.03: what a device hears whose registration finds no server
    # rds:                             # for devices with several LwM2M servers: the static ports of
    #   port_scef: 1                   # the Reliable Data Service by which they know this one, 0 to 15
    #   port_ue: 1
    #   application_id: dm             # optional

virtual_endpoints:
  prefix: 127.64.0.0/10    # or a prefix that is routed to this host, such as fd00:5cef::/64
  port: 15700              # of shard 0; shard n has port + n

)yaml";

constexpr const char* bottom =
    R"yaml(profiles:                  # built in are these three; keys given here change or add
  nb-iot:
    reachability: {psm: {active_timer: 20s, period: 24h}}
    hold: adapter          # who keeps a message while the device sleeps: adapter or scef
    hold_max: 24h          # after that the SCEF is given it
    device_ack_timeout: 20s
    device_deduplication: 0s   # how long the device knows a repeated message ID; 0s: not at all
    device_answer_wait: 93s    # how long the device waits for an answer
    local_ack: false           # true: a notification is acknowledged once it is recorded
    release_assistance: false  # true: the device releases its connection after each uplink
    wake_after: 0s             # a message that waited so long has the device woken by SMS; 0s: never
    wake_pause: 1h             # at least between two such triggers
    max_attempts: 10
    expiry_signal: auto    # auto, 5.04 or silent: what the server hears when a message expires
    ttl: {default: 24h, read: 1h, execute: 10m}    # and other LwM2M operations
  cat-m1:
    reachability: {edrx: {cycle: PT20.48S, window: 5s}}
    hold: adapter
    hold_max: 24h
    device_ack_timeout: 8s
    device_deduplication: 0s
    device_answer_wait: 93s
    local_ack: false
    release_assistance: false
    wake_after: 0s
    wake_pause: 1h
    max_attempts: 10
    expiry_signal: auto
    ttl: {default: 24h, read: 1h, execute: 10m}
  always-on:
    reachability: always
    hold: adapter
    hold_max: 24h
    device_ack_timeout: 8s
    device_deduplication: 0s
    device_answer_wait: 93s
    local_ack: false
    release_assistance: false
    wake_after: 0s
    wake_pause: 1h
    max_attempts: 10
    expiry_signal: auto
    ttl: {default: 24h, read: 1h, execute: 10m}

quotas:                    # 'default' is unlimited unless limits are given
  default:
    time_zone: UTC         # whose days, weeks and months, such as Europe/Berlin
    billing_day: 1         # on which a month begins, 1 to 31
    week_begins: monday
    pro_rate: true         # of its first week and month a device has its share
    downlink:
      burst: 1             # messages that may go back to back
      round_up: 1B         # each message counts as a multiple of so much
      # messages: 100/hour           # or several: [100/hour, {rate: 1000/day, burst: 50}]
      # serving_plmn_rate: 10/decihour
      # bytes: 100KiB/day            # or several: [100KiB/day, 1MiB/month]
      # message_allowance: 3000/month
      # exceptions: 2/day            # for emergencies, when all else is used up
    uplink:                # the same; counted and alarmed, never delayed
      burst: 1
      round_up: 1B
      # messages: 400/hour
      # bytes: 400KiB/day
    on_exhausted: wait     # wait or reject
    emergency_reserve: 10%
    quota_reject_code: "4.29"    # or "5.03" for servers that do not know 4.29

quota_scopes: {}           # of many devices together, by names in quotas; scefs have 'quota' for it
  # account: everything    # all devices
  # groups: {meters: meters-together}

usage:
  ledger: true             # each charge of a frame is kept for the usage export, for store.retention

webhooks: {}               # ca_file: PEM, whom https webhooks are signed by; default: the system's

limits:
  queue_messages_per_device: 50
  queue_bytes_per_device: 64KiB
  queue_messages: 1000000

log:
  level: info              # trace, debug, info, warn or error
  format: text             # text or json
)yaml";

}  // namespace

std::string default_config_text() {
    std::string text(top);
    text.append(bottom);
    return text;
}

}  // namespace scef::adapter
