// What the CoAP endpoint, the exchanges and the registrations tell the server, on the CoAP thread.

#include <spdlog/spdlog.h>

#include "simulators/lwm2m-server-simulator/clock.h"
#include "simulators/lwm2m-server-simulator/lwm2m_server.h"

namespace scef::lwm2m_server_simulator {

CoapMessage Lwm2mServer::on_request(const SessionRef& session, const std::string& peer,
                                    const CoapMessage& request) {
    if (FileService::is_about_files(request) && request.code == coap::get) {
        return file_service_.on_request(peer, request);  // safe to do twice
    }
    if (const CoapMessage* const known = answers_.find(peer, request)) {
        ++counters_.duplicates;
        return *known;
    }
    CoapMessage whole = request;
    CoapMessage answer;
    answer.code = assembly_.add(peer, whole);
    if (answer.code == 0) answer = answer_to(session, peer, whole);
    if (const auto block = Block::from(request, coap::block1)) {
        answer.add_uint(coap::block1, block->value());
    }
    spdlog::debug("UPLINK_REQUEST peer={} method={} answer={}", peer, request.code,
                  code_text(answer.code));
    answers_.remember(peer, request, answer, steady_now());
    return answer;
}

CoapMessage Lwm2mServer::answer_to(const SessionRef& session, const std::string& peer,
                                   const CoapMessage& request) {
    if (FileService::is_about_files(request)) return file_service_.on_request(peer, request);
    if (!bootstrap_) return uplink_.on_request(session, peer, request);
    CoapMessage answer = bootstrap_->on_request(session, peer, request);
    if (!coap::is_success(answer.code)) return answer;
    // After this turn, so that the client has its 2.04 before the first write.
    endpoint_->post([this, endpoint = *request.query("ep")] { bootstrap_->start(endpoint); });
    return answer;
}

bool Lwm2mServer::on_response(const std::string& peer, const CoapMessage& response) {
    return exchanges_.on_response(peer, response);
}

void Lwm2mServer::on_refused(const std::string& token, bool reset) {
    exchanges_.on_refused(token, reset);
}

void Lwm2mServer::on_empty_ack(const std::string& peer, std::uint16_t message_id) {
    exchanges_.on_empty_ack(peer, message_id);
}

unsigned Lwm2mServer::on_request_sent(const std::string& token) {
    return exchanges_.on_request_sent(token);
}

void Lwm2mServer::on_time() {
    const Instant now = steady_now();
    exchanges_.end_overdue(now);
    queue_.on_time(now);
    firmware_.on_time(now);
    uplink_.end_expired(now);
    answers_.forget_before(now);
}

void Lwm2mServer::on_stop() {
    firmware_.stop();
    queue_.stop();
    exchanges_.stop();
    if (bootstrap_) bootstrap_->clear();
    registry_.clear();
}

void Lwm2mServer::on_heard(const std::string& endpoint) { queue_.on_heard(endpoint, steady_now()); }

void Lwm2mServer::on_silent(const std::string& endpoint) { queue_.on_silent(endpoint); }

void Lwm2mServer::on_notified(const std::string& endpoint, const std::string& path,
                              const nlohmann::json& payload) {
    firmware_.on_notified(endpoint, path, payload);
}

/// The client has just spoken; what waits for it follows when it has the answer to that.
void Lwm2mServer::is_there(const std::string& endpoint) {
    if (const auto device = find_device(endpoint)) exchanges_.resume(*device);
    queue_.on_heard(endpoint, steady_now());
}

void Lwm2mServer::on_registered(const Registration& registration) {
    const std::string endpoint = registration.endpoint;
    exchanges_.forget_observations(endpoint);
    endpoint_->post([this, endpoint, queue_mode = registration.queue_mode] {
        is_there(endpoint);
        queue_.on_registered(endpoint, queue_mode, steady_now());
        firmware_.on_registered(endpoint);
    });
}

void Lwm2mServer::on_updated(const Registration& registration) {
    endpoint_->post([this, endpoint = registration.endpoint, queue = registration.queue_mode] {
        is_there(endpoint);
        queue_.on_registered(endpoint, queue, steady_now());
        firmware_.on_updated(endpoint);
    });
}

void Lwm2mServer::on_sent(const Registration& registration) {
    endpoint_->post([this, endpoint = registration.endpoint] { is_there(endpoint); });
}

void Lwm2mServer::on_gone(const std::string& endpoint) {
    exchanges_.forget_observations(endpoint);
    queue_.on_gone(endpoint);
}

void Lwm2mServer::on_block(const std::string& peer, const ServedBlock& block) {
    const Registration* const client = registry_.find_address(peer);
    const std::string endpoint = client == nullptr ? "" : client->endpoint;
    const nlohmann::json data{{"name", block.name}, {"bytesAll", block.size}, {"address", peer}};
    if (block.is_first()) events_.add("FILE_REQUESTED", endpoint, data);
    if (!endpoint.empty()) firmware_.on_block(endpoint, block);
    if (block.is_last()) events_.add("FILE_SENT", endpoint, data);
    if (!endpoint.empty()) endpoint_->post([this, endpoint] { is_there(endpoint); });
}

}  // namespace scef::lwm2m_server_simulator
