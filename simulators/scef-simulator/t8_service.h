#pragma once

#include <optional>
#include <string>

#include "simulators/scef-simulator/host.h"
#include "simulators/scef-simulator/t8_api.h"

namespace scef::scef_simulator {

/// The T8 resources of TS 29.122 5.6.3 (NIDD) as functions from request to answer. Any thread; a
/// delivery blocks its caller until the hop has answered or the frame is buffered.
class T8Service final : public T8Api {
public:
    T8Service(std::string base_path, Host& host);

    std::optional<T8Call> call_of(const HttpRequest& request) override;
    HttpAnswer serve(const HttpRequest& request) override;

private:
    /// What the path names; an empty text is a part that it does not have.
    struct Target {
        std::string scs_as_id;
        std::string configuration;
        bool is_deliveries = false;
        std::string delivery;
        const char* operation() const { return is_deliveries ? "delivery" : "configuration"; }
    };

    std::optional<Target> target_of(const std::string& path) const;
    std::string external_id_of(const Target& target, const HttpRequest& request);
    HttpAnswer route(const Target& target, const HttpRequest& request);

    HttpAnswer list_configurations(const Target& target);
    HttpAnswer create_configuration(const Target& target, const HttpRequest& request);
    HttpAnswer get_configuration(const Target& target);
    HttpAnswer patch_configuration(const Target& target, const HttpRequest& request);
    HttpAnswer delete_configuration(const Target& target);
    HttpAnswer list_deliveries(const Target& target);
    HttpAnswer create_delivery(const Target& target, const HttpRequest& request);
    HttpAnswer get_delivery(const Target& target);
    HttpAnswer change_delivery(const Target& target, const HttpRequest& request, bool is_patch);
    HttpAnswer delete_delivery(const Target& target);

    std::string base_path_;
    Host& host_;
};

}  // namespace scef::scef_simulator
