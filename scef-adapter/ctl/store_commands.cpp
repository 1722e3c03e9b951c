#include "scef-adapter/ctl/store_commands.h"

namespace scef::ctl {

using nlohmann::json;

namespace {

const std::string path = "/api/v1/store/backups";

}  // namespace

int store_backup(const Session& session) {
    return session.run(
        [](ApiClient& client) { return client.post(path); },
        [&](const json& answer) { session.out << answer.value("path", std::string()) << '\n'; });
}

int store_backups(const Session& session) {
    return session.run([](ApiClient& client) { return client.get(path); },
                       [&](const json& answer) {
                           for (const json& backup : answer.value("backups", json::array())) {
                               session.out << backup.get<std::string>() << '\n';
                           }
                       });
}

}  // namespace scef::ctl
