#include "scef-adapter/doctor/report.h"

#include <algorithm>
#include <array>

namespace scef::adapter::doctor {
namespace {

struct Row {
    std::string_view feature;
    std::array<std::string_view, 3> steps;
};

constexpr std::array<Row, 18> rows{{
    {"NIDD configurations", {"create", "read", "delete"}},
    {"list of configurations", {"list"}},
    {"renewal of a configuration", {"renew"}},
    {"several configurations of a device", {"second create"}},
    {"test notification", {"test notification"}},
    {"maximum packet size, told and kept", {"packet size", "too large"}},
    {"delivery without buffering", {"deliver now"}},
    {"buffering for a device asleep", {"deliver later"}},
    {"buffered deliveries are shown", {"read delivery", "list deliveries"}},
    {"replacing a buffered delivery", {"replace delivery"}},
    {"changing a buffered delivery", {"change delivery"}},
    {"canceling a buffered delivery", {"cancel delivery"}},
    {"delivery status notification", {"delivery status"}},
    {"RDS ports", {"rds ports"}},
    {"device triggering", {"trigger", "recall trigger"}},
    {"trigger delivery report", {"trigger report"}},
    {"monitoring: reachability", {"watch reachability"}},
    {"monitoring: availability after failure", {"watch availability"}},
}};

bool shows(const Row& row, const Finding& finding) {
    return std::find(row.steps.begin(), row.steps.end(), finding.step) != row.steps.end();
}

std::string_view has(const Row& row, const std::vector<Finding>& findings) {
    const auto any = [&](Verdict verdict) {
        return std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) {
            return finding.verdict == verdict && shows(row, finding);
        });
    };
    if (any(Verdict::fails) || any(Verdict::lacks)) return "no";
    if (any(Verdict::deviates)) return "deviates";
    return any(Verdict::works) ? "yes" : "unknown";
}

}  // namespace

std::string_view name_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::works:
            return "works";
        case Verdict::deviates:
            return "deviates";
        case Verdict::lacks:
            return "lacks";
        case Verdict::fails:
            return "fails";
        case Verdict::skipped:
            break;
    }
    return "skipped";
}

std::vector<Feature> features_of(const std::vector<Finding>& findings) {
    std::vector<Feature> features;
    for (const Row& row : rows) features.push_back({row.feature, has(row, findings)});
    return features;
}

}  // namespace scef::adapter::doctor
