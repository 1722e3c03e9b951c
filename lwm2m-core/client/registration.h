#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lwm2m-core/client/confirmable_queue.h"
#include "lwm2m-core/client/server_account.h"
#include "lwm2m-core/coap/message.h"
#include "lwm2m-core/vocabulary/turn.h"

namespace scef::client {

/// Where a client stands with a server.
enum class RegistrationState : std::uint8_t {
    idle,  ///< nothing is going on; a step may be planned
    registering,
    registered,
    updating,
    deregistering,
    disabled,  ///< by /1/x/4; a Register is planned
};
std::string_view name_of(RegistrationState state);

/// The registration interface of LwM2M Core TS 6.2 towards one server: which step is due when, what
/// each message says, and how a failed Register is tried again.
class Registration {
public:
    enum class Step : std::uint8_t { none, register_, update, deregister };
    /// What became of the Register that just ended.
    enum class Verdict : std::uint8_t {
        none,  ///< it was something else, or it will be tried again
        succeeded,
        exhausted,  ///< every sequence of attempts failed; the next begins after the sequence delay
    };

    Registration(std::string endpoint, bool queue_mode)
        : endpoint_(std::move(endpoint)), queue_mode_(queue_mode) {}

    RegistrationState state() const { return state_; }
    bool is_registered() const {
        return state_ == RegistrationState::registered || state_ == RegistrationState::updating;
    }
    /// `/rd/5a3f`; empty if the server has given none.
    std::string location_text() const;

    /// Plans `step` for `at`, in place of what was planned.
    void plan(Step step, Instant at);
    Step planned() const { return planned_; }
    Instant due() const { return due_; }
    /// The step that is due; it is then under way.
    Step take_due(Instant now);

    coap::Message register_request(std::int64_t lifetime_seconds, std::string_view links) const;
    /// `links` and `lifetime_seconds` only where they changed.
    coap::Message update_request(std::optional<std::int64_t> lifetime_seconds,
                                 std::string_view links) const;
    coap::Message deregister_request() const;

    /// How the step ended. The next Update is due after four fifths of the lifetime; an Update that
    /// meets 5.03 or 4.29 is tried again, any other refusal leads to a new Register.
    Verdict on_settled(const Settled& settled, const ServerAccount& account, Turn& turn);
    /// Disabled by the server: de-registers, if registered, and registers again after `period`.
    void disable(Duration period, Instant now);
    /// Forgets the registration, as a restart does.
    void forget();
    /// Begins with the first attempt again.
    void reset_attempts() { attempts_ = sequences_ = 0; }

private:
    Verdict on_register_failed(const RetryPolicy& policy, Instant now);
    Verdict on_update_settled(coap::Code code, const ServerAccount& account, Turn& turn);
    void plan_update(std::int64_t lifetime_seconds);
    void take_location(const coap::Message& response);

    std::string endpoint_;
    bool queue_mode_;
    RegistrationState state_ = RegistrationState::idle;
    Step planned_ = Step::none;
    Instant due_ = never;
    Instant started_;
    std::int64_t attempts_ = 0;   ///< failed ones of the sequence
    std::int64_t sequences_ = 0;  ///< failed ones
    std::optional<Duration> disable_for_;
    std::vector<std::string> location_;
};

}  // namespace scef::client
