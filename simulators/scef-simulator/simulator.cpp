#include "simulators/scef-simulator/simulator.h"

#include <utility>

#include "simulators/scef-simulator/control_service.h"
#include "simulators/scef-simulator/counters.h"
#include "simulators/scef-simulator/event_log.h"
#include "simulators/scef-simulator/faults.h"
#include "simulators/scef-simulator/host.h"
#include "simulators/scef-simulator/http_server.h"
#include "simulators/scef-simulator/modem_socket.h"
#include "simulators/scef-simulator/notifier.h"
#include "simulators/scef-simulator/t8_service.h"

namespace scef::scef_simulator {

/// Everything that runs, in the order in which it refers to what is above it.
class Simulator::Parts final : public Outside {
public:
    explicit Parts(const Settings& settings)
        : settings_(settings),
          host_(settings_, *this, log_),
          notifier_(settings_.notifications, faults_, log_, counters_,
                    [this](const Notification& notification, NotificationOutcome outcome) {
                        host_.with([&](Scef& scef, const Turn& turn) {
                            scef.on_notification_ended(notification, outcome, turn);
                        });
                    }),
          modems_([this](const modem_link::Frame& frame) {
              host_.with([&](Scef& scef, const Turn& turn) { scef.on_frame(frame, turn); });
          }),
          t8_(settings_.base_path, host_, faults_, log_, counters_),
          control_(host_, faults_, log_, counters_),
          t8_server_([this](const HttpRequest& request) { return t8_.handle(request); },
                     settings_.threads),
          control_server_([this](const HttpRequest& request) { return control_.handle(request); },
                          settings_.threads) {}

    ~Parts() override { stop(); }

    void to_modem(modem_link::Frame frame) override { modems_.send(std::move(frame)); }
    void notify(Notification notification) override { notifier_.push(std::move(notification)); }

    Result<Ports> start() {
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
    EventLog log_;
    Counters counters_;
    Faults faults_;
    Host host_;
    Notifier notifier_;
    ModemSocket modems_;
    T8Service t8_;
    ControlService control_;
    HttpServer t8_server_;
    HttpServer control_server_;
};

Simulator::Simulator(const Settings& settings) : parts_(std::make_unique<Parts>(settings)) {}

Simulator::~Simulator() = default;

Result<Ports> Simulator::start() { return parts_->start(); }

void Simulator::stop() { parts_->stop(); }

}  // namespace scef::scef_simulator
