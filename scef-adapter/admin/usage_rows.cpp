#include "scef-adapter/admin/usage_rows.h"

#include <algorithm>

#include "lwm2m-core/vocabulary/time_text.h"
#include "scef-adapter/admin/csv.h"

namespace scef::adapter {

std::string usage_header() {
    return csv_row({"time", "externalId", "direction", "messages", "octetsOnAir", "octetsCounted",
                    "messageId", "uplinkId", "attempt", "chargeId"});
}

std::string usage_row(const Charge& charge) {
    const auto id_of = [&](Charge::Subject subject) {
        return charge.subject == subject ? charge.subject_id.text() : std::string();
    };
    return csv_row({to_rfc3339(charge.id.created_at()), charge.external_id,
                    name_of(charge.direction), charge.is_frame ? "1" : "0",
                    std::to_string(charge.octets), std::to_string(charge.octets_counted),
                    id_of(Charge::Subject::message), id_of(Charge::Subject::uplink),
                    charge.attempt == 0 ? std::string() : std::to_string(charge.attempt),
                    charge.id.text()});
}

std::string UsageSummary::header() {
    return csv_row({"externalId", "direction", "messages", "octetsOnAir", "octetsCounted",
                    "firstCharge", "lastCharge"});
}

void UsageSummary::add(const Charge& charge) {
    Sum& sum = sums_[{charge.external_id, charge.direction}];
    const WallTime at = charge.id.created_at();
    if (sum.messages == 0 && sum.octets == 0) sum.first = at;
    sum.messages += charge.is_frame ? 1 : 0;
    sum.octets += charge.octets;
    sum.octets_counted += charge.octets_counted;
    sum.last = at;
}

std::string UsageSummary::take_rows() {
    std::string rows;
    for (const auto& [whose, sum] : sums_) {
        rows += csv_row({whose.first, name_of(whose.second), std::to_string(sum.messages),
                         std::to_string(sum.octets), std::to_string(sum.octets_counted),
                         to_rfc3339(sum.first), to_rfc3339(sum.last)});
    }
    sums_.clear();
    return rows;
}

}  // namespace scef::adapter
