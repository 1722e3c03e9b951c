#pragma once

#include <functional>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>

#include "lwm2m-core/vocabulary/result.h"
#include "tests/bench/load/adapter_process.h"
#include "tests/bench/load/device_load.h"
#include "tests/bench/load/fleet.h"
#include "tests/bench/load/request_load.h"
#include "tests/bench/load/t8_sink.h"

namespace scef::bench {

/// A running adapter between an LwM2M server, a SCEF and devices that cost next to nothing, all
/// three on the caller's thread.
class Stage {
public:
    /// `settings` without addresses; the number of connections to the adapter is that of its own.
    /// With devices and messages in its store before it starts, if there are any (prepare_fleet).
    static Result<std::unique_ptr<Stage>> open(AdapterSettings settings, std::size_t devices = 0,
                                               std::size_t queued = 0);
    ~Stage();

    /// Has the adapter know that many devices in all, and the sink their configurations; the time
    /// that took. They can always hear.
    Result<Duration> provision(std::size_t count);
    /// The loads go on for that time.
    void run_for(Duration time);
    /// Until `condition` holds; whether it did before the limit.
    bool run_until(const std::function<bool()>& condition, Duration limit);
    /// One call of the admin API; the time until its answer.
    Result<HttpAnswer> ask(const char* method, const std::string& target,
                           const std::string& body = {}, Duration* took = nullptr);
    /// The adapter was started again.
    void reconnect();

    /// Devices answer what reaches them; else the requests end at the SCEF.
    void devices_answer(bool answer) { devices_answer_ = answer; }

    boost::asio::io_context& context() { return context_; }
    Fleet& fleet() { return fleet_; }
    T8Sink& sink() { return sink_; }
    RequestLoad& requests() { return requests_; }
    DeviceLoad& devices() { return *devices_; }
    AdapterProcess& adapter() { return *adapter_; }

private:
    explicit Stage(std::size_t connections);
    Status learn_endpoints(std::size_t first);

    boost::asio::io_context context_{1};
    Fleet fleet_;
    T8Sink sink_;
    RequestLoad requests_;
    std::size_t connections_;
    std::unique_ptr<AdapterProcess> adapter_;
    std::unique_ptr<DeviceLoad> devices_;
    std::unique_ptr<HttpClients> admin_;
    bool devices_answer_ = true;
};

}  // namespace scef::bench
