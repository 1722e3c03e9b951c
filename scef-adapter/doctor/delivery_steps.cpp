#include "lwm2m-core/coap/codec.h"
#include "scef-adapter/doctor/examination.h"

/// The deliveries of an examination (TS 29.122 4.4.5.3). What goes over the air does no harm.
namespace scef::adapter::doctor {
namespace {

using nidd::T8Answer;
using nidd::T8Request;

constexpr std::uint32_t latency = 60;       ///< seconds that the SCEF may buffer
constexpr std::uint32_t short_latency = 2;  ///< and when the end of that is to be seen

/// Four octets that a CoAP endpoint answers with a Reset and otherwise forgets (RFC 7252 4.3).
Bytes ping(std::uint16_t message_id) {
    coap::Message message;
    message.type = coap::Type::confirmable;
    message.message_id = message_id;
    return coap::serialize(message);
}

/// A non-confirmable message of a reserved class, which nobody may answer (RFC 7252 4.3).
Bytes ignored(std::uint16_t message_id, std::size_t octets) {
    Bytes frame(octets, 0);
    frame[0] = 0x50;
    frame[1] = 0xe1;
    frame[2] = static_cast<std::uint8_t>(message_id >> 8);
    frame[3] = static_cast<std::uint8_t>(message_id);
    return frame;
}

/// The notification if it tells of this delivery.
const nidd::NiddDownlinkDataDeliveryStatusNotification* status_of(const nidd::Notification& heard,
                                                                  const std::string& transfer_id) {
    const auto* status = std::get_if<nidd::NiddDownlinkDataDeliveryStatusNotification>(&heard);
    if (status == nullptr) return nullptr;
    const auto link = nidd::transfer_link_of(status->nidd_downlink_data_transfer);
    return link && link->transfer_id == transfer_id ? status : nullptr;
}

}  // namespace

/// `octets` 0: a ping.
std::string Examination::transfer_json(std::uint32_t maximum_latency, std::size_t octets) {
    const auto message_id = static_cast<std::uint16_t>(random_.below(0x10000));
    nidd::NiddDownlinkDataTransfer transfer;
    transfer.external_id = patient_.external_id;
    transfer.data = octets == 0 ? ping(message_id) : ignored(message_id, octets);
    transfer.maximum_latency = maximum_latency;
    return nidd::to_json(transfer);
}

/// Deletes what the SCEF buffered although it should not, and goes on.
void Examination::drop(const std::string& transfer_id) {
    if (transfer_id.empty()) return next();
    ask(
        Operation::delete_delivery, [this](const T8Answer&) { next(); }, {}, transfer_id);
}

void Examination::deliver_now() {
    if (!may_deliver("deliver now")) return next();
    ask(
        Operation::create_delivery,
        [this](const T8Answer& answer) {
            const auto& profile = patient_.scef.profile;
            note("deliver now", judge_delivery_now(answer, configuration_, profile));
            drop(nidd::classify_delivery(answer, configuration_, profile).transfer_id);
        },
        transfer_json(0));
}

void Examination::deliver_later() {
    if (!may_deliver("deliver later")) return next();
    ask(
        Operation::create_delivery,
        [this](const T8Answer& answer) {
            const auto& profile = patient_.scef.profile;
            Judged judged = judge_delivery_later(answer, configuration_, profile);
            transfer_ = nidd::classify_delivery(answer, configuration_, profile).transfer_id;
            if (judged.verdict == Verdict::skipped) nothing_buffered_ = "the device was awake";
            note("deliver later", std::move(judged));
            next();
        },
        transfer_json(latency));
}

bool Examination::has_buffered(const std::string& step) {
    if (!transfer_.empty()) return true;
    if (!configuration_.empty()) note(step, {Verdict::skipped, nothing_buffered_});
    return false;
}

void Examination::read_delivery() {
    if (!has_buffered("read delivery")) return next();
    ask(
        Operation::read_delivery,
        [this](const T8Answer& answer) {
            note("read delivery", judge_delivery_read(answer));
            next();
        },
        {}, transfer_);
}

void Examination::list_deliveries() {
    if (!has_buffered("list deliveries")) return next();
    ask(Operation::list_deliveries, [this](const T8Answer& answer) {
        note("list deliveries", judge_delivery_list(answer, transfer_));
        next();
    });
}

void Examination::replace_delivery() {
    if (!has_buffered("replace delivery")) return next();
    ask(
        Operation::replace_delivery,
        [this](const T8Answer& answer) {
            note("replace delivery", judge_delivery_change(answer, "replaced by PUT"));
            next();
        },
        transfer_json(latency), transfer_);
}

void Examination::change_delivery() {
    if (!has_buffered("change delivery")) return next();
    ask(
        Operation::patch_delivery,
        [this](const T8Answer& answer) {
            note("change delivery", judge_delivery_change(answer, "changed by PATCH"));
            next();
        },
        R"({"maximumLatency":)" + std::to_string(latency) + '}', transfer_);
}

void Examination::cancel_delivery() {
    if (!has_buffered("cancel delivery")) return next();
    const auto on_answer = [this](const T8Answer& answer) {
        note("cancel delivery", judge_delivery_change(answer, "canceled by DELETE"));
        const auto judge = [id = transfer_](const auto& heard) -> std::optional<Judged> {
            const auto* status = status_of(heard, id);
            if (status == nullptr) return {};
            return Judged{Verdict::works, status->delivery_status.text + " is notified"};
        };
        const auto otherwise = [] {
            return Judged{Verdict::works, "none is notified; the answer to DELETE is the end"};
        };
        await({"status after cancel", judge, otherwise, false});
        next();
    };
    ask(Operation::delete_delivery, on_answer, {}, transfer_);
}

/// A delivery that the SCEF may keep for two seconds only: how its end is told.
void Examination::let_expire() {
    if (!has_buffered("delivery status")) return next();
    const auto on_answer = [this](const T8Answer& answer) {
        const auto outcome = nidd::classify_delivery(answer, configuration_, patient_.scef.profile);
        if (outcome.transfer_id.empty()) {
            note("delivery status", {Verdict::skipped, told(answer) + ": nothing to wait for"});
            return next();
        }
        took_ = {};
        const auto judge = [id = outcome.transfer_id](const auto& heard) -> std::optional<Judged> {
            const auto* status = status_of(heard, id);
            if (status == nullptr) return {};
            return judge_delivery_status(*status);
        };
        const auto otherwise = [] {
            return Judged{Verdict::lacks,
                          "none came, though the delivery might be kept for 2 s "
                          "only; the adapter will ask by itself"};
        };
        await({"delivery status", judge, otherwise});
        next();
    };
    ask(Operation::create_delivery, on_answer, transfer_json(short_latency));
}

void Examination::deliver_too_much() {
    if (!may_deliver("too large")) return next();
    if (!traits_.packet_bits) {
        note("too large", {Verdict::skipped, "no maximumPacketSize is known"});
        return next();
    }
    constexpr std::size_t octets_max = 65536;
    const std::size_t octets = *traits_.packet_bits / 8 + 1;
    if (octets < 4 || octets > octets_max) {
        note("too large", {Verdict::skipped, "maximumPacketSize is no size that can be tried"});
        return next();
    }
    ask(
        Operation::create_delivery,
        [this](const T8Answer& answer) {
            const auto& profile = patient_.scef.profile;
            note("too large", judge_too_large(answer, configuration_, profile));
            drop(nidd::classify_delivery(answer, configuration_, profile).transfer_id);
        },
        transfer_json(0, octets));
}

void Examination::deliver_nowhere() {
    const std::string nobodys = "doctor-" + std::to_string(random_.below(1'000'000'000));
    ask({Operation::create_delivery, nobodys, {}, transfer_json(0)},
        [this](const T8Answer& answer) {
            note("unknown configuration", judge_unknown(answer, patient_.scef.profile));
            next();
        });
}

}  // namespace scef::adapter::doctor
