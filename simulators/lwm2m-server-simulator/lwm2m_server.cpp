#include "simulators/lwm2m-server-simulator/lwm2m_server.h"

#include <spdlog/spdlog.h>

#include "simulators/lwm2m-server-simulator/clock.h"
#include "simulators/lwm2m-server-simulator/pcap_watcher.h"

namespace scef::lwm2m_server_simulator {

using nlohmann::json;

Lwm2mServer::Lwm2mServer(ServerSettings settings)
    : settings_(std::move(settings)),
      exchanges_(events_, counters_),
      uplink_(registry_, events_, counters_,
              [this](const std::string& endpoint) { exchanges_.forget_observations(endpoint); }) {
    if (settings_.bootstrap) {
        bootstrap_.emplace(*settings_.bootstrap, exchanges_, events_, counters_,
                           settings_.request_timeout);
    }
}

Result<std::unique_ptr<Lwm2mServer>> Lwm2mServer::open(const ServerSettings& settings) {
    std::unique_ptr<Lwm2mServer> self(new Lwm2mServer(settings));
    auto endpoint = CoapEndpoint::open(settings.listen, settings.ack_timeout, *self);
    if (!endpoint) return tl::unexpected(endpoint.error());
    self->endpoint_ = std::move(*endpoint);
    self->exchanges_.set_sender(
        [raw = self->endpoint_.get()](const SessionRef& session, const CoapMessage& message) {
            return raw->send(session, message);
        });
    if (!settings.pcap.empty()) {
        auto watcher = pcap_watcher(settings.pcap, self->endpoint_->address());
        if (!watcher) return tl::unexpected(watcher.error());
        self->endpoint_->set_watcher(std::move(*watcher));
    }
    self->endpoint_->start();
    return self;
}

Lwm2mServer::~Lwm2mServer() { stop(); }

void Lwm2mServer::stop() {
    {
        const std::lock_guard lock(stop_mutex_);
        stopped_ = true;
    }
    if (endpoint_ != nullptr) endpoint_->stop();
    events_.close();
}

json Lwm2mServer::ask(std::function<json()> question) {
    auto promise = std::make_shared<std::promise<json>>();
    auto answer = promise->get_future();
    {
        const std::lock_guard lock(stop_mutex_);
        if (stopped_) return json();
        endpoint_->post(
            [promise, question = std::move(question)] { promise->set_value(question()); });
    }
    return answer.get();
}

json Lwm2mServer::clients() {
    return ask([this] {
        json all = json::array();
        for (const auto& [name, registration] : registry_.all())
            all.push_back(to_json(registration));
        return all;
    });
}

json Lwm2mServer::client(const std::string& endpoint) {
    return ask([this, endpoint] {
        const Registration* const found = registry_.find(endpoint);
        return found == nullptr ? json() : to_json(*found);
    });
}

std::future<DeviceAnswer> Lwm2mServer::request(const std::string& endpoint, DeviceRequest request) {
    auto promise = std::make_shared<std::promise<DeviceAnswer>>();
    auto future = promise->get_future();
    DeviceAnswer refusal;
    refusal.outcome = DeviceAnswer::Outcome::stopped;
    const std::lock_guard lock(stop_mutex_);
    if (stopped_) {
        promise->set_value(std::move(refusal));
        return future;
    }
    endpoint_->post([this, promise, endpoint, request = std::move(request)] {
        const Registration* const client = registry_.find(endpoint);
        if (client == nullptr) {
            DeviceAnswer unknown;
            unknown.outcome = DeviceAnswer::Outcome::unknown_client;
            promise->set_value(std::move(unknown));
            return;
        }
        exchanges_.start({endpoint, client->address, client->session}, request,
                         [promise](DeviceAnswer answer) { promise->set_value(std::move(answer)); });
    });
    return future;
}

CoapMessage Lwm2mServer::on_request(const SessionRef& session, const std::string& peer,
                                    const CoapMessage& request) {
    if (const CoapMessage* const known = answers_.find(peer, request)) {
        ++counters_.duplicates;
        return *known;
    }
    CoapMessage whole = request;
    CoapMessage answer;
    answer.code = assembly_.add(peer, whole);
    if (answer.code == 0) {
        answer = bootstrap_ ? on_bootstrap_request(session, peer, whole)
                            : uplink_.on_request(session, peer, whole);
    }
    if (const auto block = Block::from(request, coap::block1)) {
        answer.add_uint(coap::block1, block->value());
    }
    spdlog::debug("UPLINK_REQUEST peer={} method={} answer={}", peer, request.code,
                  code_text(answer.code));
    answers_.remember(peer, request, answer, steady_now());
    return answer;
}

CoapMessage Lwm2mServer::on_bootstrap_request(const SessionRef& session, const std::string& peer,
                                              const CoapMessage& request) {
    CoapMessage answer;
    answer.code = coap::code(4, 4);
    if (request.path() != std::vector<std::string>{"bs"}) return answer;
    const auto endpoint = request.query("ep");
    answer.code = coap::code(4, 0);
    if (request.code != coap::post || !endpoint || endpoint->empty()) return answer;
    answer.code = coap::code(2, 4);
    // After this turn, so that the client has its 2.04 before the first write.
    endpoint_->post(
        [this, device = Device{*endpoint, peer, session}] { bootstrap_->start(device); });
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
    uplink_.end_expired(now);
    answers_.forget_before(now);
}

void Lwm2mServer::on_stop() {
    exchanges_.stop();
    registry_.clear();
}

}  // namespace scef::lwm2m_server_simulator
