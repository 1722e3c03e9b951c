#include "tests/bench/load/prepared_fleet.h"

#include <chrono>
#include <deque>
#include <memory>
#include <utility>

#include <arpa/inet.h>

#include "nidd/types/t8_json.h"
#include "queueing/store/open_store.h"
#include "scef-adapter/config/config.h"
#include "scef-adapter/endpoints/address_plan.h"
#include "scef-adapter/engine/engine.h"
#include "scef-adapter/engine/record_schema.h"

namespace scef::bench {
namespace {

using namespace scef::adapter;

ExternalId external_id_of(std::size_t device) {
    return *ExternalId::parse(Fleet::external_id(device));
}

std::string path_of_url(const std::string& url) { return url.substr(url.find('/', 8)); }

/// CON PUT /3303/0/5700 with 100 octets, as the API takes it.
Bytes queued_frame() {
    Bytes frame = {0x40, 0x03, 0,    0,   0xb4, '3', '3', '0', '3',
                   0x01, '0',  0x04, '5', '7',  '0', '0', 0xff};
    frame.resize(frame.size() + 100, 'q');
    return frame;
}

/// One shard's engine with a SCEF that grants everything at once; what it records goes to the
/// store.
class ShardWriter {
public:
    ShardWriter(ShardId shard, std::shared_ptr<const Config> config, const AddressPlan& plan,
                queueing::Store& store, Fleet& fleet)
        : shard_(shard), plan_(plan), store_(store), fleet_(fleet), engine_(shard, config) {
        take(engine_.start(turn()), 0);
    }

    void provision(std::size_t device) {
        DeviceSpec spec;
        spec.external_id = external_id_of(device);
        spec.profile = "always-on";
        handle(ProvisionDevice{0, std::move(spec), false}, device);
        const auto view = engine_.find_device(external_id_of(device));
        const SocketAddress address = plan_.address_of(shard_, view->endpoints.front().index);
        sockaddr_in& endpoint = fleet_.at(device).endpoint;
        endpoint.sin_family = AF_INET;
        endpoint.sin_port = htons(address.port);
        endpoint.sin_addr.s_addr = htonl(address.ipv4_address());
    }

    void enqueue(std::size_t device) {
        EnqueueMessage message;
        message.external_id = external_id_of(device);
        message.payload = queued_frame();
        message.ttl = std::chrono::hours(48);
        message.not_before = turn().wall + std::chrono::hours(24);
        handle(std::move(message), device);
    }

    bool has_refused() const { return refused_; }

private:
    Turn turn() {
        return {Instant(std::chrono::steady_clock::now().time_since_epoch()),
                WallTime(std::chrono::system_clock::now().time_since_epoch()), random_};
    }

    void handle(Event event, std::size_t device) {
        take(engine_.handle(std::move(event), turn()), device);
        while (!answers_.empty()) {
            Event next = std::move(answers_.front());
            answers_.pop_front();
            take(engine_.handle(std::move(next), turn()), device);
        }
    }

    void take(Effects effects, std::size_t device) {
        store_.commit(std::move(effects.batch), [](const Status&) {});
        for (const Effect& effect : effects.effects) {
            if (const auto* reply = std::get_if<CommandReply>(&effect); reply && !reply->result) {
                refused_ = true;
            }
            const auto* call = std::get_if<CallT8>(&effect);
            using Operation = nidd::T8Request::Operation;
            if (call && call->request.operation == Operation::create_configuration) {
                answers_.emplace_back(T8Completion{call->operation, granted(*call, device)});
            }
        }
    }

    nidd::T8Answer granted(const CallT8& call, std::size_t device) {
        auto configuration = *nidd::parse_configuration(call.request.body);
        fleet_.at(device).notification_target = path_of_url(configuration.notification_destination);
        configuration.self =
            "/3gpp-nidd/v1/lwm2m-dm/configurations/" + Fleet::configuration_id(device);
        configuration.status = "ACTIVE";
        configuration.maximum_packet_size = 12'800;
        nidd::T8Answer answer;
        answer.transport = nidd::T8Answer::Transport::answered;
        answer.status = 201;
        answer.location = configuration.self;
        answer.body = nidd::to_json(configuration);
        return answer;
    }

    ShardId shard_;
    const AddressPlan& plan_;
    queueing::Store& store_;
    Fleet& fleet_;
    SeededRandom random_{static_cast<std::uint64_t>(
        std::chrono::system_clock::now().time_since_epoch().count() + shard_)};
    Engine engine_;
    std::deque<Event> answers_;
    bool refused_ = false;
};

}  // namespace

Status prepare_fleet(const std::string& configuration, Fleet& fleet, std::size_t devices,
                     std::size_t queued) {
    auto config = load_config(configuration);
    if (!config) return fail(Errc::invalid_argument, "the configuration has mistakes");
    const auto shared = std::make_shared<const Config>(std::move(*config));
    const auto plan = AddressPlan::make(shared->virtual_endpoints.prefix,
                                        shared->virtual_endpoints.port, shared->shards);
    if (!plan) return tl::unexpected<Error>(plan.error());
    queueing::StoreOptions options;
    options.path = shared->store.path;
    options.shards = shared->shards;
    options.schema = record_schema;
    options.sync = false;
    auto store = queueing::open_store(options);
    if (!store) return tl::unexpected<Error>(std::move(store.error()));

    fleet.grow_to(devices);
    std::vector<std::vector<std::size_t>> of_shard(shared->shards);
    for (std::size_t device = 0; device < devices; ++device) {
        of_shard[external_id_of(device).shard(shared->shards)].push_back(device);
    }
    const std::size_t takers = devices > spared_devices ? devices - spared_devices : 0;
    for (ShardId shard = 0; shard < shared->shards; ++shard) {
        ShardWriter writer(shard, shared, *plan, **store, fleet);
        for (const std::size_t device : of_shard[shard]) {
            writer.provision(device);
            if (device < spared_devices) continue;
            for (std::size_t i = device - spared_devices; i < queued; i += takers) {
                writer.enqueue(device);
            }
        }
        if (writer.has_refused()) return fail(Errc::internal, "a device or message was refused");
        if (auto flushed = (*store)->flush(); !flushed) return flushed;
    }
    return {};
}

}  // namespace scef::bench
