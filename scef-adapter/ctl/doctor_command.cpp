#include "scef-adapter/ctl/doctor_command.h"

#include <chrono>
#include <ostream>
#include <thread>

#include "scef-adapter/ctl/doctor_view.h"
#include "scef-adapter/ctl/table.h"

namespace scef::ctl {
namespace {

using nlohmann::json;

constexpr auto poll_interval = std::chrono::milliseconds(200);
constexpr int no_examination = 2;

/// Shows what came since the last time.
void show_new(const Session& session, const json& report, std::size_t& shown) {
    if (session.json) return;
    const json findings = report.value("findings", json::array());
    for (; shown < findings.size(); ++shown) {
        session.out << finding_line(findings[shown]) << '\n' << std::flush;
    }
}

bool has_failed(const json& report) {
    for (const json& finding : report.value("findings", json::array())) {
        if (cell(finding, "verdict") == "fails") return true;
    }
    return false;
}

}  // namespace

int examine_scef(const Session& session, const DoctorOptions& options) {
    const auto give_up = [&](const std::string& sentence) {
        session.complain(sentence);
        return no_examination;
    };
    auto client = ApiClient::open(session.address);
    if (!client) return give_up(client.error().message);
    const std::string path = "/api/v1/scefs/" + path_segment(options.scef) + ":doctor";
    auto answer = (*client)->post(path, {{"externalId", options.external_id}});
    if (!answer) return give_up(answer.error().message);
    if (!answer->is_success()) return give_up(sentence_of(*answer));
    if (!session.json) {
        session.out << "Examining " << printable(options.scef) << " with "
                    << printable(options.external_id) << "\n\n"
                    << std::flush;
    }
    const std::string started = cell(answer->body, "startedAt");
    std::size_t shown = 0;
    show_new(session, answer->body, shown);
    while (answer->body.value("running", false)) {
        std::this_thread::sleep_for(poll_interval);
        answer = (*client)->get(path);
        if (!answer) return give_up(answer.error().message);
        if (!answer->is_success()) return give_up(sentence_of(*answer));
        if (cell(answer->body, "startedAt") != started) {
            return give_up("another examination has begun meanwhile");
        }
        show_new(session, answer->body, shown);
    }
    if (session.json) {
        session.print(answer->body);
    } else {
        session.out << summary_text(answer->body);
    }
    return has_failed(answer->body) ? 1 : 0;
}

}  // namespace scef::ctl
