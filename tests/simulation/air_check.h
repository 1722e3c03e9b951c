#pragma once

#include <string>
#include <unordered_map>

#include "lwm2m-core/vocabulary/bytes.h"
#include "tests/simulation/message_ledger.h"
#include "tests/simulation/verdicts.h"

namespace scef::simulation {

/// What the SCEF puts on the air: nothing of a message once it is SUPERSEDED (if it was POSTed
/// once: a SCEF that said it had lost one may have two), and nothing twice of one that must not be
/// seen twice, unless the SCEF said that its delivery had failed.
class AirCheck {
public:
    AirCheck(Verdicts& verdicts, const MessageLedger& ledger)
        : verdicts_(verdicts), ledger_(ledger) {}

    /// A POST or PUT leaves with these octets.
    void on_post(const MessageId& id, ByteView octets, bool may_be_seen_twice) {
        Frame& frame = frames_[std::string(as_text(octets))];
        if (ledger_.has_ended_as(id, queueing::MessageState::superseded)) {
            verdicts_.broken("replaced",
                             "message " + id.text() + ": POSTed after another took its place");
        }
        ++frame.posts;
        if (frame.id != id) ++frame.messages;
        frame.id = id;
        frame.may_be_seen_twice = may_be_seen_twice;
    }
    void on_failure_status(ByteView octets) {
        const auto found = frames_.find(std::string(as_text(octets)));
        if (found != frames_.end()) ++found->second.failures;
    }
    void on_air(ByteView octets) {
        const auto found = frames_.find(std::string(as_text(octets)));
        if (found == frames_.end()) return;
        Frame& frame = found->second;
        if (frame.posts == 1 && ledger_.lost_its_place_at_scef(frame.id)) {
            verdicts_.broken("replaced", "message " + frame.id.text() +
                                             ": on the air after another took its place");
        }
        if (++frame.times > frame.messages + frame.failures && !frame.may_be_seen_twice) {
            verdicts_.broken("I3", "message " + frame.id.text() + ": on the air twice");
        }
    }

private:
    struct Frame {
        MessageId id;
        bool may_be_seen_twice = false;
        unsigned posts = 0;
        unsigned messages = 0;  ///< that had these octets: a server may send them anew
        unsigned times = 0, failures = 0;
    };

    Verdicts& verdicts_;
    const MessageLedger& ledger_;
    std::unordered_map<std::string, Frame> frames_;
};

}  // namespace scef::simulation
