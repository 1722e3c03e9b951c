#pragma once

#include "lwm2m-core/client/operations.h"

namespace scef::client {

/// The operations of a bootstrap server (LwM2M Core TS 6.1.7) while it has the device: Discover,
/// Read of /1 and /2, Write, Delete and Finish. Everything else is 4.05.
class BootstrapOperations {
public:
    explicit BootstrapOperations(ObjectModel& model) : model_(model) {}

    Outcome handle(const coap::Message& request);

private:
    Outcome read(const Path& path, const coap::Message& request) const;
    Outcome write(const Path& path, const coap::Message& request);
    Outcome put_instance(const Path& path, Records records);
    Outcome remove(const Path& path);

    ObjectModel& model_;
};

}  // namespace scef::client
