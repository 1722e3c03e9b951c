#include "scef-adapter/doctor/doctor.h"

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

#include "lwm2m-core/vocabulary/log_fields.h"

namespace scef::adapter {
namespace {

WallTime wall_now() {
    return WallTime(
        std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch()));
}

/// What the destinations of all examinations begin with.
std::string destinations_of(const Config& config) {
    constexpr std::size_t shard_digits = 4;
    const std::string text = nidd::Capability{doctor_shard, 0, {}}.text();
    return config.notifications.public_url + "/t8/v1/notifications/" + text.substr(0, shard_digits);
}

}  // namespace

Doctor::Doctor(LiveConfig config, MakeClient make_client, std::unique_ptr<Random> random)
    : config_(std::move(config)),
      make_client_(std::move(make_client)),
      random_(std::move(random)),
      subjects_(config_->scefs.size()) {}

Doctor::~Doctor() { stop(); }

void Doctor::start() {
    thread_ = std::thread([this] {
        const auto guard = boost::asio::make_work_guard(context_);
        context_.run();
    });
}

void Doctor::stop() {
    context_.stop();
    if (thread_.joinable()) thread_.join();
}

void Doctor::examine(std::size_t scef, const ExternalId& device, Done done) {
    boost::asio::post(context_, [this, scef, device, done = std::move(done)] {
        if (subjects_.at(scef).examination) {
            return done(fail(Errc::conflict, "this SCEF is being examined already"));
        }
        done(begin(scef, device));
    });
}

doctor::Report Doctor::begin(std::size_t scef, const ExternalId& device) {
    Subject& subject = subjects_[scef];
    doctor::Patient patient;
    patient.scef = config_->scefs[scef];
    patient.external_id = device.text();
    patient.public_url = config_->notifications.public_url;
    patient.destinations = destinations_of(*config_.get());
    auto client = make_client_(context_, scef);
    if (!client) {
        doctor::Report report;
        report.scef = patient.scef.name;
        report.external_id = patient.external_id;
        report.started_at = wall_now();
        report.running = false;
        report.findings.push_back({"reach", doctor::Verdict::fails, client.error().message, {}});
        subject.last = report;
        return report;
    }
    subject.capability =
        nidd::Capability::make(doctor_shard, static_cast<std::uint32_t>(scef), *random_);
    patient.destination = patient.public_url + "/t8/v1/notifications/" + subject.capability.text();
    {
        const std::lock_guard lock(mutex_);
        subject.destination = patient.destination;
    }
    spdlog::info(
        "EXAMINATION_STARTED {}",
        LogFields().add("scef", patient.scef.name).add("device", patient.external_id).text());
    subject.examination = std::make_unique<doctor::Examination>(
        context_, std::move(*client), std::move(patient),
        doctor::Examination::Settings{listen_, wall_now}, *random_, [this, scef] { on_end(scef); });
    subject.examination->start();
    return subject.examination->report();
}

/// Called by the examination itself, which therefore outlives this call.
void Doctor::on_end(std::size_t scef) {
    boost::asio::post(context_, [this, scef] {
        Subject& subject = subjects_[scef];
        subject.last = subject.examination->report();
        subject.examination.reset();
        {
            const std::lock_guard lock(mutex_);
            subject.destination.clear();
        }
        const auto& findings = subject.last->findings;
        const auto failed =
            std::count_if(findings.begin(), findings.end(), [](const doctor::Finding& finding) {
                return finding.verdict == doctor::Verdict::fails;
            });
        spdlog::info("EXAMINATION_ENDED {}", LogFields()
                                                 .add("scef", subject.last->scef)
                                                 .add("findings", findings.size())
                                                 .add("failed", failed)
                                                 .text());
    });
}

void Doctor::report(std::size_t scef, Done done) {
    boost::asio::post(context_, [this, scef, done = std::move(done)] {
        const Subject& subject = subjects_.at(scef);
        if (subject.examination) return done(subject.examination->report());
        if (subject.last) return done(*subject.last);
        done(fail(Errc::not_found, "this SCEF was not examined since the adapter started"));
    });
}

void Doctor::notify(nidd::IncomingNotification notification,
                    std::function<void(nidd::NotificationVerdict)> reply) {
    boost::asio::post(
        context_, [this, notification = std::move(notification), reply = std::move(reply)] {
            const std::size_t scef = notification.capability.device;
            const bool proven = scef < subjects_.size() && subjects_[scef].examination &&
                                notification.capability.proves(subjects_[scef].capability);
            if (!proven) {
                return reply(nidd::NotificationVerdict::not_found(nidd::Unknown::capability));
            }
            reply({});
            subjects_[scef].examination->take(notification.body);
        });
}

bool Doctor::is_examining(std::string_view destination) const {
    const std::lock_guard lock(mutex_);
    return std::any_of(subjects_.begin(), subjects_.end(), [&](const Subject& subject) {
        return !subject.destination.empty() && subject.destination == destination;
    });
}

}  // namespace scef::adapter
