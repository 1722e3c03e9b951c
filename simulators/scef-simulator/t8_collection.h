#pragma once

#include <optional>
#include <string>

#include "simulators/scef-simulator/host.h"
#include "simulators/scef-simulator/t8_api.h"

namespace scef::scef_simulator {

/// An API of TS 29.122 that is one collection of resources,
/// `{apiPath}/{scsAsId}/{collection}/{id}`: which of its functions a request is for. Any thread;
/// never blocks.
class T8Collection : public T8Api {
public:
    /// What requests are called in faults and in the log, and where they go.
    struct Place {
        const char* operation;
        const char* api_path;
        const char* collection;
    };

    T8Collection(Host& host, Place place) : host_(host), place_(place) {}

    std::optional<T8Call> call_of(const HttpRequest& request) final;
    HttpAnswer serve(const HttpRequest& request) final;

protected:
    /// The UE of a resource; empty if there is none.
    virtual std::string ue_of(SimulatedOperator& simulated, const std::string& scs_as_id,
                              const std::string& id) = 0;
    virtual HttpAnswer list(const std::string& scs_as_id) = 0;
    virtual HttpAnswer create(const std::string& scs_as_id, const HttpRequest& request) = 0;
    virtual HttpAnswer get(const std::string& scs_as_id, const std::string& id) = 0;
    virtual HttpAnswer change(const std::string& scs_as_id, const std::string& id,
                              const HttpRequest& request, bool is_patch) = 0;
    virtual HttpAnswer remove(const std::string& scs_as_id, const std::string& id) = 0;

    Host& host_;
    const Place place_;
};

}  // namespace scef::scef_simulator
