#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "lwm2m-core/client/confirmable_queue.h"
#include "lwm2m-core/client/object_model.h"
#include "lwm2m-core/vocabulary/turn.h"

namespace scef::client {

/// Where a bootstrap stands.
enum class BootstrapState : std::uint8_t {
    idle,
    planned,      ///< the request is due later: Client Hold Off Time, or after a failure
    requesting,   ///< the request is on its way
    in_progress,  ///< the bootstrap server has the device until it finishes or falls silent
};

/// The bootstrap of a device (LwM2M Core TS 6.1): when to ask, for how long to be the bootstrap
/// server's, when its account is purged. Its owner sends the request and tells how it ended.
class Bootstrap {
public:
    Bootstrap(ObjectModel& model, std::string endpoint)
        : model_(model), endpoint_(std::move(endpoint)) {}

    /// Is there a bootstrap server account in object 0?
    bool has_account() const;
    /// Asks the bootstrap server, after its Client Hold Off Time (/0/x/11).
    void start(Instant now);
    /// True once when the request is due; it is then under way.
    bool take_due(Instant now);
    coap::Message request() const;
    void on_settled(const Settled& settled, Turn& turn);
    /// A command of the bootstrap server arrived: it may take its time again.
    void on_command(Instant now);

    /// Do the accounts that were written fit together (Core TS 6.1.7.7): at least one, each Server
    /// instance whole, with a Security instance of its short server id?
    bool is_consistent() const;
    /// The bootstrap server is done: notes the time and the end of its account (/0/x/12).
    void on_finished(Turn& turn);
    /// Gives it up, as a restart does.
    void cancel();
    /// Purges the bootstrap server's account when its time is over (Core TS 6.1.4).
    void purge_account(Instant now);

    BootstrapState state() const { return state_; }
    /// The device is the bootstrap server's, or about to be.
    bool is_active() const { return state_ != BootstrapState::idle; }
    /// Everything else of the device rests. While a request is only planned, it does not.
    bool holds_device() const {
        return state_ == BootstrapState::requesting || state_ == BootstrapState::in_progress;
    }
    std::uint64_t finished() const { return finished_; }
    Instant due() const { return std::min(due_, purge_due_); }

private:
    std::optional<Path> account() const;
    void retry(Turn& turn);

    ObjectModel& model_;
    std::string endpoint_;
    BootstrapState state_ = BootstrapState::idle;
    Instant due_ = never;
    Instant purge_due_ = never;
    unsigned failures_ = 0;
    std::uint64_t finished_ = 0;
};

std::string_view name_of(BootstrapState state);

}  // namespace scef::client
