#include "scef-adapter/doctor/report_json.h"

#include <algorithm>

#include "lwm2m-core/vocabulary/time_text.h"

namespace scef::adapter::doctor {
namespace {

using nlohmann::json;

json summary_json(const Report& report) {
    json summary = json::object();
    for (const Verdict verdict :
         {Verdict::works, Verdict::deviates, Verdict::lacks, Verdict::fails, Verdict::skipped}) {
        summary[std::string(name_of(verdict))] =
            std::count_if(report.findings.begin(), report.findings.end(),
                          [&](const Finding& finding) { return finding.verdict == verdict; });
    }
    summary["features"] = json::array();
    for (const Feature& feature : features_of(report.findings)) {
        summary["features"].push_back({{"feature", feature.name}, {"has", feature.has}});
    }
    summary["configuration"] = json::array();
    for (const Advice& advice : report.advice) {
        summary["configuration"].push_back(
            {{"key", advice.key}, {"value", advice.value}, {"reason", advice.reason}});
    }
    return summary;
}

}  // namespace

json report_json(const Report& report) {
    json findings = json::array();
    for (const Finding& finding : report.findings) {
        findings.push_back({{"step", finding.step},
                            {"verdict", name_of(finding.verdict)},
                            {"detail", finding.detail},
                            {"milliseconds", finding.took.count()}});
    }
    return {{"scef", report.scef},
            {"externalId", report.external_id},
            {"running", report.running},
            {"startedAt", to_rfc3339(report.started_at)},
            {"findings", std::move(findings)},
            {"summary", report.running ? json(nullptr) : summary_json(report)}};
}

}  // namespace scef::adapter::doctor
