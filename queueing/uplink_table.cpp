#include "queueing/uplink_table.h"

#include <array>

namespace scef::queueing {
namespace {

using enum UplinkState;
using Event = UplinkEvent;
using Action = UplinkAction;

using States = StateSet<UplinkState>;

constexpr States any = States({sending, acknowledged, waiting});

bool always(const Uplink&, const UplinkContext&) { return true; }
bool is_request(const Uplink& uplink, const UplinkContext&) {
    return uplink.kind == UplinkKind::request;
}
bool is_stale(const Uplink&, const UplinkContext& context) { return context.stale; }
bool is_late_request(const Uplink& uplink, const UplinkContext& context) {
    return uplink.kind == UplinkKind::request && context.late;
}
bool is_registration(const Uplink& uplink, const UplinkContext&) {
    return lwm2m::is_registration(uplink.operation);
}
bool is_told_registration(const Uplink& uplink, const UplinkContext& context) {
    return context.tells_of_outage && lwm2m::is_registration(uplink.operation);
}
bool is_superseded(const Uplink& uplink, const UplinkContext&) { return uplink.superseded; }
/// A server that has not acknowledged a registration may be down; then the device shall ask again.
bool may_tell_slow(const Uplink& uplink, const UplinkContext&) {
    return uplink.kind == UplinkKind::request &&
           (uplink.state == acknowledged || !lwm2m::is_registration(uplink.operation));
}

template <Action... actions>
constexpr std::array<Action, sizeof...(actions)> list{actions...};

constexpr std::optional<UplinkState> stay = std::nullopt;

/// Rows are tried from top to bottom. Numbers: docs/exchanges.md.
constexpr std::array rows{
    // What the server says.
    UplinkRow{"U9", any, Event::answered, is_stale, stay,
              list<Action::count_stale, Action::learn, Action::end>},
    UplinkRow{"U3", any, Event::answered, always, stay,
              list<Action::answer_device, Action::learn, Action::end>},
    UplinkRow{"U3 slow custody", States({sending, waiting}), Event::acknowledged, is_late_request,
              acknowledged, list<Action::acknowledge_device>},
    UplinkRow{"U3 custody",
              States({sending, waiting}),
              Event::acknowledged,
              is_request,
              acknowledged,
              {}},
    UplinkRow{"U9 notify", States({sending, waiting}), Event::acknowledged, is_stale, stay,
              list<Action::count_stale, Action::end>},
    UplinkRow{"U6", States({sending, waiting}), Event::acknowledged, always, stay,
              list<Action::acknowledge_device, Action::end>},
    UplinkRow{"U8 request", any, Event::reset, is_request, stay,
              list<Action::reset_device, Action::end>},
    UplinkRow{"U8", any, Event::reset, always, stay,
              list<Action::end_observation, Action::reset_device, Action::end>},

    // A server that is slow or silent.
    UplinkRow{"U3 slow", States({sending, acknowledged}), Event::slow, may_tell_slow, stay,
              list<Action::acknowledge_device>},
    UplinkRow{"U4 told", States({sending}), Event::copies_over, is_told_registration, stay,
              list<Action::count_unanswered, Action::refuse_device, Action::end>},
    UplinkRow{"U4 registration", States({sending}), Event::copies_over, is_registration, stay,
              list<Action::count_unanswered, Action::end>},
    UplinkRow{"U7 sent long enough", States({sending}), Event::copies_over, is_superseded, stay,
              list<Action::count_unanswered, Action::end>},
    UplinkRow{"U4", States({sending}), Event::copies_over, always, waiting, list<Action::back_off>},
    UplinkRow{"U4 again", States({waiting}), Event::retry_due, always, sending,
              list<Action::transmit>},
    UplinkRow{"U4 back", States({waiting}), Event::server_spoke, always, sending,
              list<Action::transmit>},
    UplinkRow{"U4 told over", any, Event::expired, is_told_registration, stay,
              list<Action::count_unanswered, Action::refuse_device, Action::end>},
    UplinkRow{"U4 over", any, Event::expired, always, stay,
              list<Action::count_unanswered, Action::end>},

    // Order of notifications; opaque octets.
    UplinkRow{"U7", States({waiting}), Event::superseded, always, stay, list<Action::end>},
    UplinkRow{"U7 being sent", States({sending}), Event::superseded, always, stay,
              list<Action::mark_superseded>},
    UplinkRow{"opaque", States({sending}), Event::sent, always, stay, list<Action::end>},
};

}  // namespace

const UplinkRow* find_row(const Uplink& uplink, UplinkEvent event, const UplinkContext& context) {
    for (const UplinkRow& row : rows) {
        if (row.event == event && row.from.contains(uplink.state) && row.guard(uplink, context)) {
            return &row;
        }
    }
    return nullptr;
}

std::span<const UplinkRow> uplink_table() { return rows; }

}  // namespace scef::queueing
