#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "simulators/modem-link/frame.h"
#include "simulators/scef-simulator/delivery.h"

namespace scef::scef_simulator {

/// A frame for the modem of `frame.external_id`.
struct ToModem {
    modem_link::Frame frame;
};

/// A POST to an SCS/AS. Those of one `ue` must arrive in order.
struct Notification {
    enum class Kind : std::uint8_t {
        uplink,
        delivery_status,
        configuration_status,
        test,
        trigger_report,
        monitoring,
    };
    Kind kind = Kind::uplink;
    std::string ue;
    std::string destination;
    std::string body;
    std::optional<std::uint32_t> uplink_sequence;  ///< to be acknowledged to the modem
};

const char* name_of(Notification::Kind kind);

/// How a notification ended.
enum class NotificationOutcome : std::uint8_t {
    taken,        ///< 2xx
    refused,      ///< another answer that no retry helps
    unreachable,  ///< every retry failed
    dropped,      ///< lost by a fault rule; for the modem it was taken
};

const char* name_of(NotificationOutcome outcome);

/// The SCS/AS is to be told the status of a delivery that is, or was until now, a resource.
struct DeliveryFinished {
    Delivery delivery;
};

/// Something for the log of the control API: `detail` is a JSON object as text.
struct Record {
    std::string kind;
    std::string external_id;
    std::string detail;
};

/// Something happened to this UE that may have changed whether it hears: whoever watches it asks
/// the core network.
struct UeSettled {
    std::string ue;
};

/// Data wait for a UE without PDN connection, and their SCS/AS wants it triggered (SEND_TRIGGER of
/// TS 23.682 5.13.3): it is to be told by SMS, until then.
struct PdnConnectionWanted {
    std::string ue;
    Instant until = never;
};

/// What the pure model wants done outside, in order.
using Effect = std::variant<ToModem, DeliveryAnswer, DeliveryFinished, Notification, Record,
                            UeSettled, PdnConnectionWanted>;
using Effects = std::vector<Effect>;

}  // namespace scef::scef_simulator
