#include "simulators/scef-simulator/notification_client.h"

#include <chrono>

namespace scef::scef_simulator {

NotificationClient::Answer NotificationClient::post(const std::string& uri,
                                                    const std::string& body) {
    const std::size_t scheme = uri.find("://");
    if (scheme == std::string::npos) return {0, std::nullopt, "", "no absolute URI"};
    const std::size_t slash = uri.find('/', scheme + 3);
    const std::string origin = uri.substr(0, slash);
    const std::string path = slash == std::string::npos ? "/" : uri.substr(slash);
    httplib::Client& client = client_for(origin);
    if (!client.is_valid()) return {0, std::nullopt, "", "the certificates cannot be used"};
    const httplib::Result result = client.Post(path, body, "application/json");
    if (!result) return {0, std::nullopt, "", httplib::to_string(result.error())};
    Answer answer{result->status, std::nullopt, result->body, ""};
    if (result->has_header("Retry-After")) {
        answer.retry_after = result->get_header_value("Retry-After");
    }
    return answer;
}

httplib::Client& NotificationClient::client_for(const std::string& origin) {
    std::unique_ptr<httplib::Client>& client = clients_[origin];
    if (!client) {
        const auto timeout =
            std::chrono::duration_cast<std::chrono::microseconds>(settings_.timeout);
        client = std::make_unique<httplib::Client>(origin, settings_.certificate_file,
                                                   settings_.key_file);
        if (!settings_.ca_file.empty()) client->set_ca_cert_path(settings_.ca_file);
        if (!settings_.bearer_token.empty()) {
            client->set_bearer_token_auth(settings_.bearer_token);
        }
        client->set_keep_alive(true);
        client->set_tcp_nodelay(true);
        client->set_follow_location(follows_redirects_);
        client->set_url_encode(false);
        client->set_connection_timeout(timeout);
        client->set_read_timeout(timeout);
        client->set_write_timeout(timeout);
    }
    return *client;
}

}  // namespace scef::scef_simulator
