#include "queueing/server_leg_table.h"

#include <array>

namespace scef::queueing {
namespace {

using enum ServerLeg;
using Event = ServerEvent;
using Action = ServerAction;

using States = StateSet<ServerLeg>;

bool always(const ServerExchange&, const ServerContext&) { return true; }
bool confirmable(const ServerExchange& exchange, const ServerContext&) {
    return exchange.confirmable;
}
bool unwanted(const ServerExchange&, const ServerContext& context) { return context.unwanted; }
bool patient(const ServerExchange&, const ServerContext& context) { return context.patient; }
bool untold(const ServerExchange&, const ServerContext& context) {
    return context.unwanted || context.silent;
}

template <Action... actions>
constexpr std::array<Action, sizeof...(actions)> list{actions...};

constexpr std::optional<ServerLeg> stay = std::nullopt;
constexpr States settled = States({responding, done, gone});

/// Rows are tried from top to bottom. Numbers: docs/exchanges.md.
constexpr std::array rows{
    // Custody.
    ServerRow{"D7", States({open}), Event::custody_due, always, acknowledged,
              list<Action::acknowledge>},
    ServerRow{"D1 patient", States({open}), Event::asked_again, patient, stay, {}},
    ServerRow{"D1 custody", States({open}), Event::asked_again, always, acknowledged,
              list<Action::acknowledge>},
    ServerRow{"D1", States({acknowledged, responding, done, gone}), Event::asked_again, confirmable,
              stay, list<Action::acknowledge>},

    // A response, the device's or ours.
    ServerRow{"D10 unwanted", States({open}), Event::answered, unwanted, done,
              list<Action::acknowledge>},
    ServerRow{"D10", States({open}), Event::answered, always, done, list<Action::piggyback>},
    ServerRow{"D11 unwanted", States({acknowledged}), Event::answered, unwanted, done, {}},
    ServerRow{"D11", States({acknowledged}), Event::answered, confirmable, responding,
              list<Action::respond>},
    ServerRow{"D20 answer", States({acknowledged}), Event::answered, always, done,
              list<Action::respond_once>},
    ServerRow{"D15 late", settled, Event::answered, always, stay, list<Action::keep_late_answer>},
    ServerRow{"D14 open", States({open}), Event::device_reset, always, done, list<Action::reset>},
    ServerRow{"D14 unwanted", States({acknowledged}), Event::device_reset, unwanted, done, {}},
    ServerRow{"D14 acknowledged", States({acknowledged}), Event::device_reset, confirmable,
              responding, list<Action::respond>},
    ServerRow{"D14 non", States({acknowledged}), Event::device_reset, always, done,
              list<Action::respond_once>},

    // The end of waiting.
    ServerRow{"D16 unwanted", States({open}), Event::expired, unwanted, done,
              list<Action::acknowledge>},
    ServerRow{"D16 open", States({open}), Event::expired, always, done, list<Action::piggyback>},
    ServerRow{"D16 silent", States({acknowledged}), Event::expired, untold, gone, {}},
    ServerRow{"D16 told", States({acknowledged}), Event::expired, confirmable, responding,
              list<Action::respond>},
    ServerRow{"D16 non", States({acknowledged}), Event::expired, always, done,
              list<Action::respond_once>},
    ServerRow{"D20 complete", States({open}), Event::completed, always, done,
              list<Action::acknowledge>},
    ServerRow{"D20 end", States({acknowledged}), Event::completed, always, done, {}},

    // What the server says to our separate response.
    ServerRow{"D11 received", States({responding}), Event::acknowledged, always, done, {}},
    ServerRow{"D15", States({responding}), Event::reset, always, gone,
              list<Action::keep_late_answer, Action::end_observation>},
    ServerRow{"D15 unheard", States({responding}), Event::unheard, always, gone,
              list<Action::keep_late_answer>},
};

}  // namespace

const ServerRow* find_row(const ServerExchange& exchange, ServerEvent event,
                          const ServerContext& context) {
    for (const ServerRow& row : rows) {
        if (row.event == event && row.from.contains(exchange.state) &&
            row.guard(exchange, context)) {
            return &row;
        }
    }
    return nullptr;
}

std::span<const ServerRow> server_leg_table() { return rows; }

}  // namespace scef::queueing
