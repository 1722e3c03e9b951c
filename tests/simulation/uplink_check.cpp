#include "tests/simulation/uplink_check.h"

namespace scef::simulation {

void UplinkCheck::on_accepted(const std::string& device, Kind kind, const std::string& name,
                              const coap::Token& token, Moment) {
    if (kind == Kind::notification) {  // a newer one takes the place of those before it
        std::erase_if(open_, [&](const auto& entry) {
            const bool older = entry.second.kind == Kind::notification &&
                               entry.second.device == device && entry.second.token == token &&
                               entry.first != name;
            if (older) done_[entry.first] = true;  // a copy of it asks for nothing more
            return older;
        });
    }
    const auto done = done_.find(name);
    if (done != done_.end() && (done->second || kind == Kind::opaque)) return;
    open_.emplace(name, Obligation{device, kind, token});
}

/// Octets that are not CoAP are sent once, into a network that may lose them.
void UplinkCheck::mark(const std::string& name, bool reached) {
    bool& done = done_[name];
    done = done || reached;
    const auto found = open_.find(name);
    if (found == open_.end()) return;
    if (reached || found->second.kind == Kind::opaque) open_.erase(found);
}

void UplinkCheck::on_device_removed(const std::string& device) {
    std::erase_if(open_, [&](const auto& entry) { return entry.second.device == device; });
}

void UplinkCheck::finish() {
    for (const auto& [name, obligation] : open_) {
        verdicts_.broken("I10", "'" + name + "' of " + obligation.device +
                                    " was answered 204 and never reached its server");
    }
    open_.clear();
}

}  // namespace scef::simulation
