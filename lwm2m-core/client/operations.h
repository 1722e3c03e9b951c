#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "lwm2m-core/client/access_control.h"
#include "lwm2m-core/client/attributes.h"
#include "lwm2m-core/client/content_format.h"
#include "lwm2m-core/client/execute_arguments.h"
#include "lwm2m-core/client/object_model.h"
#include "lwm2m-core/coap/message.h"

namespace scef::client {

/// What an operation answers, and what the client must do besides.
struct Outcome {
    coap::Code code;
    std::optional<Content> content;
    std::optional<Path> created;  ///< for Location-Path
    std::optional<Path> executed;
    ExecuteArguments arguments;    ///< of `executed`
    std::vector<Path> observable;  ///< paths of a Read that an Observe may attach to
    std::vector<Path> changed;     ///< written paths
    std::vector<Path> removed;     ///< instances
    bool bootstrap_finished = false;
};

/// The device's own say on values that a server is about to write: the code that refuses them.
using WriteGuard = std::function<std::optional<coap::Code>(const Records&)>;

/// The operations of one server (LwM2M Core TS 6.3) on the device's objects and on that server's
/// attributes, with its rights: a request in, an Outcome out. Knows neither message ids nor
/// observations. Those of a bootstrap server are `BootstrapOperations`.
class Operations {
public:
    Operations(ObjectModel& model, Attributes& attributes, const AccessControl& access)
        : model_(model), attributes_(attributes), access_(access) {}

    /// Whose rights hold.
    void set_short_server_id(std::uint16_t id) { server_ = id; }
    void set_write_guard(WriteGuard guard) { guard_ = std::move(guard); }
    Outcome handle(const coap::Message& request);

    /// The content of a (composite) Read; also made for each notification.
    Answer<Content> read(const std::vector<Path>& paths, std::optional<std::uint32_t> accept) const;
    /// The values that this server may read at `path`.
    Answer<Records> readable(const Path& path) const;

private:
    Outcome handle_get(const Path& path, const coap::Message& request);
    Outcome handle_put(const Path& path, const coap::Message& request);
    Outcome handle_post(const Path& path, const coap::Message& request);
    Outcome handle_delete(const Path& path);
    Outcome handle_fetch(const coap::Message& request);
    Outcome handle_ipatch(const coap::Message& request);
    Outcome discover(const Path& path, const coap::Message& request) const;
    Outcome write(const Path& path, const coap::Message& request, bool replace);
    Outcome write_attributes(const Path& path, const coap::Message& request);
    Outcome execute(const Path& path, const coap::Message& request);
    Outcome create(const Path& path, const coap::Message& request);
    std::optional<coap::Code> refuse(const Path& path, Right right) const;
    std::optional<coap::Code> refuse_values(const Records& records) const;

    ObjectModel& model_;
    Attributes& attributes_;
    const AccessControl& access_;
    std::uint16_t server_ = 0;
    WriteGuard guard_;
};

/// An outcome that is just a code.
Outcome just(coap::Code code);
/// An outcome with content.
Outcome with(coap::Code code, Content content);
std::vector<std::string_view> queries_of(const coap::Message& request);
std::vector<Path> paths_of(const Records& records);

}  // namespace scef::client
