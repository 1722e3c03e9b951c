#include <algorithm>

#include "lwm2m-core/vocabulary/time_text.h"
#include "nidd/types/answer_reading.h"
#include "nidd/types/strict_json.h"
#include "scef-adapter/doctor/judgement.h"

/// What the answers about deliveries, triggers and subscriptions say.
namespace scef::adapter::doctor {
namespace {

using nidd::DeliveryOutcome;
using nidd::T8Answer;
using Kind = DeliveryOutcome::Kind;

bool has_member(const T8Answer& answer, const char* name) {
    const auto body = nidd::parse_strict_json(answer.body);
    return body && body->is_object() && body->contains(name);
}

/// `200 SUCCESS`, and how the member is called that says so.
Judged with_status(const T8Answer& answer, const DeliveryOutcome& outcome, std::string sentence) {
    const std::string text = std::to_string(answer.status) + ' ' + outcome.status.text +
                             (sentence.empty() ? "" : ": " + sentence);
    if (has_member(answer, "deliveryStatus")) return {Verdict::works, text};
    if (has_member(answer, "status")) {
        return {Verdict::deviates, text + ", in a member `status`, which the adapter reads"};
    }
    return {Verdict::deviates, std::to_string(answer.status) + " without a deliveryStatus"};
}

std::string not_reached(const T8Answer& answer, const DeliveryOutcome& outcome) {
    std::string text = told(answer) + ": the device cannot be reached";
    if (outcome.retry_at) text += ", again at " + to_rfc3339(*outcome.retry_at);
    return text;
}

/// What means the same with and without buffering.
Judged judge_other(const T8Answer& answer, const DeliveryOutcome& outcome) {
    if (outcome.kind == Kind::throttled) {
        return {Verdict::skipped, told(answer) + ": the SCEF wants less of us now"};
    }
    if (outcome.kind == Kind::not_authorized) {
        return {Verdict::fails, told(answer) + ": deliveries are not allowed"};
    }
    if (outcome.cause == "NO_USABLE_LINK") {
        return {Verdict::deviates, told(answer) +
                                       " without a link: what becomes of it cannot be "
                                       "told"};
    }
    if (has_status(answer, {500})) {
        return {Verdict::deviates,
                told(answer) + " without a NiddDownlinkDataDeliveryFailure: taken as in doubt"};
    }
    return {Verdict::fails, told(answer)};
}

}  // namespace

Judged judge_delivery_now(const T8Answer& answer, std::string_view configuration_id,
                          const nidd::OperatorProfile& profile) {
    const auto outcome = nidd::classify_delivery(answer, configuration_id, profile);
    switch (outcome.kind) {
        case Kind::delivered:
            return with_status(answer, outcome, "delivered");
        case Kind::retry_later:
            return {Verdict::works, not_reached(answer, outcome)};
        case Kind::buffered:
            return {Verdict::deviates,
                    told(answer) + ' ' + outcome.status.text + " although maximumLatency is 0"};
        default:
            return judge_other(answer, outcome);
    }
}

Judged judge_delivery_later(const T8Answer& answer, std::string_view configuration_id,
                            const nidd::OperatorProfile& profile) {
    const auto outcome = nidd::classify_delivery(answer, configuration_id, profile);
    switch (outcome.kind) {
        case Kind::delivered:
            return {Verdict::skipped, told(answer) +
                                          ": delivered at once; examine a device that "
                                          "sleeps to see the SCEF buffer"};
        case Kind::buffered:
            return with_status(answer, outcome, "");
        case Kind::retry_later:
            return {Verdict::lacks, not_reached(answer, outcome) + ", and nothing is buffered"};
        default:
            return judge_other(answer, outcome);
    }
}

Judged judge_too_large(const T8Answer& answer, std::string_view configuration_id,
                       const nidd::OperatorProfile& profile) {
    const auto outcome = nidd::classify_delivery(answer, configuration_id, profile);
    const std::string answered = told(answer);
    if (outcome.kind == Kind::too_large) {
        const bool as_told =
            answer.status == 403 && nidd::problem_of(answer).cause == "DATA_TOO_LARGE";
        if (as_told) return {Verdict::works, answered};
        return {Verdict::deviates, answered + ", which the adapter understands"};
    }
    if (has_status(answer, {200, 201})) {
        return {Verdict::deviates, answered + ": it takes more than it said"};
    }
    if (outcome.kind == Kind::throttled) return judge_other(answer, outcome);
    return {Verdict::deviates, answered +
                                   " instead of 403 DATA_TOO_LARGE: the adapter cannot tell "
                                   "that the frame was too long"};
}

Judged judge_unknown(const T8Answer& answer, const nidd::OperatorProfile& profile) {
    const auto outcome = nidd::classify_delivery(answer, "", profile);
    if (has_status(answer, {404})) return {Verdict::works, told(answer)};
    if (outcome.kind == Kind::configuration_lost) {
        return {Verdict::deviates, told(answer) + ", which the adapter understands"};
    }
    return {Verdict::deviates, told(answer) +
                                   " instead of 404: lost configurations are not made "
                                   "anew by themselves"};
}

Judged judge_delivery_read(const T8Answer& answer) {
    if (is_absent(answer)) return {Verdict::lacks, told(answer)};
    if (!has_status(answer, {200})) return {Verdict::deviates, told(answer)};
    const auto transfer = nidd::parse_transfer(answer.body);
    if (!transfer) {
        return {Verdict::deviates, "200, but the body cannot be read: " + transfer.error().message};
    }
    const auto status = transfer->delivery_status.value_or(nidd::DeliveryStatus{"no status"});
    return {Verdict::works, "200 " + status.text};
}

Judged judge_delivery_list(const T8Answer& answer, std::string_view transfer_id) {
    if (is_absent(answer)) return {Verdict::lacks, told(answer)};
    if (!has_status(answer, {200})) return {Verdict::deviates, told(answer)};
    const auto transfers = nidd::parse_transfers(answer.body);
    if (!transfers) {
        return {Verdict::deviates,
                "200, but the list cannot be read: " + transfers.error().message};
    }
    const bool found = std::any_of(transfers->begin(), transfers->end(), [&](const auto& one) {
        const auto link = nidd::transfer_link_of(one.self);
        return link && link->transfer_id == transfer_id;
    });
    const std::string count = std::to_string(transfers->size()) + " waiting";
    if (!found) return {Verdict::deviates, "200, " + count + ", but not the one just made"};
    return {Verdict::works, "200, " + count};
}

Judged judge_delivery_change(const T8Answer& answer, std::string_view done) {
    const std::string answered = told(answer);
    if (has_status(answer, {200, 204})) {
        return {Verdict::works, answered + ": " + std::string(done)};
    }
    if (is_absent(answer)) return {Verdict::lacks, answered};
    if (has_status(answer, {409})) {
        return {Verdict::deviates, answered + ": is it being sent already?"};
    }
    if (has_status(answer, {403})) return {Verdict::lacks, answered};
    return {Verdict::deviates, answered};
}

Judged judge_delivery_status(const nidd::NiddDownlinkDataDeliveryStatusNotification& status) {
    const std::string& text = status.delivery_status.text;
    if (text.empty()) return {Verdict::deviates, "a notification without a deliveryStatus"};
    if (status.nidd_downlink_data_transfer.find("://") == std::string::npos) {
        return {Verdict::deviates, text + ", linked by path only, which the adapter reads"};
    }
    return {Verdict::works, text};
}

Judged judge_rds_ports(const T8Answer& answer) {
    if (is_absent(answer)) return {Verdict::lacks, told(answer)};
    if (has_status(answer, {200})) return {Verdict::works, "200; static ports need none of this"};
    return {Verdict::deviates, told(answer)};
}

Judged judge_resource(const T8Answer& answer, std::string_view what) {
    const auto outcome = nidd::classify_resource(answer);
    if (outcome.kind == nidd::ResourceOutcome::Kind::created) {
        if (answer.status == 200) return {Verdict::works, "200: the answer is the report itself"};
        if (outcome.resource_id.empty()) {
            return {Verdict::deviates, "201 without a link to the " + std::string(what)};
        }
        return {Verdict::works, "201"};
    }
    if (outcome.kind == nidd::ResourceOutcome::Kind::throttled) {
        return {Verdict::skipped, told(answer) + ": the SCEF wants less of us now"};
    }
    if (is_absent(answer)) return {Verdict::lacks, told(answer) + ": this API is not there"};
    if (has_status(answer, {401, 403})) {
        return {Verdict::lacks, told(answer) + ": not allowed for this SCS/AS or device"};
    }
    return {Verdict::deviates, told(answer)};
}

Judged judge_resource_deletion(const T8Answer& answer) {
    if (has_status(answer, {200, 204})) return {Verdict::works, told(answer)};
    if (has_status(answer, {404})) return {Verdict::works, told(answer) + ": it had ended"};
    if (is_absent(answer)) return {Verdict::lacks, told(answer)};
    return {Verdict::deviates, told(answer)};
}

}  // namespace scef::adapter::doctor
