#pragma once

#include <optional>
#include <vector>

#include "lwm2m-core/client/attributes.h"
#include "lwm2m-core/client/content_format.h"
#include "lwm2m-core/client/object_model.h"
#include "lwm2m-core/coap/message.h"

namespace scef::client {

/// What an operation answers, and what the client must do besides.
struct Outcome {
    coap::Code code;
    std::optional<Content> content;
    std::optional<Path> created;  ///< for Location-Path
    std::optional<Path> executed;
    std::vector<Path> observable;  ///< paths of a Read that an Observe may attach to
    std::vector<Path> changed;     ///< written paths
    std::vector<Path> removed;
    bool bootstrap_finished = false;
};

/// The operations of a server (LwM2M Core TS 6.3, 6.1.7) on one device's objects and attributes:
/// a request in, an Outcome out. Knows neither message ids nor observations.
class Operations {
public:
    Operations(ObjectModel& model, Attributes& attributes)
        : model_(model), attributes_(attributes) {}

    /// While true, the operations of a bootstrap server are allowed as well.
    void set_bootstrapping(bool bootstrapping);
    Outcome handle(const coap::Message& request);

    /// The content of a (composite) Read; also made for each notification.
    Answer<Content> read(const std::vector<Path>& paths, std::optional<std::uint32_t> accept) const;

private:
    Outcome handle_get(const Path& path, const coap::Message& request);
    Outcome handle_put(const Path& path, const coap::Message& request);
    Outcome handle_post(const Path& path, const coap::Message& request);
    Outcome handle_delete(const Path& path);
    Outcome handle_fetch(const coap::Message& request);
    Outcome handle_ipatch(const coap::Message& request);
    Outcome write(const Path& path, const coap::Message& request, bool replace);
    Outcome write_in_bootstrap(const Path& path, const coap::Message& request);
    Outcome put_instance(const Path& path, Records records);
    Outcome create(const Path& path, const coap::Message& request);

    ObjectModel& model_;
    Attributes& attributes_;
    bool bootstrapping_ = false;
};

}  // namespace scef::client
