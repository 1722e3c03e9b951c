#include "queueing/downlink_table.h"

#include <array>

namespace scef::queueing {
namespace {

using enum DeviceLeg;
using Event = DownlinkEvent;
using Action = DownlinkAction;

using States = StateSet<DeviceLeg>;

constexpr States at_scef = States({submitting, in_doubt, net_buffered});
constexpr States waiting_here = States({queued, retry_wait});
/// Where a message may be while the device answers it; `queued`: about to be sent once more.
constexpr States on_its_way =
    States({queued, submitting, in_doubt, net_buffered, retry_wait, awaiting_answer});

bool always(const Message&) { return true; }
bool was_sent(const Message& message) { return message.attempts > 0; }
/// While its POST is open.
bool was_sent_before(const Message& message) { return message.attempts > 1; }
bool attempts_left(const Message& message) { return message.attempts < message.attempts_max; }
/// D27: it goes on only because nothing could be done about it.
bool is_outdated(const Message& message) { return !message.superseded_by.empty(); }
bool is_contested(const Message& message) { return message.is_contested; }
bool may_resend(const Message& message) {
    return may_repeat(message) && !message.resent && !is_outdated(message);
}
bool may_try_again(const Message& message) { return may_repeat(message) && attempts_left(message); }
bool acknowledged_request(const Message& message) {
    return message.is_confirmable_request() && was_sent(message);
}
bool awaits_nothing(const Message& message) { return !expects_answer(message); }

template <Action... actions>
constexpr std::array<Action, sizeof...(actions)> list{actions...};

/// Rows are tried from top to bottom. D and T8 numbers: docs/exchanges.md.
constexpr std::array rows{
    // A newer message takes its place. While the PUT is open nobody knows which of the two the SCEF
    // holds: what it says of the transfer waits, and no DELETE goes.
    DownlinkRow{"D27", States({queued, retry_wait, net_buffered}), Event::superseded, always, done,
                list<Action::signal_expiry, Action::finish_superseded>},
    DownlinkRow{"D27 behind", States({submitting, in_doubt}), Event::not_replaced, always, queued,
                list<Action::take_back_attempt, Action::requeue>},
    DownlinkRow{"D27 expired", States({expired_in_flight}), Event::not_replaced, always, done,
                list<Action::finish_expired>},
    DownlinkRow{"D27 open ttl", States({net_buffered}), Event::ttl, is_contested, net_buffered, {}},
    DownlinkRow{"D27 open list",
                States({net_buffered}),
                Event::missing_at_scef,
                is_contested,
                net_buffered,
                {}},
    DownlinkRow{"D27 answered", States({net_buffered}), Event::answered, is_contested, done,
                list<Action::forward_answer>},
    DownlinkRow{"D27 failed", States({net_buffered}), Event::attempt_failed, is_outdated, done,
                list<Action::signal_expiry, Action::finish_superseded>},

    // The SCEF's answer to the POST, or a delivery status.
    DownlinkRow{"D9", States({submitting}), Event::buffered, always, net_buffered, {}},
    DownlinkRow{"D10", at_scef, Event::delivered, expects_answer, awaiting_answer,
                list<Action::await_answer>},
    DownlinkRow{"D20", at_scef, Event::delivered, always, done, list<Action::complete>},
    DownlinkRow{"D25 doubt", States({submitting}), Event::doubtful, always, in_doubt,
                list<Action::reconcile>},
    DownlinkRow{"D25 adopt", States({in_doubt}), Event::found_at_scef, always, net_buffered, {}},
    DownlinkRow{"D25 repeat", States({in_doubt}), Event::missing_at_scef, may_try_again, queued,
                list<Action::back_off>},
    DownlinkRow{"D25 unknown", States({in_doubt}), Event::missing_at_scef, expects_answer,
                awaiting_answer, list<Action::report_unknown, Action::free_slot>},
    DownlinkRow{"D25 lost", States({in_doubt}), Event::missing_at_scef, always, done,
                list<Action::signal_expiry, Action::finish_unconfirmed>},
    DownlinkRow{"T8 vanished", States({net_buffered}), Event::missing_at_scef, expects_answer,
                awaiting_answer, list<Action::await_answer>},
    DownlinkRow{"T8 vanished for good", States({net_buffered}), Event::missing_at_scef, always,
                done, list<Action::finish_unconfirmed>},
    DownlinkRow{"T8 throttled", States({submitting}), Event::throttled, always, queued,
                list<Action::throttle_device, Action::requeue>},
    DownlinkRow{"T8 unreachable", States({submitting}), Event::not_sent, always, queued,
                list<Action::throttle_scef, Action::requeue>},
    DownlinkRow{"D16 on the way", States({submitting}), Event::expired_unsent, always, queued,
                list<Action::take_back_attempt, Action::requeue>},  // its TTL is due now
    DownlinkRow{"T8 not authorized", States({submitting}), Event::not_authorized, always, queued,
                list<Action::park_scef, Action::requeue>},
    DownlinkRow{"T8 lost", States({submitting}), Event::configuration_lost, always, queued,
                list<Action::renew_configuration, Action::requeue>},
    DownlinkRow{"T8 refused", States({submitting}), Event::refused, always, done,
                list<Action::signal_failure, Action::finish_failed>},
    DownlinkRow{"D3 late", States({submitting}), Event::too_large, always, done,
                list<Action::learn_size, Action::signal_too_large, Action::finish_failed>},
    DownlinkRow{"D18", at_scef, Event::attempt_failed, attempts_left, retry_wait,
                list<Action::back_off>},
    DownlinkRow{"D18 dead", at_scef, Event::attempt_failed, always, done,
                list<Action::signal_expiry, Action::finish_dead>},
    DownlinkRow{"T8 timeout", at_scef, Event::timed_out_at_scef, always, done,
                list<Action::signal_expiry, Action::finish_expired>},

    // What the device says.
    DownlinkRow{"D24", States({net_buffered, in_doubt}), Event::answered, always, done,
                list<Action::delete_at_scef, Action::forward_answer>},
    DownlinkRow{"D11", on_its_way, Event::answered, was_sent, done, list<Action::forward_answer>},
    DownlinkRow{"D15 late", States({expired_in_flight}), Event::answered, always, done,
                list<Action::report_late>},
    DownlinkRow{"D13", on_its_way, Event::acknowledged, acknowledged_request, awaiting_answer,
                list<Action::await_answer>},
    DownlinkRow{"D13 reply", on_its_way, Event::acknowledged, was_sent, done,
                list<Action::complete>},
    DownlinkRow{"D14", on_its_way, Event::reset, was_sent, done,
                list<Action::forward_reset, Action::finish_failed>},
    DownlinkRow{"D14 late", States({expired_in_flight}), Event::reset, always, done,
                list<Action::finish_failed>},

    // Time.
    DownlinkRow{"D19 resend", States({awaiting_answer}), Event::device_timer, may_resend, queued,
                list<Action::requeue>},
    DownlinkRow{"D19 free", States({awaiting_answer}), Event::device_timer, always, awaiting_answer,
                list<Action::free_slot>},
    DownlinkRow{"D16 sent before", States({queued}), Event::ttl, was_sent, done,
                list<Action::signal_expiry, Action::finish_unconfirmed>},
    DownlinkRow{"D16", waiting_here, Event::ttl, always, done,
                list<Action::signal_expiry, Action::finish_expired>},
    DownlinkRow{"D17 withdraw", States({net_buffered}), Event::ttl, always, net_buffered,
                list<Action::delete_at_scef>},
    DownlinkRow{"D17 in time", States({net_buffered}), Event::deleted_at_scef, always, done,
                list<Action::signal_expiry, Action::finish_expired>},
    DownlinkRow{"D17 too late", States({net_buffered}), Event::too_late_at_scef, always,
                expired_in_flight, list<Action::signal_expiry, Action::free_slot, Action::linger>},
    DownlinkRow{"D17 open", States({submitting, in_doubt}), Event::ttl, always, expired_in_flight,
                list<Action::signal_expiry, Action::free_slot, Action::linger>},
    DownlinkRow{"D17 then buffered", States({expired_in_flight}), Event::buffered, always,
                expired_in_flight, list<Action::delete_at_scef>},
    DownlinkRow{"D17 withdrawn", States({expired_in_flight}), Event::deleted_at_scef, always, done,
                list<Action::finish_expired>},
    DownlinkRow{"D17 delivered", States({expired_in_flight}), Event::delivered, awaits_nothing,
                done, list<Action::complete>},
    DownlinkRow{"D17 throttled", States({expired_in_flight}), Event::throttled, always, done,
                list<Action::throttle_device, Action::finish_expired>},
    DownlinkRow{"D17 unreachable", States({expired_in_flight}), Event::not_sent, always, done,
                list<Action::throttle_scef, Action::finish_expired>},
    DownlinkRow{"D17 unsent, sent before", States({expired_in_flight}), Event::expired_unsent,
                was_sent_before, done, list<Action::take_back_attempt, Action::finish_unconfirmed>},
    DownlinkRow{"D17 unsent", States({expired_in_flight}), Event::expired_unsent, always, done,
                list<Action::take_back_attempt, Action::finish_expired>},
    DownlinkRow{"D17 not authorized", States({expired_in_flight}), Event::not_authorized, always,
                done, list<Action::park_scef, Action::finish_expired>},
    DownlinkRow{"D17 lost", States({expired_in_flight}), Event::configuration_lost, always, done,
                list<Action::renew_configuration, Action::finish_expired>},
    DownlinkRow{"D17 too large", States({expired_in_flight}), Event::too_large, always, done,
                list<Action::learn_size, Action::finish_expired>},
    DownlinkRow{"D17 refused", States({expired_in_flight}), Event::refused, always, done,
                list<Action::finish_expired>},
    DownlinkRow{"D17 failed", States({expired_in_flight}), Event::attempt_failed, always, done,
                list<Action::finish_expired>},
    DownlinkRow{"D17 timeout", States({expired_in_flight}), Event::timed_out_at_scef, always, done,
                list<Action::finish_expired>},
    DownlinkRow{"D17 end", States({expired_in_flight}), Event::lingered, always, done,
                list<Action::finish_unconfirmed>},
    DownlinkRow{"D19 end", States({awaiting_answer}), Event::ttl, always, done,
                list<Action::signal_expiry, Action::finish_unconfirmed>},
};

}  // namespace

bool expects_answer(const Message& message) {
    if (message.kind == MessageKind::reply) return message.frame.type == coap::Type::confirmable;
    // RFC 7967 2.1: a client that does not want 2.xx waits for nothing.
    constexpr std::uint32_t no_success = 2;
    const auto unwanted = message.frame.uint_option(coap::options::no_response).value_or(0);
    return message.is_confirmable_request() && (unwanted & no_success) == 0;
}

bool may_repeat(const Message& message) {
    switch (message.kind) {
        case MessageKind::reply:
            return true;
        case MessageKind::request:
            return message.device_deduplicates ||
                   (lwm2m::is_idempotent(message.frame.code) &&
                    message.frame.find(coap::options::oscore) == nullptr);
        case MessageKind::opaque:
            return false;
    }
    return false;
}

const DownlinkRow* find_row(const Message& message, DownlinkEvent event) {
    for (const DownlinkRow& row : rows) {
        if (row.event == event && row.from.contains(message.device_leg) && row.guard(message)) {
            return &row;
        }
    }
    return nullptr;
}

std::span<const DownlinkRow> downlink_table() { return rows; }

}  // namespace scef::queueing
