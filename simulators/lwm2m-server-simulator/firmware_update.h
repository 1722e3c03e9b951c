#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "lwm2m-core/vocabulary/result.h"
#include "simulators/lwm2m-server-simulator/device_answer.h"
#include "simulators/lwm2m-server-simulator/device_request.h"
#include "simulators/lwm2m-server-simulator/event_log.h"
#include "simulators/lwm2m-server-simulator/file_service.h"
#include "simulators/lwm2m-server-simulator/firmware_order.h"

namespace scef::lwm2m_server_simulator {

/// Updates of firmware under way, one a client (LwM2M Core TS, object 5): observes State and Update
/// Result, pushes the package to /5/0/0 or writes /5/0/1, waits for Downloaded, executes /5/0/2 and
/// waits for the result, over restarts of the client and its sleep. Tells each phase as
/// FIRMWARE_STATE and octets as FIRMWARE_PROGRESS. Loop thread only.
class FirmwareUpdates {
public:
    /// Sends an operation to a client, by its queue.
    using Ask = std::function<void(const std::string& endpoint, DeviceRequest,
                                   std::function<void(DeviceAnswer)>)>;

    FirmwareUpdates(EventLog& events, Ask ask) : events_(events), ask_(std::move(ask)) {}

    /// `conflict` if one of that client is under way.
    Status start(const std::string& endpoint, FirmwareOrder order, Instant now);
    /// The client registered anew: its observations are gone, and it may have another firmware.
    void on_registered(const std::string& endpoint);
    /// An Update of its registration: a good time to look what was missed.
    void on_updated(const std::string& endpoint);
    void on_notified(const std::string& endpoint, const std::string& path,
                     const nlohmann::json& payload);
    /// The client was given a block of a file.
    void on_block(const std::string& endpoint, const ServedBlock& block);
    void on_time(Instant now);
    void stop() { updates_.clear(); }

    /// How the last update of a client stands; null if there was none.
    nlohmann::json to_json(const std::string& endpoint) const;

private:
    enum class Phase : std::uint8_t { preparing, downloading, downloaded, updating, done, failed };

    struct Update {
        std::uint64_t number = 0;
        FirmwareOrder order;
        Phase phase = Phase::preparing;
        bool given = false;  // the package or its URI is over there
        std::size_t bytes = 0;
        std::size_t bytes_all = 0;
        std::optional<int> state;
        std::optional<int> result;
        std::string failure;
        Instant deadline{};
    };
    using Then = std::function<void(Update&, const DeviceAnswer&)>;

    static bool is_over(const Update& update);
    Update* find_open(const std::string& endpoint);
    void ask(const std::string& endpoint, const char* operation, const nlohmann::json& body,
             Then then, std::function<void(std::size_t, std::size_t)> on_progress = nullptr);
    void prepare(const std::string& endpoint, const DeviceAnswer& state);
    void observe(const std::string& endpoint, bool gives_then);
    void give(const std::string& endpoint, Update& update);
    void on_given(const std::string& endpoint, Update& update, const DeviceAnswer& answer);
    void look(const std::string& endpoint);
    void execute(const std::string& endpoint, Update& update);
    void on_state(const std::string& endpoint, Update& update, int state);
    void on_result(const std::string& endpoint, Update& update, int result);
    void enter(const std::string& endpoint, Update& update, Phase phase);
    void end_as_failed(const std::string& endpoint, Update& update, const std::string& why);
    void progress(const std::string& endpoint, Update& update, std::size_t bytes, std::size_t all);
    static nlohmann::json describe(const Update& update);

    EventLog& events_;
    Ask ask_;
    std::uint64_t started_ = 0;
    Instant now_{};  // of the last on_time or start: what deadlines are counted from
    std::map<std::string, Update> updates_;
};

}  // namespace scef::lwm2m_server_simulator
