#include "scef-adapter/doctor/examination.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "nidd/types/hidden.h"

namespace scef::adapter::doctor {
namespace {

using nidd::T8Answer;
using nidd::T8Request;

constexpr std::size_t heard_max = 64;  ///< notifications kept for who awaits them later
constexpr Duration renewal = std::chrono::minutes(5);

constexpr const char* no_configuration = "there is no configuration";

std::string way_to(const ScefConfig& scef) {
    std::string way = scef.api_root.starts_with("https://") ? "HTTPS" : "HTTP without TLS";
    if (!scef.tls.certificate_file.empty()) way += ", our certificate";
    return way + (scef.oauth2 ? ", OAuth 2.0 token" : ", no token");
}

std::vector<nidd::Feature> all_features() {
    std::vector<nidd::Feature> features;
    for (std::size_t i = 0; i < nidd::feature_count; ++i) {
        features.push_back(static_cast<nidd::Feature>(i));
    }
    return features;
}

}  // namespace

Examination::Examination(boost::asio::io_context& context, std::unique_ptr<nidd::T8Client> client,
                         Patient patient, Settings settings, Random& random,
                         std::function<void()> on_end)
    : timer_(context),
      patient_(std::move(patient)),
      settings_(std::move(settings)),
      random_(random),
      on_end_(std::move(on_end)),
      client_(std::move(client)) {
    report_.scef = patient_.scef.name;
    report_.external_id = patient_.external_id;
    report_.started_at = settings_.wall();
    using E = Examination;
    steps_ = {&E::reach,
              &E::clear_leftovers,
              &E::create,
              &E::read,
              &E::list,
              &E::renew,
              &E::create_second,
              &E::deliver_now,
              &E::deliver_later,
              &E::read_delivery,
              &E::list_deliveries,
              &E::replace_delivery,
              &E::change_delivery,
              &E::cancel_delivery,
              &E::let_expire,
              &E::deliver_too_much,
              &E::deliver_nowhere,
              &E::list_ports,
              &E::trigger,
              &E::watch_reachability,
              &E::watch_availability,
              &E::listen,
              &E::recall_trigger,
              &E::remove,
              &E::confirm_gone};
}

void Examination::start() { next(); }

void Examination::next() {
    if (next_step_ == steps_.size()) return end();
    (this->*steps_[next_step_++])();
}

void Examination::end() {
    if (uplinks_ > 0) {
        note("uplink", {Verdict::works, std::to_string(uplinks_) +
                                            " came from the device meanwhile, and went nowhere"});
    }
    report_.advice = advice_for(patient_.scef, patient_.public_url, report_.findings, traits_);
    const bool failed_at_once = report_.findings.size() == 1;
    if (failed_at_once) report_.advice.clear();
    report_.running = false;
    on_end_();
}

void Examination::ask(T8Request request, const Then& then) {
    const auto asked_at = std::chrono::steady_clock::now();
    client_->submit(request, [this, then, request, asked_at](const T8Answer& answer) {
        took_ = std::chrono::steady_clock::now() - asked_at;
        traits_.learn(request, answer);
        then(answer);
    });
}

void Examination::ask(Operation operation, const Then& then, std::string body,
                      std::string transfer_id) {
    ask({operation, configuration_, std::move(transfer_id), std::move(body)}, then);
}

void Examination::note(const std::string& step, Judged judged) {
    const auto took = std::exchange(took_, {});
    const std::string_view destination = patient_.destination;
    const std::string_view capability = destination.substr(destination.rfind('/') + 1);
    report_.findings.push_back({step, judged.verdict,
                                nidd::hidden(std::move(judged.detail), capability),
                                std::chrono::ceil<std::chrono::milliseconds>(took)});
}

// ---- Notifications

void Examination::take(const nidd::Notification& notification) {
    traits_.notified = true;
    if (std::holds_alternative<nidd::NiddUplinkDataNotification>(notification)) {
        ++uplinks_;
        return;
    }
    if (heard_.size() < heard_max) heard_.push_back(notification);
    const auto took = std::exchange(took_, {});  // it belongs to no call
    for (auto one = awaited_.begin(); one != awaited_.end(); ++one) {
        auto judged = one->judge(notification);
        if (!judged) continue;
        note(one->step, std::move(*judged));
        awaited_.erase(one);
        break;
    }
    took_ = took;
    if (listening_) end_listening();
}

/// It may have come already: before the answer to the call that causes it.
void Examination::await(Awaited awaited) {
    for (const nidd::Notification& notification : heard_) {
        if (auto judged = awaited.judge(notification)) return note(awaited.step, *judged);
    }
    awaited_.push_back(std::move(awaited));
}

void Examination::await_test_notification() {
    await({"test notification",
           [](const nidd::Notification& notification) -> std::optional<Judged> {
               if (!std::holds_alternative<nidd::TestNotification>(notification)) return {};
               return Judged{Verdict::works, "it came: the SCEF reaches us"};
           },
           [this] { return judge_no_test_notification(traits_.notified); }});
}

// ---- The SCEF and its configurations

void Examination::reach() {
    ask(Operation::list_configurations, [this](const T8Answer& answer) {
        const Judged judged = judge_reach(answer, way_to(patient_.scef));
        const bool hopeless = judged.verdict == Verdict::fails;
        note("reach", judged);
        if (hopeless) return end();
        note("clock", judge_clock(answer, settings_.wall()));
        for (const Listed& one : listed_in(answer)) {
            if (one.external_id == patient_.external_id &&
                one.destination.starts_with(patient_.destinations)) {
                leftovers_.push_back(one.id);
            }
        }
        next();
    });
}

/// What an examination that was killed left behind would look like the device's configuration.
void Examination::clear_leftovers() {
    if (leftovers_.empty()) return next();
    const std::string id = std::move(leftovers_.back());
    leftovers_.pop_back();
    ask({Operation::delete_configuration, id, {}, {}}, [this](const T8Answer& answer) {
        Judged judged = judge_deletion(answer);
        judged.detail = "a configuration of an earlier examination was deleted: " + judged.detail;
        note("clean up", std::move(judged));
        clear_leftovers();
    });
}

nidd::NiddConfiguration Examination::wanted_configuration() const {
    const auto& wanted = patient_.scef.configuration;
    nidd::NiddConfiguration asked;
    asked.supported_features = nidd::features_text(patient_.scef.profile, all_features());
    asked.external_id = patient_.external_id;
    asked.duration = std::chrono::floor<std::chrono::seconds>(settings_.wall() + wanted.duration);
    asked.reliable_data_service = wanted.reliable_data_service;
    asked.pdn_establishment_option = wanted.pdn_establishment_option;
    asked.notification_destination = patient_.destination;
    return asked;
}

void Examination::create() {
    nidd::NiddConfiguration asked = wanted_configuration();
    asked.request_test_notification = true;
    ask({Operation::create_configuration, {}, {}, nidd::to_json(asked)},
        [this, asked](const T8Answer& answer) { on_created(asked, answer); });
}

void Examination::on_created(const nidd::NiddConfiguration& asked, const T8Answer& answer) {
    const auto& profile = patient_.scef.profile;
    const auto outcome = nidd::classify_configuration(answer, profile);
    note("create", judge_creation(answer, profile));
    if (!has_status(answer, {200, 201})) return next();
    configuration_ = outcome.configuration_id;
    const auto& kept = outcome.configuration;
    traits_.packet_bits = kept.maximum_packet_size;
    if (kept.duration && *kept.duration + std::chrono::seconds(2) < *asked.duration) {
        traits_.granted =
            std::chrono::round<std::chrono::seconds>(*kept.duration - settings_.wall());
    }
    for (auto& [step, judged] : judge_configuration(answer, asked, profile, settings_.wall())) {
        note(step, std::move(judged));
    }
    await_test_notification();
    next();
}

void Examination::read() {
    if (configuration_.empty()) return next();
    ask(Operation::read_configuration, [this](const T8Answer& answer) {
        note("read", judge_read(answer, configuration_));
        next();
    });
}

/// Also finds what a creation made that was not answered well.
void Examination::list() {
    ask(Operation::list_configurations, [this](const T8Answer& answer) {
        if (configuration_.empty()) {
            for (const Listed& one : listed_in(answer)) {
                if (one.destination == patient_.destination) configuration_ = one.id;
            }
        }
        if (configuration_.empty() && has_status(answer, {200})) {
            note("list", {Verdict::skipped, no_configuration});
        } else {
            note("list", judge_list(answer, configuration_));
        }
        next();
    });
}

void Examination::renew() {
    if (!may_deliver("renew")) return next();
    const std::string patch =
        nidd::configuration_patch_json(*wanted_configuration().duration - renewal);
    ask(
        Operation::patch_configuration,
        [this](const T8Answer& answer) {
            if (has_status(answer, {400, 415})) return renew_plainly();
            note("renew", judge_renewal(answer, false));
            next();
        },
        patch);
}

/// Some take a merge patch only under another name.
void Examination::renew_plainly() {
    T8Request request{Operation::patch_configuration,
                      configuration_,
                      {},
                      nidd::configuration_patch_json(*wanted_configuration().duration - renewal)};
    request.media_type = "application/json";
    ask(std::move(request), [this](const T8Answer& answer) {
        note("renew", judge_renewal(answer, true));
        next();
    });
}

void Examination::create_second() {
    if (!may_deliver("second create")) return next();
    ask({Operation::create_configuration, {}, {}, nidd::to_json(wanted_configuration())},
        [this](const T8Answer& answer) {
            const auto& profile = patient_.scef.profile;
            note("second create", judge_second_creation(answer, configuration_, profile));
            const auto second = nidd::classify_configuration(answer, profile).configuration_id;
            if (second.empty() || second == configuration_) return next();
            ask({Operation::delete_configuration, second, {}, {}}, [this](const T8Answer& ended) {
                Judged judged = judge_deletion(ended);
                if (judged.verdict == Verdict::fails) note("second delete", std::move(judged));
                next();
            });
        });
}

void Examination::remove() {
    if (!may_deliver("delete")) return next();
    ask(Operation::delete_configuration, [this](const T8Answer& answer) {
        note("delete", judge_deletion(answer));
        next();
    });
}

void Examination::confirm_gone() {
    if (configuration_.empty()) return next();
    ask(Operation::read_configuration, [this](const T8Answer& answer) {
        note("gone", judge_gone(answer));
        next();
    });
}

/// Whether there is a configuration for this step.
bool Examination::may_deliver(const std::string& step) {
    if (!configuration_.empty()) return true;
    note(step, {Verdict::skipped, no_configuration});
    return false;
}

}  // namespace scef::adapter::doctor
