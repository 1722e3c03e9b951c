#include "simulators/scef-simulator/simulator.h"

#include <utility>

#include "simulators/scef-simulator/behaviour.h"
#include "simulators/scef-simulator/control_service.h"
#include "simulators/scef-simulator/counters.h"
#include "simulators/scef-simulator/event_log.h"
#include "simulators/scef-simulator/faults.h"
#include "simulators/scef-simulator/host.h"
#include "simulators/scef-simulator/http_server.h"
#include "simulators/scef-simulator/modem_socket.h"
#include "simulators/scef-simulator/monitoring_service.h"
#include "simulators/scef-simulator/notifier.h"
#include "simulators/scef-simulator/t8_front.h"
#include "simulators/scef-simulator/t8_service.h"
#include "simulators/scef-simulator/token_service.h"
#include "simulators/scef-simulator/trigger_service.h"

namespace scef::scef_simulator {

/// Everything that runs, in the order in which it refers to what is above it.
class Simulator::Parts final : public Outside {
public:
    explicit Parts(const Settings& settings)
        : settings_(settings),
          behaviour_(*behaviour_of(settings_.profile)),
          faults_(settings_.seed),
          host_(settings_, *this, log_),
          notifier_(settings_.notifications, behaviour_, faults_, log_, counters_,
                    [this](const Notification& notification, NotificationOutcome outcome) {
                        host_.with([&](Scef& scef, const Turn& turn) {
                            scef.on_notification_ended(notification, outcome, turn);
                        });
                    }),
          modems_([this](const modem_link::Frame& frame) {
              host_.with_operator([&](SimulatedOperator& simulated, const Turn& turn) {
                  simulated.on_frame(frame, turn);
              });
          }),
          tokens_(settings_.oauth2),
          nidd_(settings_.base_path, host_),
          triggers_(host_),
          monitoring_(host_),
          t8_({&tokens_, &nidd_, &triggers_, &monitoring_}, tokens_, behaviour_, host_, faults_,
              log_, counters_),
          control_(host_, tokens_, faults_, log_, counters_),
          t8_server_([this](const HttpRequest& request) { return t8_.handle(request); },
                     settings_.threads),
          control_server_([this](const HttpRequest& request) { return control_.handle(request); },
                          settings_.threads, HttpServer::Lengths::optional) {}

    ~Parts() override { stop(); }

    void to_modem(modem_link::Frame frame) override { modems_.send(std::move(frame)); }
    void notify(Notification notification) override { notifier_.push(std::move(notification)); }

    Result<Ports> start() {
        if (!settings_.log_file.empty()) {
            const Status opened = log_.write_to(settings_.log_file);
            if (!opened) return tl::unexpected(opened.error());
        }
        const Status secured = t8_server_.secure(settings_.tls);
        if (!secured) return tl::unexpected(secured.error());
        faults_.add(settings_.faults);
        host_.start();
        notifier_.start();
        Ports ports;
        const Result<std::uint16_t> modem = modems_.start(settings_.modem_listen);
        if (!modem) return tl::unexpected(modem.error());
        const Result<std::uint16_t> control = control_server_.start(settings_.control);
        if (!control) return tl::unexpected(control.error());
        const Result<std::uint16_t> t8 = t8_server_.start(settings_.listen);
        if (!t8) return tl::unexpected(t8.error());
        ports.modem = *modem;
        ports.control = *control;
        ports.t8 = *t8;
        return ports;
    }

    void stop() {
        host_.stop();
        t8_server_.stop();
        control_server_.stop();
        notifier_.stop();
        modems_.stop();
    }

private:
    Settings settings_;
    const Behaviour& behaviour_;
    EventLog log_;
    Counters counters_;
    Faults faults_;
    Host host_;
    Notifier notifier_;
    ModemSocket modems_;
    TokenService tokens_;
    T8Service nidd_;
    TriggerService triggers_;
    MonitoringService monitoring_;
    T8Front t8_;
    ControlService control_;
    HttpServer t8_server_;
    HttpServer control_server_;
};

Simulator::Simulator(const Settings& settings) : parts_(std::make_unique<Parts>(settings)) {}

Simulator::~Simulator() = default;

Result<Ports> Simulator::start() { return parts_->start(); }

void Simulator::stop() { parts_->stop(); }

}  // namespace scef::scef_simulator
