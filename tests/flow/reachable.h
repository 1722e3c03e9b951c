#pragma once

#include <gtest/gtest.h>

#include "tests/flow/world.h"

namespace scef::flow {

/// The usual configuration with a device that can always be reached.
inline adapter::Config always_reachable() {
    auto config = flow_config();
    config.profiles["nb-iot"].reachability.kind = adapter::ReachabilityConfig::Kind::always;
    return config;
}

/// A world whose device can always be reached, so that only the SCEF decides.
struct Reachable : World {
    explicit Reachable(adapter::Config config = always_reachable()) : World(std::move(config)) {}

    /// What may be repeated (GET), and what may not.
    coap::Message read() { return server.get("/3/0/0"); }
    coap::Message execute() { return ask(coap::codes::post, "/3/0/4", std::chrono::hours(24)); }
    /// A read that is worth nothing after so long.
    coap::Message read_within(Duration ttl) { return ask(coap::codes::get, "/3/0/0", ttl); }
    coap::Message ask(coap::Code code, std::string_view path, Duration ttl) {
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(ttl).count();
        return server.request(code, path, [&](coap::Message& m) {
            m.add_uint(coap::options::ttl_seconds, static_cast<std::uint32_t>(seconds));
        });
    }
    /// The code of the one answer that the server got; 0.00 for none, and more than one is wrong.
    coap::Code heard(const coap::Message& request) const {
        const auto responses = server.responses_to(request);
        EXPECT_LE(responses.size(), 1u);
        return responses.empty() ? coap::Code{} : responses.front().code;
    }
    /// How many frames of requests the device got, copies counted.
    std::size_t on_the_air() const { return device.frames.size(); }
};

}  // namespace scef::flow
