#include <map>
#include <memory>

#include "lwm2m-core/coap/codec.h"
#include "nidd/types/t8_json.h"
#include "queueing/record.h"
#include "scef-adapter/engine/engine.h"
#include "tests/fuzz/require.h"
#include "tests/two_servers.h"

/// Frames of devices, datagrams of servers, answers and reports of the SCEF, and time, in any order
/// and of any content, into an engine in whatever state they bring about; now and then it starts
/// again from its records. It must not fail, keep within its limits, and understand its own
/// records.
namespace scef {
namespace {

using namespace std::chrono_literals;
using adapter::Engine;
using queueing::RecordKind;

adapter::Config small_config() {
    adapter::Config config = two_servers();
    config.limits.queue_messages_per_device = 8;
    config.quotas["default"].downlink.messages = {{{60, 1h}, 5}};
    config.quotas["default"].downlink.allowances = {{20'000, {}}};  // in each hour
    return config;
}

/// The rest of the input, taken from the front.
class Script {
public:
    explicit Script(ByteView octets) : octets_(octets) {}
    bool over() const { return octets_.empty(); }
    std::uint8_t octet() {
        if (over()) return 0;
        const std::uint8_t value = octets_.front();
        octets_ = octets_.subspan(1);
        return value;
    }
    Bytes some() {
        const std::size_t size = std::min<std::size_t>(octet(), octets_.size());
        Bytes taken(octets_.begin(), octets_.begin() + static_cast<std::ptrdiff_t>(size));
        octets_ = octets_.subspan(size);
        return taken;
    }

private:
    ByteView octets_;
};

class Play {
public:
    explicit Play(ByteView script) : script_(script) { start(); }

    void run() {
        provision();
        while (!script_.over()) step();
        for (int i = 0; i < 400 && engine_->next_deadline() != never; ++i) pass_time();
    }

private:
    void start() {
        engine_ = std::make_unique<Engine>(ShardId{0}, config_);
        calls_.clear();
        Turn turn{now_, wall_, random_};
        for (const auto& [key, value] : records_) {
            if (!queueing::is_cold(key.first)) engine_->restore(key.first, key.second, value, turn);
        }
        for (const auto& [key, value] : records_) {
            if (key.first == RecordKind::final_message) engine_->restore_final(value, turn);
        }
        require(engine_->counters().corrupt_records == 0, "an engine reads its own records");
        take(engine_->start(turn));
    }

    void provision() {
        adapter::DeviceSpec spec;
        spec.external_id = *ExternalId::parse("dev@fuzz.example");
        handle(adapter::ProvisionDevice{1, spec, false});
        for (const auto& [operation, call] : std::map(calls_)) {
            nidd::NiddConfiguration configuration;
            nidd::T8Answer answer;
            answer.transport = nidd::T8Answer::Transport::answered;
            answer.status = 201;
            answer.location = "/3gpp-nidd/v1/s/configurations/c1";
            answer.body = call.request.body;
            calls_.erase(operation);
            handle(adapter::T8Completion{operation, answer});
        }
    }

    void step() {
        const std::uint8_t kind = script_.octet();
        switch (kind % 7) {
            case 0:
            case 1:
                return handle(adapter::ServerDatagram{
                    kind / 7u % 3u, config_->lwm2m_servers[kind % 2].address, script_.some()});
            case 2:
            case 3:
                return uplink(script_.some());
            case 4:
                return answer_call();
            case 5:
                now_ += std::chrono::milliseconds(1 << script_.octet() % 24);
                wall_ += std::chrono::milliseconds(1 << script_.octet() % 24);
                return handle(adapter::TimePassed{});
            default:
                return kind < 16 ? start() : pass_time();
        }
    }

    void uplink(Bytes octets) {
        const auto device = engine_->find_device(0);
        if (device == nullptr) return;
        nidd::NiddUplinkDataNotification body;
        body.nidd_configuration = "/c/" + device->nidd.configuration_id;
        body.external_id = device->spec.external_id.text();
        body.data = std::move(octets);
        handle(adapter::ScefNotification{2, {device->nidd.capability, body}});
    }

    void answer_call() {
        if (calls_.empty()) return;
        const auto first = calls_.begin();
        const adapter::OperationId operation = first->first;
        calls_.erase(first);
        static constexpr std::array<int, 12> statuses{200, 201, 204, 400, 403, 404,
                                                      409, 413, 429, 500, 502, 503};
        nidd::T8Answer answer;
        const std::uint8_t kind = script_.octet();
        answer.transport = kind < 200   ? nidd::T8Answer::Transport::answered
                           : kind < 230 ? nidd::T8Answer::Transport::ambiguous
                                        : nidd::T8Answer::Transport::not_sent;
        answer.status = statuses[kind % statuses.size()];
        answer.location =
            "/3gpp-nidd/v1/s/configurations/c1/downlink-data-deliveries/t" + std::to_string(kind);
        answer.body = kind % 2 != 0 ? R"({"deliveryStatus":"SUCCESS"})" : "{}";
        handle(adapter::T8Completion{operation, answer});
    }

    void pass_time() {
        const Instant due = engine_->next_deadline();
        if (due == never) return;
        if (due > now_) {
            wall_ += due - now_;
            now_ = due;
        }
        handle(adapter::TimePassed{});
    }

    void handle(adapter::Event event) {
        take(engine_->handle(std::move(event), Turn{now_, wall_, random_}));
    }

    void take(adapter::Effects effects) {
        for (auto& write : effects.batch.writes) {
            const std::pair key{write.kind, write.key};
            if (write.value) {
                records_[key] = std::move(*write.value);
            } else {
                records_.erase(key);
            }
        }
        for (const adapter::Effect& effect : effects.effects) {
            if (const auto* call = std::get_if<adapter::CallT8>(&effect)) {
                calls_[call->operation] = *call;
            } else if (const auto* datagram = std::get_if<adapter::SendDatagram>(&effect)) {
                require(!datagram->octets.empty(), "a datagram has octets");
            }
        }
        require(engine_->gauges(wall_).messages_open <= 64, "the queue has a limit");
    }

    Script script_;
    std::shared_ptr<const adapter::Config> config_ =
        std::make_shared<adapter::Config>(small_config());
    std::unique_ptr<Engine> engine_;
    SeededRandom random_{1};
    Instant now_{1h};
    WallTime wall_{std::chrono::seconds(1'790'000'000)};
    std::map<std::pair<RecordKind, Bytes>, Bytes> records_;
    std::map<adapter::OperationId, adapter::CallT8> calls_;
};

}  // namespace
}  // namespace scef

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size > 4096) return 0;
    scef::Play({data, size}).run();
    return 0;
}
