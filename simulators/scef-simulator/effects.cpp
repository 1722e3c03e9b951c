#include "simulators/scef-simulator/effects.h"

namespace scef::scef_simulator {

const char* name_of(NotificationOutcome outcome) {
    switch (outcome) {
        case NotificationOutcome::taken:
            return "taken";
        case NotificationOutcome::refused:
            return "refused";
        case NotificationOutcome::unreachable:
            return "unreachable";
        case NotificationOutcome::dropped:
            return "dropped";
    }
    return "unreachable";
}

const char* name_of(Notification::Kind kind) {
    switch (kind) {
        case Notification::Kind::uplink:
            return "uplink";
        case Notification::Kind::delivery_status:
            return "delivery-status";
        case Notification::Kind::configuration_status:
            return "configuration-status";
        case Notification::Kind::trigger_report:
            return "trigger-report";
        case Notification::Kind::monitoring:
            return "monitoring";
        case Notification::Kind::test:
            return "test";
    }
    return "test";
}

}  // namespace scef::scef_simulator
