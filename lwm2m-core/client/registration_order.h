#pragma once

#include <memory>
#include <vector>

#include "lwm2m-core/client/session.h"

namespace scef::client {

using Sessions = std::vector<std::unique_ptr<Session>>;

/// In which order a device registers with its servers (LwM2M Core TS 6.2.1.1): accounts with an
/// order (/1/x/13) one after the other, the others at once, each after its delay (/1/x/14).
class RegistrationOrder {
public:
    explicit RegistrationOrder(const Sessions& sessions) : sessions_(sessions) {}

    /// Registers with all from the beginning.
    void begin(Instant now);
    /// A Register ended. The next server's turn comes, unless this one failed and blocks the others
    /// until it succeeds (/1/x/15).
    void on_verdict(const Session& session, Registration::Verdict verdict, Instant now);
    void clear() { waiting_.clear(); }

private:
    void plan_next(Instant now);

    const Sessions& sessions_;
    std::vector<Session*> waiting_;  ///< the first is under way
};

}  // namespace scef::client
