#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "nidd/types/notification.h"
#include "nidd/types/t8_exchange.h"
#include "tests/flow/model_device.h"

namespace scef::flow {

/// A complete HTTP response.
nidd::T8Answer http(int status, std::string body = {}, std::string location = {});
/// A call that ended without one.
nidd::T8Answer no_answer(nidd::T8Answer::Transport transport);

/// A SCEF with the radio network behind it: NIDD configurations, deliveries that reach a connected
/// device at once and are buffered for a sleeping one, status notifications, and faults on demand.
class ModelScef {
public:
    explicit ModelScef(Bus& bus) : bus_(bus) {}

    void attach(ModelDevice& device);
    /// The call as the SCEF sees it; `done` gets the answer.
    void call(const nidd::T8Request& request, std::function<void(nidd::T8Answer)> done);

    struct Fault {
        int status = 0;  ///< 0: by `transport`
        std::string cause;
        nidd::T8Answer::Transport transport = nidd::T8Answer::Transport::answered;
        bool takes_it = false;  ///< the frame is delivered or buffered all the same
        std::optional<Duration> retry_after;
        std::optional<Duration> retransmit_in;             ///< NiddDownlinkDataDeliveryFailure
        bool without_location = false;                     ///< 201 that nobody can follow
        Duration delay{};                                  ///< until the answer
        std::function<void(nidd::T8Answer&)> change = {};  ///< a last touch to the answer
        std::string body = {};                             ///< instead of one with `cause`
    };
    void answers_next_delivery_with(Fault fault) { faults_.push_back(std::move(fault)); }
    /// `takes_it`: the frame takes the place of what is buffered all the same.
    void answers_next_put_with(Fault fault) { put_faults_.push_back(std::move(fault)); }
    /// The next call of that operation gets this answer, and nothing is done.
    void answers_next(nidd::T8Request::Operation operation, nidd::T8Answer answer) {
        scripted_[operation].push_back(std::move(answer));
    }
    void tell_status(const std::string& transfer, const std::string& status,
                     std::optional<Duration> retransmit_in = {});
    void tell_configuration(const std::string& status);
    /// Anything else, to the destination of that device's configuration.
    void tell(const std::string& external_id, nidd::Notification body);
    void deliver_buffered(const std::string& external_id);
    /// What the list of configurations says.
    std::vector<nidd::NiddConfiguration> list() const;
    /// A configuration that no device of the adapter stands behind.
    std::string add_configuration(const std::string& external_id, std::string destination);
    /// The adapter's verdict; what got none is told again by `repeat_notifications`.
    void on_verdict(adapter::ReplyId reply, int status);
    void repeat_notifications();
    void forget_configurations() {
        configurations_.clear();
        transfers_.clear();
    }

    struct Transfer {
        std::string configuration;
        std::string external_id;
        Bytes data;
        WallTime expires_at;
        std::optional<nidd::RdsPort> ports;
    };
    std::vector<nidd::RdsPort> ports_of(const std::string& external_id) const;
    const std::map<std::string, Transfer>& transfers() const { return transfers_; }
    std::size_t configurations() const { return configurations_.size(); }

    std::map<std::string, bool> connected;  ///< by External Identifier
    bool refuses_configurations = false;
    bool list_fails = false;
    bool read_fails = false;      ///< of a single delivery
    Duration read_takes{};        ///< from a GET of a delivery to its answer
    Duration connection_takes{};  ///< how long the adapter's client has none for a POST or PUT
    bool patch_fails = false;
    bool delete_is_too_late = false;
    bool refuses_duplicates = false;    ///< a second configuration of a device is 409
    bool creates_without_word = false;  ///< creations get no answer
    std::function<void(nidd::T8Answer&)> changes_creation;  ///< a last touch to a 201
    int trigger_status = 201, subscription_status = 201;
    std::string subscription_body;   ///< of a 200: the immediate report
    std::optional<Duration> grants;  ///< lifetime of a configuration, when not as asked
    std::uint32_t packet_bits = 0;
    int posts = 0, renewals = 0, creations = 0, withdrawals = 0;
    std::map<nidd::T8Request::Operation, int> calls;
    std::vector<int> verdicts;  ///< what the adapter answered to notifications
    int puts = 0, reads = 0;
    std::vector<nidd::NiddDownlinkDataTransfer> posted;
    std::vector<std::string> triggers, subscriptions;  ///< bodies

private:
    struct Configuration {
        std::string external_id;
        std::string destination;
        nidd::Capability capability;
        std::vector<nidd::RdsPort> ports;
    };
    void serve(const nidd::T8Request& request, std::function<void(nidd::T8Answer)> done);
    nidd::T8Answer answer(const nidd::T8Request& request, Duration& delay);
    nidd::T8Answer create(const nidd::T8Request& request);
    nidd::T8Answer list_transfers(const nidd::T8Request& request) const;
    nidd::T8Answer post(const nidd::T8Request& request, Duration& delay);
    nidd::T8Answer replace(const nidd::T8Request& request, Duration& delay);
    nidd::T8Answer read(const nidd::T8Request& request);
    nidd::T8Answer wrong(const Fault& fault) const;
    nidd::T8Answer faulty(const Fault& fault, const std::string& configuration,
                          const nidd::NiddDownlinkDataTransfer& transfer);
    nidd::T8Answer accept(const std::string& configuration,
                          const nidd::NiddDownlinkDataTransfer& transfer);
    void on_air(const std::string& external_id, const Bytes& data,
                std::optional<nidd::RdsPort> ports);
    void notify(const std::string& configuration, nidd::Notification body);
    void uplink(const std::string& external_id, Bytes data, std::optional<nidd::RdsPort> ports);
    std::string link(const std::string& configuration, const std::string& transfer = "") const;

    Bus& bus_;
    std::map<std::string, ModelDevice*> devices_;
    std::map<std::string, Configuration> configurations_;
    std::map<std::string, Transfer> transfers_;
    std::deque<Fault> faults_, put_faults_;
    std::map<nidd::T8Request::Operation, std::deque<nidd::T8Answer>> scripted_;
    int next_ = 1;
    std::map<adapter::ReplyId, adapter::ScefNotification> untold_;
    adapter::ReplyId next_reply_ = 1'000'000;
};

}  // namespace scef::flow
