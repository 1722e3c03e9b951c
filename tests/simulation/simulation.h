#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/simulation/adapter_host.h"
#include "tests/simulation/device_model.h"
#include "tests/simulation/scef_model.h"
#include "tests/simulation/server_model.h"

namespace scef::simulation {

/// One seed, one history: devices, servers and a SCEF around an adapter, through stretches of good
/// and bad weather, then a calm in which everything must come to its end. The oracle judges all.
class Simulation {
public:
    Simulation(std::uint64_t seed, Coverage& coverage);

    void trace(History::Mode mode);
    /// At least so many turns of the engine, and the calm. False if a rule was broken.
    bool run(std::uint64_t events);
    const Verdicts& verdicts() const { return oracle_.verdicts; }
    const History& history() const { return stage_.history; }

private:
    struct Place {
        std::unique_ptr<DeviceModel> model;
        adapter::DeviceSpec spec;
        std::optional<queueing::DeviceIndex> index;
        std::vector<queueing::EndpointIndex> endpoints;  ///< LwM2M server, bootstrap server
        bool provisioned = false;
        bool paused = false;
    };

    void connect();
    void add_devices();
    void provision(Place& place, bool replace);
    void learn(Place& place);

    // ---- chaos.cpp: what happens
    void change_weather();
    void something_happens();
    void a_server_acts();
    void a_server_misbehaves();
    void a_device_acts(Place& place);
    void trouble_befalls(Place& place);
    void the_operator_acts(Place& place);
    void enqueue(Place& place, unsigned replaces, unsigned at_once);
    bool has_buffered(const Place& place) const;
    void remove_for_a_while(Place& place);
    void set_clock();
    Place& any_place() { return places_[stage_.random.below(places_.size())]; }
    queueing::EndpointIndex endpoint_for(const ServerModel& server, const Place& place) const;
    void command(adapter::Event event, std::function<void(const adapter::CommandReply&)> then = {});

    // ---- time
    void advance(Duration time, std::uint64_t turns_max = UINT64_MAX);
    void calm_down();
    void judge_end();

    Stage stage_;
    Oracle oracle_;
    adapter::Config config_;
    std::unique_ptr<AdapterHost> host_;
    std::unique_ptr<ScefModel> scef_;
    std::vector<std::unique_ptr<ServerModel>> servers_;  ///< LwM2M, bootstrap, another client
    std::vector<Place> places_;
    std::map<adapter::ReplyId, std::function<void(const adapter::CommandReply&)>> replies_;
    adapter::ReplyId next_reply_ = 1;
    std::vector<MessageId> api_messages_;
    std::vector<adapter::EnqueueMessage> api_requests_;
    std::uint64_t next_weather_ = 0;
    int hours_ahead_ = 0;  ///< of the wall clock
};

}  // namespace scef::simulation
