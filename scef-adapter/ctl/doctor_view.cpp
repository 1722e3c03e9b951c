#include "scef-adapter/ctl/doctor_view.h"

#include "scef-adapter/ctl/session.h"
#include "scef-adapter/ctl/table.h"

namespace scef::ctl {
namespace {

using nlohmann::json;

constexpr std::size_t verdict_width = 10;
constexpr std::size_t step_width = 23;
constexpr std::int64_t slow = 1000;  ///< milliseconds that are worth a person's attention

std::string padded(std::string text, std::size_t width) {
    const std::size_t used = width_of(text);
    text.append(used < width ? width - used : 1, ' ');
    return text;
}

std::int64_t number(const json& document, const char* name) {
    const auto member = document.find(name);
    return member != document.end() && member->is_number_integer() ? member->get<std::int64_t>()
                                                                   : 0;
}

}  // namespace

std::string finding_line(const json& finding) {
    const std::int64_t took = number(finding, "milliseconds");
    std::string line = padded(cell(finding, "verdict"), verdict_width) +
                       padded(cell(finding, "step"), step_width) + cell(finding, "detail");
    if (took >= slow) line += "  [" + std::to_string(took) + " ms]";
    return line;
}

std::string summary_text(const json& report) {
    const json summary = report.value("summary", json::object());
    if (!summary.is_object()) return {};
    std::string text;
    bool has_seen = false;
    Table features({"T8 FEATURE", "HAS IT"});
    for (const json& feature : summary.value("features", json::array())) {
        features.add({cell(feature, "feature"), cell(feature, "has")});
        has_seen |= cell(feature, "has") != "unknown";
    }
    if (has_seen) text += '\n' + features.text();
    const json advised = summary.value("configuration", json::array());
    if (!advised.empty()) {
        Table advice({"FOR THE CONFIGURATION", ""});
        for (const json& one : advised) {
            advice.add({cell(one, "key") + ": " + cell(one, "value"), "# " + cell(one, "reason")});
        }
        text += '\n' + advice.text();
    }
    text += '\n';
    for (const char* verdict : {"works", "deviates", "lacks", "fails", "skipped"}) {
        text += (verdict == std::string_view("works") ? "" : ", ") +
                std::to_string(number(summary, verdict)) + ' ' + verdict;
    }
    return text + '\n';
}

}  // namespace scef::ctl
