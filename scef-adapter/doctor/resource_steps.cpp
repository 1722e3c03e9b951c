#include <algorithm>

#include "lwm2m-core/coap/codec.h"
#include "scef-adapter/doctor/examination.h"

/// What an examination does beside configurations and deliveries, and the time in which it listens.
namespace scef::adapter::doctor {
namespace {

using nidd::T8Answer;

constexpr std::uint32_t trigger_validity = 60;  ///< seconds

/// LwM2M's Registration Update Trigger (object 1, resource 8): the device registers anew, no more.
Bytes update_trigger(std::uint16_t message_id) {
    coap::Message execute;
    execute.type = coap::Type::non_confirmable;
    execute.code = coap::codes::post;
    execute.message_id = message_id;
    for (const char* segment : {"1", "0", "8"}) {
        execute.add_text(coap::options::uri_path, segment);
    }
    return coap::serialize(execute);
}

}  // namespace

void Examination::list_ports() {
    if (!may_deliver("rds ports")) return next();
    ask(Operation::list_rds_ports, [this](const T8Answer& answer) {
        note("rds ports", judge_rds_ports(answer));
        next();
    });
}

void Examination::trigger() {
    nidd::DeviceTriggering wanted;
    wanted.external_id = patient_.external_id;
    wanted.validity_period = trigger_validity;
    wanted.application_port_id = patient_.scef.trigger.port;
    wanted.trigger_payload = update_trigger(static_cast<std::uint16_t>(random_.below(0x10000)));
    wanted.notification_destination = patient_.destination;
    ask({Operation::create_trigger, {}, {}, nidd::to_json(wanted)}, [this](const T8Answer& answer) {
        note("trigger", judge_resource(answer, "trigger"));
        const auto outcome = nidd::classify_resource(answer);
        trigger_ = outcome.resource_id;
        if (outcome.kind == nidd::ResourceOutcome::Kind::created) await_trigger_report();
        next();
    });
}

void Examination::await_trigger_report() {
    const auto judge = [](const nidd::Notification& heard) -> std::optional<Judged> {
        const auto* report = std::get_if<nidd::DeviceTriggeringDeliveryReport>(&heard);
        if (report == nullptr || report->result == "TRIGGERED") return {};
        return Judged{Verdict::works, report->result};
    };
    const auto otherwise = [] {
        return Judged{Verdict::skipped,
                      "none yet; the trigger is valid for 60 s, and the device may be off"};
    };
    await({"trigger report", judge, otherwise});
}

void Examination::watch_reachability() { watch("watch reachability", "UE_REACHABILITY"); }

void Examination::watch_availability() {
    watch("watch availability", "AVAILABILITY_AFTER_DDN_FAILURE");
}

void Examination::watch(const std::string& step, const std::string& monitoring_type) {
    nidd::MonitoringEventSubscription wanted;
    wanted.external_id = patient_.external_id;
    wanted.monitoring_type = monitoring_type;
    if (monitoring_type == "UE_REACHABILITY") wanted.reachability_type = "DATA";
    wanted.maximum_number_of_reports = 1;
    wanted.notification_destination = patient_.destination;
    ask({Operation::create_subscription, {}, {}, nidd::to_json(wanted)},
        [this, step](const T8Answer& answer) {
            note(step, judge_resource(answer, "subscription"));
            const auto id = nidd::classify_resource(answer).resource_id;
            if (id.empty()) return next();
            ask({Operation::delete_subscription, {}, {}, {}, id},
                [this, step](const T8Answer& ended) {
                    Judged judged = judge_resource_deletion(ended);
                    if (judged.verdict != Verdict::works) {
                        note(step + ", the end", std::move(judged));
                    }
                    next();
                });
        });
}

void Examination::listen() {
    took_ = {};
    listening_ = true;
    timer_.expires_after(settings_.listen);
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (error || !listening_) return;
        for (Awaited& one : awaited_) one.worth_waiting = false;
        end_listening();
    });
    end_listening();
}

/// Goes on once nothing is worth waiting for.
void Examination::end_listening() {
    const bool waits = std::any_of(awaited_.begin(), awaited_.end(),
                                   [](const Awaited& one) { return one.worth_waiting; });
    if (waits) return;
    listening_ = false;
    timer_.cancel();
    for (Awaited& one : awaited_) note(one.step, one.otherwise());
    awaited_.clear();
    next();
}

void Examination::recall_trigger() {
    if (trigger_.empty()) return next();
    ask({Operation::delete_trigger, {}, {}, {}, trigger_}, [this](const T8Answer& answer) {
        note("recall trigger", judge_resource_deletion(answer));
        next();
    });
}

}  // namespace scef::adapter::doctor
