#pragma once

#include <memory>

#include "lwm2m-core/vocabulary/result.h"
#include "lwm2m-core/vocabulary/socket_address.h"

namespace scef::modem_simulator {

class Runtime;

/// The HTTP control API (README.md), on threads of its own. The runtime must outlive it.
class ControlApi {
public:
    /// Listens at once; one sentence if the address is taken.
    static Result<std::unique_ptr<ControlApi>> open(const SocketAddress& local, Runtime& runtime);
    ~ControlApi();
    ControlApi(const ControlApi&) = delete;
    ControlApi& operator=(const ControlApi&) = delete;

    SocketAddress local() const;
    void stop();

private:
    class Server;
    explicit ControlApi(std::unique_ptr<Server> server);
    std::unique_ptr<Server> server_;
};

}  // namespace scef::modem_simulator
