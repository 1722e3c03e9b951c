#pragma once

#include <cstdint>
#include <vector>

#include "lwm2m-core/client/object_model.h"
#include "lwm2m-core/vocabulary/turn.h"

namespace scef::client {

/// Counts the frames of the device for Connectivity Statistics (object 7: from Start to Stop, at
/// most for the Collection Period) and for the APN profile (object 11: since the last restart).
class Traffic {
public:
    explicit Traffic(ObjectModel& model) : model_(model) {}

    void on_sent(std::size_t bytes);
    void on_received(std::size_t bytes);
    /// A short message, which is a device trigger here.
    void on_sms_received();

    /// Execute /7/0/6: begins at zero.
    void start(Instant now);
    /// Execute /7/0/7: the numbers stay.
    void stop();
    /// Ends the collection when its period is over.
    void on_time(Instant now);
    Instant due() const { return until_; }
    /// The totals begin at zero again.
    void on_restart();

    /// Brings the objects up to date; gives the paths that changed since the last time.
    std::vector<Path> publish();

private:
    struct Statistics {
        std::uint64_t sent_bytes = 0, received_bytes = 0, messages = 0, message_bytes = 0,
                      message_bytes_max = 0, sms_received = 0;
    };
    void count(std::size_t bytes);

    ObjectModel& model_;
    Statistics statistics_;  ///< of the collection
    std::uint64_t total_sent_bytes_ = 0, total_received_bytes_ = 0, total_sent_packets_ = 0;
    bool collecting_ = false;
    bool is_stale_ = false;
    Instant until_ = never;
};

}  // namespace scef::client
