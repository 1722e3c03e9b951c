#include "scef-adapter/config/configuration_keys.h"

namespace scef::adapter {
namespace {

std::vector<ConfigurationKey> identity_keys() {
    return {
        {.path = "name",
         .value = "name",
         .otherwise = "required",
         .example = "operator-a",
         .at_restart = true,
         .meaning = "for logs and metrics"},
        {.path = "api_root",
         .value = "`http` or `https` URL",
         .otherwise = "required",
         .example = "https://scef.example:443",
         .at_restart = true,
         .meaning = "with a prefix if the operator has one"},
        {.path = "scs_as_id",
         .value = "name",
         .otherwise = "required",
         .example = "lwm2m-dm",
         .at_restart = true,
         .meaning = "the `{scsAsId}` of TS 29.122"},
        {.path = "nidd_path",
         .value = "path",
         .fallback = "/3gpp-nidd/v1",
         .at_restart = true,
         .meaning = "of the NIDD API below `api_root`"},
        {.path = "trigger_path",
         .value = "path",
         .fallback = "/3gpp-device-triggering/v1",
         .at_restart = true,
         .meaning = "of the DeviceTriggering API"},
        {.path = "monitoring_path",
         .value = "path",
         .fallback = "/3gpp-monitoring-event/v1",
         .at_restart = true,
         .meaning = "of the MonitoringEvent API"},
        {.path = "domains",
         .value = "list of domains",
         .fallback = R"(["*"])",
         .at_restart = true,
         .meaning = "of the External Identifiers that it serves; `\"*\"` for all. A domain may "
                    "be named once"},
        {.path = "profile",
         .value = "`3gpp`, `3gpp-r15`, `oracle` or `mts`",
         .fallback = "3gpp",
         .meaning = "how the SCEF deviates; `scef-adapterctl doctor` tells which "
                    "([connect-a-scef.md](connect-a-scef.md))"},
    };
}

std::vector<ConfigurationKey> behaviour_keys() {
    return {
        {.path = "errors[].status",
         .value = "400 to 599",
         .otherwise = "required",
         .example = "403",
         .meaning = "`errors`, a list, says what else its errors mean, before the profile's "
                    "own rules. This is the HTTP status"},
        {.path = "errors[].cause",
         .value = "text",
         .otherwise = "any",
         .example = "LIMIT",
         .meaning = "`cause` of the problem"},
        {.path = "errors[].detail",
         .value = "text",
         .otherwise = "any",
         .example = "Rate",
         .meaning = "what the `detail` of the problem begins with"},
        {.path = "errors[].means",
         .value = "`throttled`, `too_large`, `refused`, `not_authorized`, "
                  "`configuration_lost`, `retry_later`, `in_doubt` or `exists`",
         .otherwise = "required",
         .example = "throttled",
         .meaning = "how the adapter takes such an error; `exists` of a configuration only"},
        {.path = "monitoring",
         .value = "list of `UE_REACHABILITY`, `AVAILABILITY_AFTER_DDN_FAILURE`",
         .fallback = "[]",
         .meaning = "what the SCEF is asked to tell while messages wait: `UE_REACHABILITY` "
                    "when one waits for its device's window, `AVAILABILITY_AFTER_DDN_FAILURE` "
                    "after a failed attempt. One report each time; it opens the window, and "
                    "its idle status teaches the device's timers"},
        {.path = "trigger.port",
         .value = "0 to 65535",
         .fallback = "5683",
         .meaning = "application port of the SMS that wakes a device"},
        {.path = "trigger.validity",
         .value = "duration, 1 s to 7 days",
         .fallback = "10m",
         .meaning = "how long such an SMS is worth delivering"},
        {.path = "connections_max",
         .value = "1 to 65535",
         .fallback = "1024",
         .meaning = "HTTP connections at most, shared by the workers. HTTP/1.1 without "
                    "pipelining: each open POST has its own"},
        {.path = "request_timeout",
         .value = "duration, 1 s to 10 min",
         .fallback = "60s",
         .meaning = "a SCEF may hold a POST until the device's hop acknowledges. A POST that "
                    "times out is in doubt"},
    };
}

std::vector<ConfigurationKey> authentication_keys() {
    return {
        {.path = "auth.oauth2.token_url",
         .value = "`http` or `https` URL",
         .otherwise = "none",
         .example = "https://scef.example/token",
         .meaning = "client credentials grant (RFC 6749 4.4); all three keys of `auth.oauth2` "
                    "or none"},
        {.path = "auth.oauth2.client_id",
         .value = "text",
         .otherwise = "none",
         .example = "my-scs-as",
         .meaning = "as the operator gave it"},
        {.path = "auth.oauth2.client_secret_file",
         .value = "file with a secret",
         .otherwise = "none",
         .meaning = "the secret and nothing else"},
        {.path = "auth.tls.ca_file",
         .value = "file, PEM",
         .otherwise = "the system's authorities",
         .meaning = "whom to trust"},
        {.path = "auth.tls.certificate_file",
         .value = "file, PEM",
         .otherwise = "none",
         .meaning = "client certificate; with `key_file` or not at all"},
        {.path = "auth.tls.key_file",
         .value = "file with a secret, PEM",
         .otherwise = "none",
         .meaning = "of the client certificate"},
        {.path = "auth.tls.crl_file",
         .value = "file, PEM",
         .otherwise = "none",
         .meaning = "certificate revocation lists (RFC 5280) of the authority that signed the "
                    "certificate of the SCEF (and of the token server), one after another if "
                    "there are several. A certificate that is on its issuer's list is refused; "
                    "so is every one while that list is missing or past its next update. Renew "
                    "it by replacing the file (`mv` a new one over it): the next connection "
                    "reads it, without a restart. A connection that is open goes on"},
    };
}

std::vector<ConfigurationKey> nidd_configuration_keys() {
    return {
        {.path = "configuration.duration",
         .value = "duration, 1 minute to 10 years",
         .fallback = "30d",
         .meaning = "life that each NIDD configuration asks for, sent as now + this. It is "
                    "renewed after nine tenths of what the SCEF granted"},
        {.path = "configuration.pdn_establishment_option",
         .value = "`WAIT_FOR_UE`, `INDICATE_ERROR` or `SEND_TRIGGER`",
         .fallback = "WAIT_FOR_UE",
         .meaning =
             "what the SCEF does when the device has no PDN connection (TS 29.122 5.6.2.3.2)"},
        {.path = "configuration.test_notification",
         .value = "`true` or `false`",
         .fallback = "false",
         .meaning = "ask the SCEF for a test notification with each configuration "
                    "(`t8_notifications_total{kind=\"test\"}`)"},
        {.path = "configuration.creations_per_second",
         .value = "0 to 100,000",
         .fallback = "50",
         .at_restart = true,
         .meaning = "configurations created at most, over all workers; 0: as fast as it goes. "
                    "The rest wait in order (`t8_creations_waiting`)"},
        {.path = "configuration.reliable_data_service",
         .value = "`true` or `false`",
         .fallback = "false",
         .meaning = "ask for RDS acknowledgement of every delivery. The NIDD configuration of "
                    "a device whose servers have `rds` asks for the service in any case"},
    };
}

std::vector<ConfigurationKey> scef_limit_keys() {
    return {
        {.path = "limits.circuit_breaker.failures",
         .value = "1 to 1000",
         .fallback = "5",
         .at_restart = true,
         .meaning = "after so many calls in a row without an answer (or 502, 504, 5xx without "
                    "a body) none goes for a back-off, then one"},
        {.path = "limits.circuit_breaker.back_off",
         .value = "duration, 100 ms to 10 min",
         .fallback = "1s",
         .at_restart = true,
         .meaning = "the first; it doubles"},
        {.path = "limits.circuit_breaker.back_off_max",
         .value = "duration, 100 ms to 1 h",
         .fallback = "60s",
         .at_restart = true,
         .meaning = "the longest"},
        {.path = "limits.load_shedding.multiplier",
         .value = "1 to 10, also `1.5`",
         .fallback = "2",
         .at_restart = true,
         .meaning = "while the SCEF answers 429 or 503, about so many times of what it accepts "
                    "goes there ([t8-outcomes.md](t8-outcomes.md))"},
        {.path = "limits.load_shedding.window",
         .value = "duration, 10 s to 1 h",
         .fallback = "2m",
         .at_restart = true,
         .meaning = "over which asked and accepted calls are counted"},
        {.path = "limits.load_shedding.share_max",
         .value = "share, up to 99 %",
         .fallback = "95%",
         .at_restart = true,
         .meaning = "of the calls held back at most; 0 %: none ever"},
        {.path = "limits.load_shedding.accepted_row",
         .value = "1 to 10,000",
         .fallback = "20",
         .at_restart = true,
         .meaning = "so many accepted calls in a row end it"},
        {.path = "limits.retry_after_max",
         .value = "duration, 1 s to 1 h",
         .fallback = "30s",
         .at_restart = true,
         .meaning = "how long the SCEF's own Retry-After holds back calls for other devices "
                    "than the one it was for"},
        {.path = "quota",
         .value = "a name in `quotas`",
         .otherwise = "none",
         .example = "default",
         .meaning = "quota of all its devices together: see [quota_scopes](#quota_scopes)"},
    };
}

std::vector<ConfigurationKey> server_keys() {
    return {
        {.path = "name",
         .value = "name",
         .otherwise = "required",
         .example = "dm",
         .at_restart = true,
         .meaning = "what a device's `server` refers to"},
        {.path = "uri",
         .value = "`coap://host[:port]`",
         .otherwise = "required",
         .example = "coap://127.0.0.1:5683",
         .at_restart = true,
         .meaning = "the host is resolved once, at start. Of the same address family as "
                    "`virtual_endpoints.prefix`"},
        {.path = "sources",
         .value = "list of address blocks",
         .otherwise = "address of `uri`",
         .example = "[10.0.0.0/8]",
         .meaning = "whose datagrams are looked at; the rest is counted and dropped"},
        {.path = "bootstrap",
         .value = "`true` or `false`",
         .fallback = "false",
         .at_restart = true,
         .meaning = "this is a bootstrap server: it gets `/bs` and `/bspack` of every device"},
        {.path = "separate_response_limit",
         .value = "duration, 1 s to 24 h",
         .fallback = "120s",
         .meaning = "how long this server waits for a separate response. Then it is told by "
                    "`expiry_signal`, and delivery goes on; only the blocks of a block-wise "
                    "request expire with it"},
        {.path = "ack_hold",
         .value = "duration, 100 ms to 60 s",
         .otherwise = "that of all",
         .example = "50s",
         .meaning =
             "instead of the [general one](#top-level), and shorter than "
             "`separate_response_limit`. For a server that takes no separate response, or none "
             "of the blocks of a transfer (Wakaama): with `50s` it repeats its request a few "
             "times, to the adapter only, and the device's answer is a piggybacked one"},
        {.path = "binding_rewrite",
         .value = "`keep`, `strip_q` or `udp`",
         .fallback = "keep",
         .meaning = "what the server sees in Register and Update: `strip_q` is without `Q`; "
                    "`udp` without `Q` and with `b=U`"},
    };
}

std::vector<ConfigurationKey> late_and_port_keys() {
    return {
        {.path = "late_answer_max_age",
         .value = "duration, up to 24 h",
         .fallback = "10m",
         .meaning = "how long an answer that came too late is kept for the same question asked "
                    "again ([exchanges.md](exchanges.md), D2); `0s`: not at all"},
        {.path = "unreachable",
         .value = "`silent` or `5.03`",
         .fallback = "silent",
         .meaning = "what a device hears whose registration this server does not answer; "
                    "`silent`, so that it asks again by itself"},
        {.path = "rds.port_scef",
         .value = "0 to 15",
         .otherwise = "none",
         .example = "1",
         .at_restart = true,
         .meaning = "with `rds.port_ue` or not at all: the static ports of the Reliable Data "
                    "Service (TS 24.250) by which devices know this server; in the LwM2M "
                    "Security Object resource 28 (destination)"},
        {.path = "rds.port_ue",
         .value = "0 to 15",
         .otherwise = "none",
         .example = "1",
         .at_restart = true,
         .meaning = "resource 29 (source) of the Security Object"},
        {.path = "rds.application_id",
         .value = "text",
         .otherwise = "none",
         .example = "dm",
         .at_restart = true,
         .meaning = "resource 30 of the Security Object; shown, not sent"},
    };
}

}  // namespace

ConfigurationTable keys_of_scefs() {
    return {"scefs", "scefs[].",
            joined({identity_keys(), behaviour_keys(), authentication_keys(),
                    nidd_configuration_keys(), scef_limit_keys()})};
}

ConfigurationTable keys_of_servers() {
    return {"lwm2m_servers", "lwm2m_servers[].", joined({server_keys(), late_and_port_keys()})};
}

}  // namespace scef::adapter
