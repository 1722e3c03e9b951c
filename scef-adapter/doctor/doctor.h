#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "nidd/types/notification.h"
#include "scef-adapter/config/live_config.h"
#include "scef-adapter/doctor/doctor_access.h"
#include "scef-adapter/doctor/examination.h"

namespace scef::adapter {

/// The shard that the capabilities of examinations name: no shard of the engine has that number.
inline constexpr ShardId doctor_shard = 0xffff;

/// Examines SCEFs on a thread of its own, each at most once at a time, with a client and a
/// notification destination of its own. Keeps the last report of each SCEF. Thread-safe.
class Doctor final : public DoctorAccess {
public:
    /// Makes the client to a SCEF; its error becomes the report's finding.
    using MakeClient = std::function<Result<std::unique_ptr<nidd::T8Client>>(
        boost::asio::io_context&, std::size_t scef)>;

    Doctor(LiveConfig config, MakeClient make_client, std::unique_ptr<Random> random);
    ~Doctor() override;

    /// How long an examination listens for late reports; before `start` only.
    void listen_for(std::chrono::steady_clock::duration time) { listen_ = time; }
    void start();
    /// What an examination has made at the SCEF stays there: the audit of the next start finds it.
    void stop();

    void examine(std::size_t scef, const ExternalId& device, Done done) override;
    void report(std::size_t scef, Done done) override;

    /// A notification whose capability names `doctor_shard`: 204, or 404 if no examination that
    /// runs has this capability.
    void notify(nidd::IncomingNotification notification,
                std::function<void(nidd::NotificationVerdict)> reply);
    /// Whether a configuration with this destination belongs to an examination that runs.
    bool is_examining(std::string_view destination) const;

private:
    struct Subject {
        nidd::Capability capability;
        std::string destination;  ///< empty: no examination runs
        std::unique_ptr<doctor::Examination> examination;
        std::optional<doctor::Report> last;
    };

    doctor::Report begin(std::size_t scef, const ExternalId& device);
    void on_end(std::size_t scef);

    LiveConfig config_;
    MakeClient make_client_;
    std::unique_ptr<Random> random_;
    std::chrono::steady_clock::duration listen_ = std::chrono::seconds(10);
    boost::asio::io_context context_{1};
    std::vector<Subject> subjects_;
    mutable std::mutex mutex_;  ///< guards `destination` of the subjects, which others read
    std::thread thread_;
};

}  // namespace scef::adapter
