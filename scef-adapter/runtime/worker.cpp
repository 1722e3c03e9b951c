#include "scef-adapter/runtime/worker.h"

#include <algorithm>

#include "nidd/client/beast_t8_client.h"

namespace scef::adapter {

Result<std::unique_ptr<Worker>> Worker::make(const Config& config, unsigned workers) {
    std::unique_ptr<Worker> worker(new Worker);
    for (const ScefConfig& scef : config.scefs) {
        nidd::T8ClientOptions options;
        options.api_root = scef.api_root;
        options.nidd_path = scef.nidd_path;
        options.scs_as_id = scef.scs_as_id;
        options.connections_max = std::max<std::size_t>(scef.connections_max / workers, 1);
        options.request_timeout = scef.request_timeout;
        options.ca_file = scef.tls.ca_file;
        options.certificate_file = scef.tls.certificate_file;
        options.key_file = scef.tls.key_file;
        if (scef.oauth2) {
            options.oauth2_token_url = scef.oauth2->token_url;
            options.oauth2_client_id = scef.oauth2->client_id;
            options.oauth2_client_secret_file = scef.oauth2->client_secret_file;
        }
        auto client = nidd::make_beast_t8_client(worker->context_, std::move(options));
        if (!client) {
            return fail(client.error().code, "SCEF " + scef.name + ": " + client.error().message);
        }
        nidd::ScefGateOptions gate;
        gate.creations_per_second /= workers;
        worker->gates_.push_back(std::make_unique<nidd::ScefGate>(
            worker->context_, std::move(*client), gate, worker->random_));
    }
    return worker;
}

Worker::~Worker() { stop(); }

void Worker::start() {
    thread_ = std::thread([this] {
        const auto guard = boost::asio::make_work_guard(context_);
        context_.run();
    });
}

void Worker::stop() {
    context_.stop();
    if (thread_.joinable()) thread_.join();
}

}  // namespace scef::adapter
