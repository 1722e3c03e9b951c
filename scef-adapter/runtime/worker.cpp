#include "scef-adapter/runtime/worker.h"

#include <boost/asio/post.hpp>

#include "scef-adapter/runtime/t8_options.h"

namespace scef::adapter {

Result<std::unique_ptr<Worker>> Worker::make(const Config& config, unsigned workers) {
    std::unique_ptr<Worker> worker(new Worker);
    for (std::size_t i = 0; i < config.scefs.size(); ++i) {
        const ScefConfig& scef = config.scefs[i];
        worker->token_meters_.push_back(scef.oauth2 ? std::make_shared<nidd::TokenMeter>()
                                                    : nullptr);
        auto client = worker->make_client(config, i, workers);
        if (!client) {
            return fail(client.error().code, "SCEF " + scef.name + ": " + client.error().message);
        }
        auto replaceable =
            std::make_unique<nidd::ReplaceableClient>(worker->context_, std::move(*client));
        worker->clients_.push_back(replaceable.get());
        worker->gates_.push_back(
            std::make_unique<nidd::ScefGate>(worker->context_, std::move(replaceable),
                                             gate_options(scef, workers), worker->random_));
    }
    return worker;
}

std::optional<nidd::TokenMeter::Counts> Worker::token_counts(std::size_t index) const {
    const auto& meter = token_meters_[index];
    return meter ? std::optional(meter->counts()) : std::nullopt;
}

Result<std::unique_ptr<nidd::T8Client>> Worker::make_client(const Config& config, std::size_t index,
                                                            unsigned workers) {
    const ScefConfig& scef = config.scefs[index];
    auto options = t8_options(scef, scef.connections_max / workers);
    options.token_meter = token_meters_[index];  // counts on, whatever client it is
    return nidd::make_beast_t8_client(context_, std::move(options));
}

void Worker::replace_clients(std::vector<std::unique_ptr<nidd::T8Client>> clients) {
    const auto fresh = std::make_shared<decltype(clients)>(std::move(clients));
    boost::asio::post(context_, [this, fresh] {
        for (std::size_t i = 0; i < clients_.size(); ++i) {
            clients_[i]->replace(std::move((*fresh)[i]));
        }
    });
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
