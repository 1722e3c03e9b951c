#pragma once

#include <optional>
#include <vector>

#include "lwm2m-core/client/attributes.h"
#include "lwm2m-core/client/operations.h"
#include "lwm2m-core/coap/message.h"
#include "lwm2m-core/vocabulary/turn.h"

namespace scef::client {

/// The observations of one server (RFC 7641, LwM2M Core TS 6.4): which notifications are due when,
/// by change, pmin, pmax, gt, lt, st and epmin. A change is evaluated when it happens, so nothing
/// is left for epmax to hurry. A value that has returned to what was last notified when pmin is
/// over is no news. At most 32; more are answered without being kept.
class Notifier {
public:
    Notifier(const ObjectModel& model, const Attributes& attributes, const Operations& operations,
             bool confirmable)
        : model_(model),
          attributes_(attributes),
          operations_(operations),
          confirmable_(confirmable) {}

    /// The instance of the Server object that has the default periods.
    void set_server_instance(std::uint16_t instance) { server_instance_ = instance; }

    /// Adds the observation or, with a known token, renews it; the value is that of the answer's
    /// Observe option. Nothing if there are too many.
    std::optional<std::uint32_t> observe(const coap::Message& request, std::vector<Path> paths,
                                         Instant now);
    bool cancel(const coap::Token& token);
    /// The peer reset the notification with this message id (RFC 7641 3.6).
    bool cancel_by_message_id(std::uint16_t message_id);
    void remove_below(const Path& path);
    void clear() { observations_.clear(); }
    std::size_t size() const { return observations_.size(); }
    /// The paths of each observation, for people.
    std::vector<std::vector<Path>> observed() const;

    void on_changed(const Path& path, Instant now);
    Instant due() const;
    /// The notifications that are due, without message id; the caller sets it and tells it by
    /// `on_sent`.
    std::vector<coap::Message> take_due(Instant now);
    void on_sent(const coap::Token& token, std::uint16_t message_id);

private:
    /// One of the paths of an observation.
    struct Target {
        Path path;
        std::optional<double> reported;  ///< of a single number, as last notified
        bool is_touched = false;         ///< changed since then
    };
    struct Observation {
        coap::Token token;
        std::vector<Target> targets;
        std::optional<std::uint32_t> accept;
        std::uint32_t sequence = 0;
        std::uint16_t last_message_id = 0;
        bool has_message_id = false;
        bool is_unevaluated = false;  ///< epmin holds an evaluation back
        bool is_pending = false;      ///< something is to be told, once pmin is over
        bool is_gone = false;
        Instant last_sent;
        Instant last_evaluated;
        Instant last_confirmable;
    };
    struct Periods {
        Duration pmin{}, pmax{}, epmin{};  ///< pmax 0: none
    };

    Periods periods(const Observation& observation) const;
    std::optional<double> number_at(const Path& path) const;
    bool is_news(const Observation& observation) const;
    void evaluate(Observation& observation, Instant now);
    Instant due(const Observation& observation) const;
    bool is_due(Observation& observation, Instant now);
    bool is_confirmable(const Observation& observation, Instant now) const;
    coap::Message notification(Observation& observation, Instant now);

    const ObjectModel& model_;
    const Attributes& attributes_;
    const Operations& operations_;
    bool confirmable_;
    std::uint16_t server_instance_ = 0;
    std::vector<Observation> observations_;
};

}  // namespace scef::client
