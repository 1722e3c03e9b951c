#include "scef-adapter/runtime/worker.h"

#include "scef-adapter/runtime/t8_options.h"

namespace scef::adapter {

Result<std::unique_ptr<Worker>> Worker::make(const Config& config, unsigned workers) {
    std::unique_ptr<Worker> worker(new Worker);
    for (const ScefConfig& scef : config.scefs) {
        auto options = t8_options(scef, scef.connections_max / workers);
        if (scef.oauth2) options.token_meter = std::make_shared<nidd::TokenMeter>();
        worker->token_meters_.push_back(options.token_meter);
        auto client = nidd::make_beast_t8_client(worker->context_, std::move(options));
        if (!client) {
            return fail(client.error().code, "SCEF " + scef.name + ": " + client.error().message);
        }
        worker->gates_.push_back(std::make_unique<nidd::ScefGate>(
            worker->context_, std::move(*client), gate_options(scef, workers), worker->random_));
    }
    return worker;
}

std::optional<nidd::TokenMeter::Counts> Worker::token_counts(std::size_t index) const {
    const auto& meter = token_meters_[index];
    return meter ? std::optional(meter->counts()) : std::nullopt;
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
