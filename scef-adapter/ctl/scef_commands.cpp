#include "scef-adapter/ctl/scef_commands.h"

#include "scef-adapter/ctl/table.h"

namespace scef::ctl {

using nlohmann::json;

int scefs_list(const Session& session) {
    return session.run(
        [](ApiClient& client) -> Result<ApiAnswer> {
            auto answer = client.get("/api/v1/scefs");
            // Scripts get the list itself, as of all commands that list.
            if (answer && answer->is_success() && answer->body.is_object()) {
                answer->body = answer->body.value("items", json::array());
            }
            return answer;
        },
        [&](const json& scefs) {
            Table table({"NAME", "API ROOT", "SCS/AS ID", "PROFILE", "DOMAINS"});
            for (const json& scef : scefs) {
                table.add({cell(scef, "name"), cell(scef, "apiRoot"), cell(scef, "scsAsId"),
                           cell(scef, "profile"), cell(scef, "domains")});
            }
            session.out << table.text();
        });
}

}  // namespace scef::ctl
