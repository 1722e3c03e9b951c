#pragma once

#include <atomic>
#include <cstdint>

#include <nlohmann/json.hpp>

namespace scef::lwm2m_server_simulator {

/// What was counted since the start. Any thread.
struct Counters {
    using Counter = std::atomic<std::uint64_t>;

    Counter requests;         ///< to devices, each once
    Counter retransmissions;  ///< further copies of them
    Counter responses;
    Counter separate_responses;  ///< those of `responses` that did not come in the ACK
    Counter timeouts;
    Counter resets;
    Counter registrations;
    Counter updates;
    Counter deregistrations;
    Counter expirations;
    Counter notifications;
    Counter unknown_responses;  ///< answered with RST: no request or observation of that token
    Counter sends;
    Counter duplicates;  ///< repeated requests of clients, answered from memory
    Counter bootstraps;

    nlohmann::json to_json() const {
        return {{"requests_total", requests.load()},
                {"retransmissions_total", retransmissions.load()},
                {"responses_total", responses.load()},
                {"separate_responses_total", separate_responses.load()},
                {"timeouts_total", timeouts.load()},
                {"resets_total", resets.load()},
                {"registrations_total", registrations.load()},
                {"updates_total", updates.load()},
                {"deregistrations_total", deregistrations.load()},
                {"expirations_total", expirations.load()},
                {"notifications_total", notifications.load()},
                {"unknown_responses_total", unknown_responses.load()},
                {"sends_total", sends.load()},
                {"duplicates_total", duplicates.load()},
                {"bootstraps_total", bootstraps.load()}};
    }
};

}  // namespace scef::lwm2m_server_simulator
