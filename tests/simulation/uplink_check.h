#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

#include "lwm2m-core/coap/message.h"
#include "tests/simulation/verdicts.h"

namespace scef::simulation {

/// I10: what was answered by 204 reaches its server at least once, while its life lasts. Each piece
/// of data has a name of its own, which is its payload.
class UplinkCheck {
public:
    explicit UplinkCheck(Verdicts& verdicts) : verdicts_(verdicts) {}

    /// Index of a device, and the message id of its frame.
    using Origin = std::pair<std::uint32_t, std::uint16_t>;
    enum class Kind { data, notification, opaque };
    /// The SCEF got its 204.
    void on_accepted(const std::string& device, Kind kind, const std::string& name,
                     const coap::Token& token, Moment moment,
                     std::optional<Origin> origin = std::nullopt);
    /// The adapter sends it to a server; `reached`: the server reads it.
    void on_sent(const std::string& name) { mark(name, false); }
    void on_reached(const std::string& name) { mark(name, true); }
    /// U8: the device is to be told that no one knows the observation any more; before the 204.
    void on_reset(Origin origin) { resets_.insert(origin); }
    void on_device_removed(const std::string& device);
    /// Everything that ever goes wrong is over, and long enough ago.
    void finish();
    std::size_t pending() const { return open_.size(); }

private:
    struct Obligation {
        std::string device;
        Kind kind = Kind::data;
        coap::Token token;
    };
    void mark(const std::string& name, bool reached);

    Verdicts& verdicts_;
    std::map<std::pair<std::string, coap::Token>, long> newest_;
    std::set<Origin> resets_;
    std::unordered_map<std::string, Obligation> open_;
    std::unordered_map<std::string, bool> done_;  ///< by name: the server has read it
};

}  // namespace scef::simulation
