#include "tests/simulation/uplink_check.h"

#include <algorithm>
#include <cstdlib>

namespace scef::simulation {
namespace {

/// Names end in a number that grows: `n41.44`.
long number_of(const std::string& name) {
    const auto point = name.find('.');
    return point == std::string::npos ? 0 : std::strtol(name.c_str() + point + 1, nullptr, 10);
}

}  // namespace

void UplinkCheck::on_accepted(const std::string& device, Kind kind, const std::string& name,
                              const coap::Token& token, Moment, std::optional<Origin> origin) {
    if (kind == Kind::notification) {
        // The radio changed their order: the newer one was accepted before.
        long& newest = newest_[{device, token}];
        if (number_of(name) < newest) done_[name] = true;
        newest = std::max(newest, number_of(name));
    }
    if (kind == Kind::notification) {  // a newer one takes the place of those before it
        std::erase_if(open_, [&](const auto& entry) {
            const bool other = entry.second.kind == Kind::notification &&
                               entry.second.device == device && entry.second.token == token &&
                               entry.first != name;
            const bool older = other && number_of(entry.first) < number_of(name);
            if (other && !older) done_[name] = true;
            if (older) done_[entry.first] = true;  // a copy of it asks for nothing more
            return older;
        });
    }
    const auto done = done_.find(name);
    if (done != done_.end() && (done->second || kind == Kind::opaque)) return;
    if (origin && resets_.erase(*origin) > 0) {
        done_[name] = true;
        open_.erase(name);
        return;
    }
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
