#include "scef-adapter/config/configuration_keys.h"

namespace scef::adapter {
namespace {

std::vector<ConfigurationKey> reachability_keys() {
    return {
        {.path = "reachability.psm.active_timer",
         .value = "duration, up to 24 h, shorter than `period`",
         .fallback = "20s",
         .meaning = "T3324: after each uplink the device can hear for so long. `reachability` "
                    "is one of `psm`, `edrx` and `always`; of `nb-iot` it is `psm`"},
        {.path = "reachability.psm.period",
         .value = "duration, 1 s to 10 years",
         .fallback = "24h",
         .meaning = "T3412; checked, without effect in this version"},
        {.path = "reachability.edrx.cycle",
         .value = "duration, 1 ms to 24 h",
         .otherwise = "required with `edrx`",
         .example = "PT20.48S",
         .meaning = "with `edrx`, which `cat-m1` has, a device counts as always reachable, "
                    "because the SCEF and the network bridge the cycle; checked, without "
                    "effect in this version",
         .cat_m1 = "PT20.48S"},
        {.path = "reachability.edrx.window",
         .value = "duration, 1 ms to 24 h, at most `cycle`",
         .otherwise = "required with `edrx`",
         .example = "5s",
         .meaning = "paging time window; checked, without effect in this version",
         .cat_m1 = "5s"},
        {.path = "reachability.always",
         .value = "an empty mapping",
         .otherwise = "how `always-on` is",
         .example = "{}",
         .meaning = "mostly written `reachability: always`, as `always-on` has it: the device can "
                    "always hear"},
    };
}

std::vector<ConfigurationKey> device_timing_keys() {
    return {
        {.path = "hold",
         .value = "`adapter` or `scef`",
         .fallback = "adapter",
         .meaning = "who keeps a message while the device sleeps; `scef` is given it at once "
                    "with `maximumLatency`"},
        {.path = "hold_max",
         .value = "duration, up to 10 years",
         .fallback = "24h",
         .meaning = "after that a held message is given to the SCEF even without a window"},
        {.path = "device_ack_timeout",
         .value = "duration, 1 s to 24 h",
         .fallback = "20s",
         .meaning = "how long a delivered request may stay unanswered before an idempotent one "
                    "is repeated (once) and the device is freed for the next",
         .cat_m1 = "8s",
         .always_on = "8s"},
        {.path = "device_deduplication",
         .value = "duration, up to 24 h",
         .fallback = "0s",
         .meaning = "how long the device recognises a message id; within it a request that is "
                    "not idempotent may be repeated too, after a doubtful outcome or without "
                    "an answer. `0s`: never"},
        {.path = "device_answer_wait",
         .value = "duration, 1 s to 24 h",
         .fallback = "93s",
         .meaning = "how long the device waits for an answer; a later one is not sent"},
        {.path = "local_ack",
         .value = "`true` or `false`",
         .fallback = "false",
         .meaning = "`true`: a confirmable notification is acknowledged to the device once it "
                    "is recorded, not when its server acknowledges it"},
        {.path = "release_assistance",
         .value = "`true` or `false`",
         .fallback = "false",
         .meaning = "`true`: the device releases its connection after each uplink, so that an "
                    "uplink opens no window but for its answer"},
    };
}

std::vector<ConfigurationKey> attempt_keys() {
    return {
        {.path = "wake_after",
         .value = "duration, up to 10 years",
         .fallback = "0s",
         .meaning = "a message that waited so long for its device's window has the device "
                    "woken by SMS (a Registration Update trigger of LwM2M); `0s`: never. "
                    "Operators charge for SMS"},
        {.path = "wake_pause",
         .value = "duration, 1 minute to 10 years",
         .fallback = "1h",
         .meaning = "at least between two such triggers, also across a restart"},
        {.path = "max_attempts",
         .value = "1 to 1000",
         .fallback = "10",
         .meaning = "POSTs of one message; then it is DEAD"},
        {.path = "expiry_signal",
         .value = "`auto`, `5.04` or `silent`",
         .fallback = "auto",
         .meaning = "what the server hears when its request expires; `auto`: silent if the "
                    "device registered with `Q`, because Leshan takes any answer as a sign of "
                    "being awake, else `5.04`"},
        {.path = "ttl.default",
         .value = "duration, 1 s to 10 years",
         .fallback = "24h",
         .meaning = "life of a request when it names none itself"},
        {.path = "ttl.read",
         .value = "the same",
         .fallback = "1h",
         .meaning = "of this LwM2M operation"},
        {.path = "ttl.execute",
         .value = "the same",
         .fallback = "10m",
         .meaning = "of this LwM2M operation"},
        {.path = "ttl.discover",
         .value = "the same",
         .otherwise = "that of `ttl.default`",
         .example = "6h",
         .meaning = "of this LwM2M operation; `other` is any other request",
         .more = {"ttl.write", "ttl.write-attributes", "ttl.create", "ttl.delete", "ttl.observe",
                  "ttl.cancel-observation", "ttl.read-composite", "ttl.write-composite",
                  "ttl.observe-composite", "ttl.bootstrap-finish", "ttl.bootstrap-write",
                  "ttl.bootstrap-delete", "ttl.other"}},
    };
}

std::vector<ConfigurationKey> calendar_keys() {
    return {
        {.path = "time_zone",
         .value = "name in the system's time zone database",
         .fallback = "UTC",
         .meaning = "whose midnight days, weeks and months begin at, such as `Europe/Berlin`"},
        {.path = "billing_day",
         .value = "1 to 31",
         .fallback = "1",
         .meaning = "day on which a month begins; the last one of a month that has no such"},
        {.path = "week_begins",
         .value = "`monday` to `sunday`",
         .fallback = "monday",
         .meaning = "day on which a week begins"},
        {.path = "pro_rate",
         .value = "`true` or `false`",
         .fallback = "true",
         .meaning = "of the week and the month in which it is made, a device has its share, "
                    "rounded up"},
    };
}

std::vector<ConfigurationKey> rate_keys() {
    return {
        {.path = "downlink.messages",
         .value = "rate, or a list of up to four",
         .otherwise = "unlimited",
         .example = "100/hour",
         .meaning = "of frames (generic cell rate algorithm): in any window W at most rate × W "
                    "+ burst"},
        {.path = "downlink.messages[].rate",
         .value = "rate",
         .otherwise = "required",
         .example = "1000/day",
         .meaning = "an entry written `{rate: 1000/day, burst: 50}` has a burst of its own"},
        {.path = "downlink.messages[].burst",
         .value = "1 to 1,000,000",
         .otherwise = "that of `downlink.burst`",
         .example = "50",
         .meaning = "of this rate"},
        {.path = "downlink.burst",
         .value = "1 to 1,000,000",
         .fallback = "1",
         .meaning = "frames that may go back to back"},
        {.path = "downlink.serving_plmn_rate",
         .value = "`N/decihour`, at least 10",
         .otherwise = "unlimited",
         .example = "10/decihour",
         .meaning = "what a visited network grants (TS 23.401 4.7.7.2). In any 6 minutes at "
                    "most N, one by one"},
    };
}

std::vector<ConfigurationKey> allowance_keys() {
    return {
        {.path = "downlink.bytes",
         .value = "size per period, or a list",
         .otherwise = "unlimited",
         .example = "100KiB/day",
         .meaning = "octets in each window of the period, which may be a `month`. Days, weeks "
                    "and months are those of the calendar; an hour and less begins at :00 UTC. "
                    "A frame larger than the whole amount goes in an unused window"},
        {.path = "downlink.message_allowance",
         .value = "number per period, or a list",
         .otherwise = "unlimited",
         .example = "3000/month",
         .meaning = "the same for messages"},
        {.path = "downlink.exceptions",
         .value = "rate",
         .otherwise = "no exceptions",
         .example = "2/day",
         .meaning = "for messages of priority `emergency` when all else is used up (APN rate "
                    "control's additional exception reports)"},
        {.path = "downlink.exceptions[].rate",
         .value = "rate",
         .otherwise = "required",
         .example = "2/day",
         .meaning = "it may be written `{rate: 2/day, burst: 2}`, too"},
        {.path = "downlink.exceptions[].burst",
         .value = "1 to 1,000,000",
         .otherwise = "that of `downlink.burst`",
         .example = "2",
         .meaning = "of the exceptions"},
        {.path = "downlink.round_up",
         .value = "size, up to 64 KiB",
         .fallback = "1B",
         .meaning = "each frame counts as a multiple of so many octets"},
        {.path = "uplink",
         .value = "as `downlink`",
         .otherwise = "the same",
         .meaning = "the same keys for uplink frames: counted (`uplink_over_quota_total`), "
                    "never delayed",
         .same_as = "downlink"},
        {.path = "on_exhausted",
         .value = "`wait` or `reject`",
         .fallback = "wait",
         .meaning = "requests wait in the queue, or new ones are rejected"},
        {.path = "emergency_reserve",
         .value = "share",
         .fallback = "10%",
         .meaning = "of burst and bytes that only messages of priority `emergency` may use"},
        {.path = "quota_reject_code",
         .value = "CoAP error code",
         .fallback = R"("4.29")",
         .meaning = "of a rejection; `\"5.03\"` for servers that do not know 4.29 (RFC 8516)"},
    };
}

}  // namespace

ConfigurationTable keys_of_profiles() {
    return {"profiles", "profiles.NAME.",
            joined({reachability_keys(), device_timing_keys(), attempt_keys()})};
}

ConfigurationTable keys_of_quotas() {
    return {"quotas", "quotas.NAME.", joined({calendar_keys(), rate_keys(), allowance_keys()})};
}

ConfigurationTable keys_of_quota_scopes() {
    return {"quota_scopes",
            "quota_scopes.",
            {
                {.path = "account",
                 .value = "a name in `quotas`",
                 .otherwise = "none",
                 .example = "default",
                 .meaning = "quota of all devices"},
                {.path = "groups.NAME",
                 .value = "a name in `quotas`",
                 .otherwise = "unlimited",
                 .example = "default",
                 .meaning = "quota of all devices of that group"},
            }};
}

}  // namespace scef::adapter
