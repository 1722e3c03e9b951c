#include "scef-adapter/config/configuration_keys.h"

namespace scef::adapter {

ConfigurationTable keys_of_store() {
    return {
        "store",
        "store.",
        {
            {.path = "engine",
             .value = "`rocksdb` or `memory`",
             .fallback = "rocksdb",
             .at_restart = true,
             .meaning = "`memory` forgets everything at the end and is for trials. `postgresql` is "
                        "refused: not in this version"},
            {.path = "path",
             .value = "folder",
             .fallback = "./data",
             .at_restart = true,
             .meaning = "of the RocksDB engine; made with mode 0700 if missing"},
            {.path = "retention",
             .value = "duration, 1 minute to 10 years",
             .fallback = "7d",
             .meaning = "how long ended messages, timelines, charges and the like are to be kept"},
            {.path = "backup_path",
             .value = "folder",
             .otherwise = "none",
             .example = "/var/lib/scef-adapter/backups",
             .meaning = "of the backups that `scef-adapterctl store backup` makes, with mode 0700; "
                        "none: none can be made"},
            {.path = "backups_kept",
             .value = "1 to 1000",
             .fallback = "7",
             .meaning = "so many backups stay; the oldest goes when there are more"},
        }};
}

ConfigurationTable keys_at_the_top() {
    return {"top",
            "",
            {
                {.path = "shards",
                 .value = "1 to 4096",
                 .fallback = "256",
                 .at_restart = true,
                 .meaning = "logical shards, each with one UDP port and its own sub-prefix. Fixed "
                            "when the store is created; a store with another number is refused. "
                            "Devices are spread by a hash of the External Identifier"},
                {.path = "workers",
                 .value = "0 to 1024",
                 .fallback = "0",
                 .at_restart = true,
                 .meaning = "threads that own the shards; 0: one for each core"},
                {.path = "ack_hold",
                 .value = "duration, 100 ms to 1900 ms",
                 .fallback = "1s",
                 .meaning = "how long the device's answer may still become a piggybacked one; then "
                            "the server gets its empty ACK. Below 2 s, after which servers repeat "
                            "a request (RFC 7252 4.8)"},
            }};
}

ConfigurationTable keys_of_admin() {
    return {"admin",
            "admin.",
            {
                {.path = "listen",
                 .value = "address",
                 .fallback = "127.0.0.1:9080",
                 .at_restart = true,
                 .meaning = "admin API and `/metrics`; plain HTTP"},
                {.path = "tokens_file",
                 .value = "file with a secret",
                 .otherwise = "none",
                 .meaning = "lines `role:token` with role `read`, `send` or `admin`; `#` begins a "
                            "comment line. Required unless `listen` is a loopback address. When "
                            "set, everything but `/healthz`, `/readyz` and the files of the web "
                            "console needs a token"},
            }};
}

ConfigurationTable keys_of_notifications() {
    return {"notifications",
            "notifications.",
            {
                {.path = "listen",
                 .value = "address",
                 .fallback = "127.0.0.1:8080",
                 .at_restart = true,
                 .meaning = "where the SCEF connects"},
                {.path = "public_url",
                 .value = "`http` or `https` URL",
                 .fallback = "http://127.0.0.1:8080",
                 .at_restart = true,
                 .meaning = "as the SCEF reaches `listen`; each device's `notificationDestination` "
                            "is `{public_url}/t8/v1/notifications/{capability}` with 128 random "
                            "bits in the capability. Change it only together with all NIDD "
                            "configurations: they are made with it"},
                {.path = "tls.certificate_file",
                 .value = "file, PEM",
                 .otherwise = "none",
                 .meaning = "of the listener, which speaks TLS 1.2 or later then; with `key_file` "
                            "or not at all"},
                {.path = "tls.key_file",
                 .value = "file with a secret, PEM",
                 .otherwise = "none",
                 .meaning = "of the certificate"},
                {.path = "tls.client_ca_file",
                 .value = "file, PEM",
                 .otherwise = "none",
                 .meaning = "the SCEF must show a certificate that this authority signed"},
                {.path = "tls.crl_file",
                 .value = "file, PEM",
                 .otherwise = "none",
                 .meaning = "what that authority has revoked, as `auth.tls.crl_file` of a SCEF"},
                {.path = "sources",
                 .value = "list of address blocks",
                 .fallback = "[]",
                 .meaning = "that may connect; empty: any"},
                {.path = "tokens_file",
                 .value = "file with a secret",
                 .otherwise = "none",
                 .meaning =
                     "bearer tokens, one a line, `#` begins a comment line. When set, every "
                     "notification needs `Authorization: Bearer TOKEN`: without one it is answered "
                     "401, the sixth wrong one of an address within a minute 429. For SCEFs that "
                     "can be given a token for their notifications; give each its own"},
            }};
}

ConfigurationTable keys_of_virtual_endpoints() {
    return {
        "virtual_endpoints",
        "virtual_endpoints.",
        {
            {.path = "prefix",
             .value = "address block",
             .fallback = "127.64.0.0/10",
             .at_restart = true,
             .meaning =
                 "where the devices' addresses come from: prefix, shard, index. `127.0.0.0/8` "
                 "needs no privilege and no route; any other prefix must be made local: `ip route "
                 "add local 10.64.0.0/10 dev lo`, `ip -6 route add local fd00:5cef::/64 dev lo`"},
            {.path = "port",
             .value = "1 to 65535",
             .fallback = "15700",
             .at_restart = true,
             .meaning = "of shard 0; shard n has port + n. The last must be at most 65535, and "
                        "should stay below 32768, where Linux begins to hand out ports by itself"},
        }};
}

ConfigurationTable keys_of_usage() {
    return {"usage",
            "usage.",
            {
                {.path = "ledger",
                 .value = "`true` or `false`",
                 .fallback = "true",
                 .at_restart = true,
                 .meaning = "each charge of a frame is recorded, with what it was for, and kept "
                            "for `store.retention`; `GET /quotas/{scope}/usage` exports it "
                            "([quotas.md](quotas.md#usage-export)). `false`: nothing is recorded, "
                            "and the export answers 404"},
            }};
}

ConfigurationTable keys_of_webhooks() {
    return {"webhooks",
            "webhooks.",
            {
                {.path = "ca_file",
                 .value = "file, PEM",
                 .otherwise = "the system's authorities",
                 .at_restart = true,
                 .meaning =
                     "the authorities that may have signed the certificate of an `https` webhook"},
            }};
}

ConfigurationTable keys_of_limits() {
    return {"limits",
            "limits.",
            {
                {.path = "queue_messages_per_device",
                 .value = "1 to 1,000,000",
                 .fallback = "50",
                 .meaning = "messages waiting for one device; more get 5.03, or 429 at the API"},
                {.path = "queue_bytes_per_device",
                 .value = "size",
                 .fallback = "64KiB",
                 .meaning = "octets of them"},
                {.path = "queue_messages",
                 .value = "1 to 1,000,000,000",
                 .fallback = "1000000",
                 .meaning = "open messages in all; each shard has its equal share"},
            }};
}

ConfigurationTable keys_of_log() {
    return {"log",
            "log.",
            {
                {.path = "level",
                 .value = "`trace`, `debug`, `info`, `warn` or `error`",
                 .fallback = "info",
                 .meaning = "what is logged at least"},
                {.path = "format",
                 .value = "`text` or `json`",
                 .fallback = "text",
                 .meaning = "`json`: one object a line"},
            }};
}

}  // namespace scef::adapter
