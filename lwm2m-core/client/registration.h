#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lwm2m-core/client/confirmable_queue.h"
#include "lwm2m-core/coap/message.h"
#include "lwm2m-core/vocabulary/turn.h"

namespace scef::client {

/// Where a client stands with its server.
enum class RegistrationState : std::uint8_t {
    idle,           ///< nothing is going on; a step may be planned
    bootstrapping,  ///< asked the bootstrap server, or is being written by it
    registering,
    registered,
    updating,
    deregistering,
};
std::string_view name_of(RegistrationState state);

/// The registration interface of LwM2M Core TS 6.2 (and the start of 6.1): which step is due when,
/// and what each message says. Retries with a growing pause of 30 s to 10 min.
class Registration {
public:
    enum class Step : std::uint8_t { none, bootstrap, register_, update, deregister };

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
    Instant due() const { return due_; }
    /// The step that is due; it is then under way.
    Step take_due(Instant now);

    coap::Message bootstrap_request() const;
    coap::Message register_request(std::int64_t lifetime_seconds, std::string_view links) const;
    /// `links` and `lifetime_seconds` only where they changed.
    coap::Message update_request(std::optional<std::int64_t> lifetime_seconds,
                                 std::string_view links) const;
    coap::Message deregister_request() const;

    /// How the step ended. The next Update is due after four fifths of the lifetime.
    void on_settled(const Settled& settled, std::int64_t lifetime_seconds, Turn& turn);
    /// Forgets the registration, as a restart does.
    void forget();

private:
    void on_register_answer(const coap::Message& response, std::int64_t lifetime_seconds);
    void retry(Step step, Turn& turn);
    void plan_update(std::int64_t lifetime_seconds);

    std::string endpoint_;
    bool queue_mode_;
    RegistrationState state_ = RegistrationState::idle;
    Step planned_ = Step::none;
    Instant due_ = never;
    Instant started_;
    unsigned failures_ = 0;
    std::vector<std::string> location_;
};

}  // namespace scef::client
