#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lwm2m-core/vocabulary/turn.h"
#include "simulators/scef-simulator/faults.h"
#include "simulators/scef-simulator/radio.h"
#include "simulators/scef-simulator/rate_control.h"
#include "simulators/scef-simulator/tls_settings.h"

namespace scef::scef_simulator {

/// The timers of the simulated core network. The names are those of TS 24.301 and TS 24.008.
struct Timers {
    Duration inactivity = std::chrono::seconds(10);  ///< connected → idle
    Duration active = std::chrono::seconds(20);      ///< T3324: idle → psm
    Duration edrx_cycle = std::chrono::milliseconds(81'920);
    Duration paging_window = std::chrono::milliseconds(5'120);
    Duration periodic_tau{0};                           ///< T3412: psm → connected; 0 is never
    Duration contact_retry = std::chrono::seconds(10);  ///< after no hop acknowledgement

    /// The same timers `factor` times faster, none of them below 1 ms (0 stays 0).
    Timers faster(double factor) const;
    friend bool operator==(const Timers&, const Timers&) = default;
};

/// The modem link: how often an unacknowledged downlink frame is repeated, and how often at most.
struct LinkTimers {
    Duration repeat = std::chrono::milliseconds(500);
    unsigned repeats_max = 5;
};

/// What the SCEF does with notifications that the SCS/AS does not take.
struct NotificationSettings {
    std::vector<Duration> retries{std::chrono::seconds(1), std::chrono::seconds(2),
                                  std::chrono::seconds(4)};
    Duration retry_after_max = std::chrono::seconds(5);
    Duration timeout = std::chrono::seconds(5);
    unsigned threads = 32;
    std::string ca_file;           ///< PEM; empty: the CAs of the operating system
    std::string certificate_file;  ///< PEM, shown to the SCS/AS; empty: none
    std::string key_file;
    std::string bearer_token;  ///< empty: none
};

/// Device triggering: how an SMS reaches a UE.
struct TriggerSettings {
    Duration delay = std::chrono::seconds(3);  ///< from the SMS centre to the UE
    bool reaches_psm = true;                   ///< else a UE in psm gets it when it wakes up
    std::uint16_t pdn_port = 0;  ///< application port of the SCEF's own (SEND_TRIGGER)
};

/// Who may use T8. Without a client id everybody may.
struct OAuth2Settings {
    std::string client_id;
    std::string client_secret;
    Duration token_lifetime = std::chrono::hours(1);
};

/// One subscriber of `--strict`; the MSISDN is optional in both modes.
struct ProvisionedUe {
    std::string external_id;
    std::string msisdn;
};

/// How the SCEF treats NIDD configurations.
struct ConfigurationSettings {
    std::optional<Duration> duration_max;  ///< longer ones, and those without end, are cut to it
    bool duplicates_refused = false;       ///< a second one of the same SCS/AS and UE
    std::string supported_features = "9c";
    bool enforce_features = false;      ///< features that were not negotiated are refused
    std::vector<std::string> scs_as{};  ///< the authorised SCS/ASs; empty: every one
};

/// Everything that the command line and the configuration file can set. Time scale is applied to
/// `timers` by whoever builds the model.
struct Settings {
    std::string listen = "127.0.0.1:8081";
    std::string modem_listen = "127.0.0.1:7000";
    std::string control = "127.0.0.1:8082";
    std::string base_path = "/3gpp-nidd/v1";
    bool strict = false;
    double time_scale = 1.0;
    std::uint32_t maximum_packet_size = 10'864;  ///< bits
    std::optional<std::uint64_t> seed;           ///< absent: from the operating system
    std::string log_level = "info";
    unsigned threads = 960;  ///< connections served at once, per HTTP listener
    Timers timers;
    LinkTimers link;
    std::size_t buffered_max = 8;                           ///< per UE
    Duration buffer_time_default = std::chrono::hours(24);  ///< no maximumLatency given
    bool buffering = true;
    std::size_t buffered_octets_max = 0;              ///< per UE; 0: no limit
    Duration answer_wait = std::chrono::seconds(30);  ///< then an open POST is 201 SENDING
    Duration rds_wait = std::chrono::seconds(10);     ///< for the UE's acknowledgement
    RateLimits rate_control;
    RadioPaths coverage;
    ConfigurationSettings configurations;
    NotificationSettings notifications;
    std::vector<ProvisionedUe> ues;

    TriggerSettings triggers;
    OAuth2Settings oauth2;
    TlsSettings tls;
    std::string profile = "3gpp-r18";
    std::string log_file;
    std::vector<Fault> faults;  ///< in force from the start
};

}  // namespace scef::scef_simulator
