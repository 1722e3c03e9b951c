#include "simulators/lwm2m-server-simulator/lwm2m_server.h"

#include <spdlog/spdlog.h>

#include "simulators/lwm2m-server-simulator/clock.h"
#include "simulators/lwm2m-server-simulator/pcap_watcher.h"

namespace scef::lwm2m_server_simulator {

using nlohmann::json;
using Outcome = DeviceAnswer::Outcome;

Lwm2mServer::Lwm2mServer(ServerSettings settings, FileStore files)
    : settings_(std::move(settings)),
      exchanges_(events_, counters_, *this),
      uplink_(registry_, events_, counters_, *this),
      queue_(settings_.queue_mode, events_,
             [this](const std::string& endpoint, DeviceRequest request, QueueMode::Done done) {
                 send(endpoint, std::move(request), std::move(done));
             }),
      file_service_(std::move(files), [this](const std::string& peer,
                                             const ServedBlock& block) { on_block(peer, block); }),
      firmware_(events_,
                [this](const std::string& endpoint, DeviceRequest request, Exchanges::Done done) {
                    queue_.submit(endpoint, std::move(request), std::move(done), steady_now());
                }) {
    if (settings_.bootstrap) {
        bootstrap_.emplace(*settings_.bootstrap, exchanges_, events_, counters_,
                           settings_.request_timeout);
    }
}

Result<std::unique_ptr<Lwm2mServer>> Lwm2mServer::open(const ServerSettings& settings) {
    auto files = FileStore::open(settings.files, settings.firmware);
    if (!files) return tl::unexpected(files.error());
    std::unique_ptr<Lwm2mServer> self(new Lwm2mServer(settings, std::move(*files)));
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

// ---- Questions of other threads

template <typename Answer>
Answer Lwm2mServer::ask(std::function<Answer()> question, Answer none) {
    auto promise = std::make_shared<std::promise<Answer>>();
    auto answer = promise->get_future();
    {
        const std::lock_guard lock(stop_mutex_);
        if (stopped_) return none;
        endpoint_->post(
            [promise, question = std::move(question)] { promise->set_value(question()); });
    }
    return answer.get();
}

json Lwm2mServer::describe(const Registration& registration) const {
    json data = to_json(registration);
    data.update(queue_.to_json(registration.endpoint));
    return data;
}

json Lwm2mServer::clients() {
    return ask<json>(
        [this] {
            if (bootstrap_) return bootstrap_->to_json();
            json all = json::array();
            for (const auto& [name, registration] : registry_.all()) {
                all.push_back(describe(registration));
            }
            return all;
        },
        json());
}

json Lwm2mServer::client(const std::string& endpoint) {
    return ask<json>(
        [this, endpoint] {
            if (bootstrap_) return bootstrap_->to_json(endpoint);
            const Registration* const found = registry_.find(endpoint);
            return found == nullptr ? json() : describe(*found);
        },
        json());
}

json Lwm2mServer::observations(const std::string& endpoint) {
    return ask<json>(
        [this, endpoint] {
            return registry_.find(endpoint) == nullptr ? json()
                                                       : exchanges_.observations_of(endpoint);
        },
        json());
}

json Lwm2mServer::files() {
    return ask<json>(
        [this] {
            json all = file_service_.files().to_json();
            for (json& file : all) {
                file["uri"] = files_uri() + "/files/" + file["name"].get<std::string>();
            }
            return all;
        },
        json::array());
}

std::future<DeviceAnswer> Lwm2mServer::request(const std::string& endpoint, DeviceRequest request) {
    auto promise = std::make_shared<std::promise<DeviceAnswer>>();
    auto future = promise->get_future();
    const std::lock_guard lock(stop_mutex_);
    if (stopped_) {
        DeviceAnswer refusal;
        refusal.outcome = Outcome::stopped;
        promise->set_value(std::move(refusal));
        return future;
    }
    endpoint_->post([this, promise, endpoint, request = std::move(request)] {
        const std::string operation = request.operation;
        queue_.submit(
            endpoint, request,
            [this, promise, endpoint, operation](DeviceAnswer answer) {
                if (bootstrap_) bootstrap_->on_operation(endpoint, operation, answer);
                promise->set_value(std::move(answer));
            },
            steady_now());
    });
    return future;
}

Result<json> Lwm2mServer::start_firmware(const std::string& endpoint, const json& body) {
    return ask<Result<json>>(
        [this, endpoint, body]() -> Result<json> {
            if (registry_.find(endpoint) == nullptr) {
                return fail(Errc::not_found, error_text(Outcome::unknown_client));
            }
            auto order = read_firmware_order(body, file_service_.files(), files_uri(),
                                             settings_.request_timeout);
            if (!order) return tl::unexpected(order.error());
            const Status started = firmware_.start(endpoint, std::move(*order), steady_now());
            if (!started) return tl::unexpected(started.error());
            return firmware_.to_json(endpoint);
        },
        fail(Errc::unavailable, error_text(Outcome::stopped)));
}

json Lwm2mServer::firmware(const std::string& endpoint) {
    return ask<json>([this, endpoint] { return firmware_.to_json(endpoint); }, json());
}

Result<json> Lwm2mServer::start_bootstrap(const std::string& endpoint, const json& body) {
    return ask<Result<json>>(
        [this, endpoint, body]() -> Result<json> {
            if (!bootstrap_ || bootstrap_->find(endpoint) == nullptr) {
                return fail(Errc::not_found, "no client of that name asked for a bootstrap");
            }
            if (body.empty()) {
                bootstrap_->start(endpoint, true);
                return bootstrap_->to_json(endpoint);
            }
            auto plan = read_bootstrap_plan(body, "the body", settings_.bootstrap_defaults);
            if (!plan) return tl::unexpected(plan.error());
            bootstrap_->start(endpoint, std::move(*plan));
            return bootstrap_->to_json(endpoint);
        },
        fail(Errc::unavailable, error_text(Outcome::stopped)));
}

/// Empty if the listening address is none that a client could use.
std::string Lwm2mServer::files_uri() const {
    if (!settings_.files_uri.empty()) return settings_.files_uri;
    const bool is_any = settings_.listen.host == "0.0.0.0" || settings_.listen.host == "::";
    return is_any ? std::string() : "coap://" + endpoint_->address();
}

std::optional<Device> Lwm2mServer::find_device(const std::string& endpoint) {
    if (bootstrap_) {
        const Device* const asked = bootstrap_->find(endpoint);
        return asked == nullptr ? std::nullopt : std::optional(*asked);
    }
    const Registration* const client = registry_.find(endpoint);
    if (client == nullptr) return std::nullopt;
    return Device{endpoint, client->address, client->session, client->root};
}

void Lwm2mServer::send(const std::string& endpoint, DeviceRequest request, Exchanges::Done done) {
    const auto device = find_device(endpoint);
    if (device) return exchanges_.start(*device, std::move(request), std::move(done));
    DeviceAnswer unknown;
    unknown.outcome = Outcome::unknown_client;
    done(std::move(unknown));
}

}  // namespace scef::lwm2m_server_simulator
