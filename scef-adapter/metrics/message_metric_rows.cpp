#include "scef-adapter/metrics/metric_labels.h"
#include "scef-adapter/metrics/metric_table.h"

/// Rows of the metric table about messages and their queues.
namespace scef::adapter {

using queueing::DeliveryLevel;
using queueing::MessageState;
using queueing::Reason;
using Type = MetricInfo::Type;

namespace {

constexpr auto first_terminal = static_cast<std::size_t>(MessageState::delivered);
constexpr auto states = static_cast<std::size_t>(MessageState::unconfirmed) + 1;

MetricLabel end_state() { return {"state", labels::names<MessageState>(states, first_terminal)}; }

/// UNCONFIRMED may still be open: its answer may come late.
MetricLabel open_state() {
    auto names = labels::names<MessageState>(first_terminal);
    names.emplace_back(queueing::name_of(MessageState::unconfirmed));
    return {"state", std::move(names)};
}

MetricLabel level() { return {"level", labels::names<DeliveryLevel>(delivery_levels)}; }

MetricLabel confirmed_level() {
    return {"level", labels::names<DeliveryLevel>(delivery_levels, 1)};
}

MetricLabel end_reason() {
    std::vector<std::string> names;
    for (std::size_t i = 0; i <= static_cast<std::size_t>(Reason::last); ++i) {
        names.push_back(labels::reason_name(static_cast<Reason>(i)));
    }
    return {"reason", std::move(names)};
}

MetricLabel wait_reason() {
    std::vector<std::string> names;
    for (const Reason reason : labels::waiting_reasons()) {
        names.push_back(labels::reason_name(reason));
    }
    return {"reason", std::move(names)};
}

}  // namespace

MetricGroup message_metrics() {
    return {"Messages",
            {{"messages_enqueued_total",
              Type::counter,
              "messages",
              {labels::scef(),
               labels::kind(),
               {"priority", labels::names_by(priorities, labels::priority_name)}},
              "Downlink messages taken into a queue.",
              ""},
             {"messages_terminal_total",
              Type::counter,
              "messages",
              {labels::scef(), labels::kind(), end_state(), level(), end_reason()},
              "Downlink messages that ended: how, as far as what confirmed it, and why.",
              "the share of EXPIRED, FAILED, DEAD and UNCONFIRMED among requests"},
             {"message_queue_seconds",
              Type::histogram,
              "seconds",
              {labels::scef()},
              "From a message's acceptance to its first POST to the SCEF; replies are left out.",
              ""},
             {"message_delivery_seconds",
              Type::histogram,
              "seconds",
              {labels::scef(), confirmed_level()},
              "From a message's acceptance to its delivery, by what confirmed it; replies are left "
              "out.",
              "the 95th percentile against what the fleet's sleep explains"},
             {"attempts",
              Type::histogram,
              "attempts",
              {labels::scef()},
              "POSTs that a message took until it ended; replies are left out.",
              ""},
             {"ttl_slack_seconds",
              Type::histogram,
              "seconds",
              {labels::scef()},
              "What was left of a message's TTL when it was delivered; replies are left out.",
              "little slack means that the next ones expire"}}};
}

MetricGroup repetition_metrics() {
    return {
        "Copies, late answers and what does not fit",
        {{"duplicates_suppressed_total",
          Type::counter,
          "copies",
          {{"kind", {"server_retransmission", "device_retransmission", "idempotency_key"}}},
          "Copies that went no further: of a server's request, of a device's frame or a SCEF's "
          "notification, of an API request.",
          ""},
         {"questions_attached_total",
          Type::counter,
          "requests",
          {},
          "Requests attached to an open message that asks the same.",
          ""},
         {"late_answers_served_total",
          Type::counter,
          "answers",
          {},
          "Late answers given to who asked the same again.",
          ""},
         {"late_results_total",
          Type::counter,
          "results",
          {},
          "Delivery results that came after the message had ended.",
          ""},
         {"stale_answers_total",
          Type::counter,
          "answers",
          {},
          "Answers of devices to requests that were over.",
          ""},
         {"oversize_total",
          Type::counter,
          "frames",
          {{"action", {"4.13", "rejected"}}},
          "Frames larger than the SCEF takes: requests answered 4.13 with a block size that fits, "
          "and others, which were refused.",
          ""},
         {"events_ignored_total",
          Type::counter,
          "events",
          {},
          "Events that fit no state.",
          "a steady rise is a defect of the adapter"}}};
}

MetricGroup queue_metrics() {
    return {"Queue",
            {{"queue_messages",
              Type::gauge,
              "messages",
              {labels::scef(), wait_reason()},
              "Downlink messages in state QUEUED by what they wait for.",
              "`configuration` or `throttled` that stays is a matter for the operator of the SCEF"},
             {"queue_oldest_age_seconds",
              Type::gauge,
              "seconds",
              {labels::scef()},
              "Age of the oldest message in state QUEUED; 0 if there is none.",
              ""},
             {"queue_near_expiry_messages",
              Type::gauge,
              "messages",
              {labels::scef()},
              "Messages in state QUEUED with less than a fifth of their TTL left.",
              "a share that grows: TTLs are too short for the fleet's sleep"},
             {"messages_open",
              Type::gauge,
              "messages",
              {labels::scef(), open_state()},
              "Downlink messages that have not ended.",
              ""},
             {"queue_bytes",
              Type::gauge,
              "octets",
              {},
              "Octets of downlink messages that have not ended.",
              ""},
             {"t8_reports_overdue",
              Type::gauge,
              "messages",
              {labels::scef()},
              "Messages that the SCEF took and of which it has told nothing, a quarter of an hour "
              "after "
              "their TTL.",
              "must be 0: notifications do not arrive, or the SCEF forgets deliveries"}}};
}

}  // namespace scef::adapter
