#include "scef-adapter/doctor/traits.h"

#include <algorithm>

#include "lwm2m-core/vocabulary/time_text.h"
#include "nidd/types/answer_reading.h"
#include "nidd/types/member_reader.h"
#include "nidd/types/strict_json.h"

namespace scef::adapter::doctor {
namespace {

using Operation = nidd::T8Request::Operation;

bool is_delivery(Operation operation) {
    return operation == Operation::create_delivery || operation == Operation::read_delivery ||
           operation == Operation::replace_delivery || operation == Operation::patch_delivery;
}

/// What the steps said, by name.
class Seen {
public:
    explicit Seen(const std::vector<Finding>& findings) : findings_(findings) {}

    bool is(std::string_view step, Verdict verdict) const {
        return std::any_of(findings_.begin(), findings_.end(), [&](const Finding& finding) {
            return finding.step == step && finding.verdict == verdict;
        });
    }
    bool works(std::string_view step) const { return is(step, Verdict::works); }
    bool lacks(std::string_view step) const { return is(step, Verdict::lacks); }

private:
    const std::vector<Finding>& findings_;
};

Advice profile_advice(const ScefConfig& scef, const Seen& seen, const Traits& traits) {
    Advice advice{"scefs[].profile", "3gpp", "it behaves as the standard has it"};
    if (traits.coded_errors) {
        advice = {"scefs[].profile", "oracle",
                  "its errors are codes in the detail, without a cause"};
    } else if (traits.status_member) {
        advice = {"scefs[].profile", "mts", "it says `status` for `deliveryStatus`"};
    } else if (seen.lacks("test notification") && seen.lacks("rds ports")) {
        advice = {"scefs[].profile", "3gpp-r15", "it has nothing that came after release 15"};
    }
    if (advice.value == scef.profile.name) advice.reason += "; so it is configured";
    return advice;
}

}  // namespace

void Traits::learn(const nidd::T8Request& request, const nidd::T8Answer& answer) {
    if (answer.transport != nidd::T8Answer::Transport::answered || answer.body.empty()) return;
    if (answer.status >= 400) {
        coded_errors |= nidd::problem_of(answer).detail.starts_with("SCEF-ERR-");
        return;
    }
    const auto body = nidd::parse_strict_json(answer.body, {});
    if (!body || !body->is_object()) return;
    nidd::MemberReader reader(*body);
    const auto self = reader.text("self");
    relative_links |= self && self->find("://") == std::string::npos;
    if (is_delivery(request.operation)) {
        status_member |= reader.has("status") && !reader.has("deliveryStatus");
    }
}

std::vector<Advice> advice_for(const ScefConfig& scef, const std::string& public_url,
                               const std::vector<Finding>& findings, const Traits& traits) {
    const Seen seen(findings);
    std::vector<Advice> advice{profile_advice(scef, seen, traits)};
    if (traits.granted) {
        advice.push_back(
            {"scefs[].configuration.duration", to_text(*traits.granted), "no more is granted"});
    }
    if (seen.lacks("deliver later")) {
        advice.push_back({"scefs[].configuration.pdn_establishment_option", "INDICATE_ERROR",
                          "it buffers nothing, so the adapter should know at once"});
    } else if (seen.works("deliver later") || seen.is("deliver later", Verdict::deviates)) {
        advice.push_back({"scefs[].configuration.pdn_establishment_option",
                          scef.configuration.pdn_establishment_option,
                          "deliveries to a device asleep are kept"});
    }
    if (seen.works("test notification")) {
        advice.push_back({"scefs[].configuration.test_notification", "true",
                          "each configuration can prove its way back"});
    } else if (!traits.notified) {
        advice.push_back({"notifications.public_url", public_url,
                          "check it: nothing came back, so the SCEF may not reach it"});
    }
    std::string monitoring;
    if (seen.works("watch reachability")) monitoring += "UE_REACHABILITY";
    if (seen.works("watch availability")) {
        monitoring +=
            std::string(monitoring.empty() ? "" : ", ") + "AVAILABILITY_AFTER_DDN_FAILURE";
    }
    if (!monitoring.empty()) {
        advice.push_back({"scefs[].monitoring", '[' + monitoring + ']',
                          "the SCEF can tell when a device is awake"});
    }
    if (seen.works("trigger")) {
        advice.push_back({"profiles.NAME.wake_after", "12h",
                          "devices can be woken by SMS when a message has waited so long"});
    }
    if (traits.packet_bits) {
        const std::uint32_t octets = *traits.packet_bits / 8;
        std::uint32_t block = 1024;
        while (block > 16 && block + 64 > octets) block /= 2;
        advice.push_back({"block size of the LwM2M server", std::to_string(block),
                          "frames of at most " + std::to_string(octets) +
                              " octets; the adapter keeps to that by itself"});
    }
    return advice;
}

}  // namespace scef::adapter::doctor
