#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "nidd/types/operator_profile.h"
#include "nidd/types/t8_exchange.h"
#include "nidd/types/t8_json.h"
#include "scef-adapter/doctor/report.h"

/// What each answer of a SCEF says about it. Pure: an answer in, a verdict out.
namespace scef::adapter::doctor {

/// An answer as part of a sentence: `403 DATA_TOO_LARGE (its detail)`, or why there was none.
/// Foreign text is cut and freed of control characters.
std::string told(const nidd::T8Answer& answer);
/// 404, 405 and 501: what was asked for is not there.
bool is_absent(const nidd::T8Answer& answer);
bool has_status(const nidd::T8Answer& answer, std::initializer_list<int> statuses);

// ---- Reaching the SCEF

/// The answer to the list of configurations, asked for first. `way` is how it was asked: `HTTPS,
/// bearer token`. After `fails` there is no use in going on.
Judged judge_reach(const nidd::T8Answer& answer, std::string_view way);
Judged judge_clock(const nidd::T8Answer& answer, WallTime now);

// ---- NIDD configurations (TS 29.122 4.4.5.2)

Judged judge_creation(const nidd::T8Answer& answer, const nidd::OperatorProfile& profile);

/// The parts of a 201, each under the name of its step: `location`, `self`, `echo`, `packet size`,
/// `features`, `duration`.
std::vector<std::pair<std::string, Judged>> judge_configuration(
    const nidd::T8Answer& answer, const nidd::NiddConfiguration& asked,
    const nidd::OperatorProfile& profile, WallTime now);

Judged judge_read(const nidd::T8Answer& answer, std::string_view configuration_id);
Judged judge_list(const nidd::T8Answer& answer, std::string_view configuration_id);
/// `plain`: the merge patch was refused, and this one called itself application/json.
Judged judge_renewal(const nidd::T8Answer& answer, bool plain);
Judged judge_second_creation(const nidd::T8Answer& answer, std::string_view first_id,
                             const nidd::OperatorProfile& profile);
/// None came; `others_came`: notifications of another kind did.
Judged judge_no_test_notification(bool others_came);
Judged judge_deletion(const nidd::T8Answer& answer);
Judged judge_gone(const nidd::T8Answer& answer);

/// A configuration in the SCEF's list, read with patience.
struct Listed {
    std::string id;
    std::string external_id;
    std::string destination;
};
std::vector<Listed> listed_in(const nidd::T8Answer& answer);

// ---- Deliveries (TS 29.122 4.4.5.3)

/// With `maximumLatency` 0: a device that sleeps is a 500, not a 201.
Judged judge_delivery_now(const nidd::T8Answer& answer, std::string_view configuration_id,
                          const nidd::OperatorProfile& profile);
/// With a latency that lets the SCEF buffer.
Judged judge_delivery_later(const nidd::T8Answer& answer, std::string_view configuration_id,
                            const nidd::OperatorProfile& profile);
/// More octets than `maximumPacketSize` allows.
Judged judge_too_large(const nidd::T8Answer& answer, std::string_view configuration_id,
                       const nidd::OperatorProfile& profile);
/// Below a configuration that never was.
Judged judge_unknown(const nidd::T8Answer& answer, const nidd::OperatorProfile& profile);

Judged judge_delivery_read(const nidd::T8Answer& answer);
Judged judge_delivery_list(const nidd::T8Answer& answer, std::string_view transfer_id);
/// PUT, PATCH, DELETE of a buffered delivery; `done` says what worked.
Judged judge_delivery_change(const nidd::T8Answer& answer, std::string_view done);
/// The report of a delivery that was buffered longer than it might be.
Judged judge_delivery_status(const nidd::NiddDownlinkDataDeliveryStatusNotification& status);

// ---- The other resources

Judged judge_rds_ports(const nidd::T8Answer& answer);
/// POST of a trigger or of a subscription; `what` is its name.
Judged judge_resource(const nidd::T8Answer& answer, std::string_view what);
/// DELETE of one; it may have ended meanwhile.
Judged judge_resource_deletion(const nidd::T8Answer& answer);

}  // namespace scef::adapter::doctor
