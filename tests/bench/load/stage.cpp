#include "tests/bench/load/stage.h"

#include <charconv>
#include <chrono>
#include <cstdio>
#include <utility>

#include <arpa/inet.h>
#include <nlohmann/json.hpp>

#include "tests/bench/load/prepared_fleet.h"

namespace scef::bench {
namespace {

constexpr std::size_t admin_connections = 32;
constexpr Duration answer_limit = std::chrono::minutes(2);
constexpr Duration provision_limit = std::chrono::minutes(30);
constexpr std::size_t page = 1000;

using Clock = std::chrono::steady_clock;

/// `127.64.0.1:15700`.
bool read_address(const std::string& text, sockaddr_in& address) {
    const auto colon = text.rfind(':');
    std::uint16_t port = 0;
    if (colon == std::string::npos) return false;
    std::from_chars(text.data() + colon + 1, text.data() + text.size(), port);
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    return port != 0 && ::inet_pton(AF_INET, text.substr(0, colon).c_str(), &address.sin_addr) == 1;
}

std::string device_body(std::size_t number) {
    return R"({"externalId":")" + Fleet::external_id(number) + R"(","profile":"always-on"})";
}

}  // namespace

Stage::Stage(std::size_t connections)
    : sink_(context_, fleet_), requests_(context_, fleet_), connections_(connections) {
    sink_.on_delivery([this](std::size_t device, ByteView octets) {
        requests_.reached_scef(octets);
        if (devices_answer_) devices_->answer(device, octets);
    });
    requests_.on_uplink([this](std::uint64_t sequence) { devices_->reached_server(sequence); });
}

Stage::~Stage() = default;

Result<std::unique_ptr<Stage>> Stage::open(AdapterSettings settings, std::size_t devices,
                                           std::size_t queued) {
    std::unique_ptr<Stage> stage(new Stage(settings.connections_max));
    settings.api_root = stage->sink_.api_root();
    settings.server_address = "127.0.0.1:" + std::to_string(stage->requests_.port());
    auto adapter = AdapterProcess::configure(std::move(settings));
    if (!adapter) return tl::unexpected<Error>(std::move(adapter.error()));
    stage->adapter_ = std::make_unique<AdapterProcess>(std::move(*adapter));
    if (devices > 0) {
        if (auto filled = prepare_fleet(stage->adapter_->configuration_file(), stage->fleet_,
                                        devices, queued);
            !filled) {
            return tl::unexpected<Error>(std::move(filled.error()));
        }
    }
    if (auto started = stage->adapter_->start(); !started) {
        return tl::unexpected<Error>(std::move(started.error()));
    }
    stage->reconnect();
    return stage;
}

void Stage::reconnect() {
    devices_ =
        std::make_unique<DeviceLoad>(context_, fleet_, adapter_->notification_port(), connections_);
    admin_ = std::make_unique<HttpClients>(context_, adapter_->admin_port(), admin_connections);
}

void Stage::run_for(Duration time) { context_.run_for(time); }

bool Stage::run_until(const std::function<bool()>& condition, Duration limit) {
    const auto end = Clock::now() + limit;
    while (!condition()) {
        if (Clock::now() > end) return false;
        context_.run_one_for(std::chrono::milliseconds(10));
    }
    return true;
}

Result<HttpAnswer> Stage::ask(const char* method, const std::string& target,
                              const std::string& body, Duration* took) {
    std::optional<HttpAnswer> answer;
    const auto begin = Clock::now();
    admin_->submit(http_request(method, target, body),
                   [&](HttpAnswer given) { answer = std::move(given); });
    if (!run_until([&] { return answer.has_value(); }, answer_limit) || answer->status == 0) {
        admin_ = std::make_unique<HttpClients>(context_, adapter_->admin_port(), admin_connections);
        return fail(Errc::unavailable, std::string("no answer to ") + method + ' ' + target);
    }
    if (took != nullptr) *took = Clock::now() - begin;
    return std::move(*answer);
}

Result<Duration> Stage::provision(std::size_t count) {
    const std::size_t first = fleet_.size();
    fleet_.grow_to(count);
    const auto begin = Clock::now();
    const std::uint64_t configurations = sink_.configurations() + count - first;
    std::size_t next = first, ended = first, refused = 0;
    std::function<void()> one = [&] {
        if (next == count) return;
        admin_->submit(http_request("POST", "/api/v1/devices", device_body(next++)),
                       [&](const HttpAnswer& answer) {
                           ++ended;
                           if (answer.status != 201) ++refused;
                           one();
                       });
    };
    for (std::size_t i = 0; i < admin_connections; ++i) one();
    const bool done = run_until(
        [&] { return ended == count && (refused > 0 || sink_.configurations() >= configurations); },
        provision_limit);
    if (!done || refused > 0) {
        return fail(Errc::unavailable, std::to_string(refused) + " devices refused, " +
                                           std::to_string(count - ended) + " not answered");
    }
    const Duration took = Clock::now() - begin;
    if (auto status = learn_endpoints(first); !status) {
        return tl::unexpected<Error>(std::move(status.error()));
    }
    return took;
}

Status Stage::learn_endpoints(std::size_t first) {
    std::string cursor;
    std::size_t learned = 0;
    do {
        auto answer = ask("GET", "/api/v1/devices?limit=" + std::to_string(page) +
                                     (cursor.empty() ? "" : "&cursor=" + cursor));
        if (!answer) return tl::unexpected<Error>(std::move(answer.error()));
        const auto list = nlohmann::json::parse(answer->body, nullptr, false);
        if (!list.is_object()) return fail(Errc::malformed, "the devices cannot be read");
        for (const auto& item : list.at("items")) {
            const auto number = Fleet::number_of(item.at("externalId").get<std::string>());
            if (!number || *number >= fleet_.size()) continue;
            const auto& endpoint = item.at("endpoints").at(0).at("address");
            if (!read_address(endpoint.get<std::string>(), fleet_.at(*number).endpoint)) {
                return fail(Errc::malformed, "a device has no IPv4 endpoint");
            }
            ++learned;
        }
        cursor = list.at("next").is_string() ? list.at("next").get<std::string>() : "";
    } while (!cursor.empty());
    if (learned < fleet_.size()) {
        return fail(Errc::not_found,
                    std::to_string(fleet_.size() - learned - first) + " devices are not listed");
    }
    return {};
}

}  // namespace scef::bench
