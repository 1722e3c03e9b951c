#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "queueing/batch.h"
#include "queueing/message.h"
#include "tests/simulation/coverage.h"
#include "tests/simulation/verdicts.h"

namespace scef::simulation {

/// What the SCEF said about a POST, as T8 means it.
enum class Told : std::uint8_t {
    nothing,    ///< still open
    delivered,  ///< it has reached the network or the device
    buffered,   ///< the SCEF holds it
    doubtful,   ///< no telling
    not_taken,  ///< it was not taken, or its delivery failed: another try is in order
    refused,    ///< it will never be taken
};

/// Follows each downlink message through its committed records and its POSTs: I1, I2, I3, I5, I7
/// and the tokens of the device leg. Knows records and T8, nothing of how the engine decides.
class MessageLedger {
public:
    explicit MessageLedger(Verdicts& verdicts) : verdicts_(verdicts) {}

    /// How long a device is waited for before another request may go to it.
    void set_device_patience(queueing::DeviceIndex device, Duration patience) {
        devices_[device].patience = patience;
    }

    /// How many messages (replies to devices left out) may be open at once.
    void set_messages_max(std::size_t messages) { messages_max_ = messages; }

    /// A committed turn. Its POSTs follow, in order, by `on_post`.
    void on_batch(const queueing::Batch& batch, Moment moment, bool is_status_turn);
    struct Posted {
        MessageId id;
        queueing::DeviceIndex device = 0;
        std::size_t octets = 0;
        bool is_reply = false;
        bool may_be_seen_twice = false;
        std::size_t octets_replaced = 0;  ///< of the message whose place it takes
    };
    /// A POST of the turn leaves. Nothing if no message stands for it.
    std::optional<Posted> on_post(const Bytes& data, std::optional<std::uint32_t> maximum_latency,
                                  Instant not_after, Moment moment);
    /// Payloads of answers that the batch's messages hold.
    const std::vector<std::string>& answers() const { return answers_; }
    /// All POSTs of the turn have left.
    void end_of_turn();
    void on_told(const MessageId& id, Told told);
    /// A FAILURE status for a transfer with these octets: another try is in order.
    void on_failure_status(const Bytes& data);
    /// What was open when the adapter died is in doubt.
    void on_crash();
    /// A producer was told that the adapter has its message.
    void on_promise(const MessageId& id);
    bool knows(const MessageId& id) const { return entries_.contains(id); }
    bool has_ended_as(const MessageId& id, queueing::MessageState state) const {
        const auto found = entries_.find(id);
        return found != entries_.end() && found->second.is_final &&
               found->second.last.state == state;
    }
    /// The SCEF held it until another took its place there.
    bool lost_its_place_at_scef(const MessageId& id) const {
        return has_ended_as(id, queueing::MessageState::superseded) && entries_.at(id).was_held;
    }
    /// The message of a server's exchange, the latest; an empty id if there is none.
    MessageId message_of(queueing::EndpointIndex endpoint, const SocketAddress& peer,
                         std::uint16_t message_id) const;

    /// Who is to take the place of a transfer, the latest; an empty id if there is none.
    MessageId newer_of(const std::string& transfer_id) const;
    /// These are its octets.
    bool is_of_newer(const std::string& transfer_id, const Bytes& data) const;

    void count_in(Coverage& coverage) const;

    std::size_t open() const { return open_; }
    std::size_t open_of(queueing::DeviceIndex device) const;
    std::uint64_t bytes_open() const;

private:
    struct Entry {
        queueing::Message last;  ///< as its last record says
        std::uint64_t place = 0;
        bool is_final = false;
        bool was_held = false;  ///< by the SCEF, when it ended
        bool listed = false;    ///< seen before this turn
        Bytes octets;           ///< of the first POST
        std::uint32_t starts = 0;
        std::uint32_t resends = 0;
        Told told = Told::nothing;
        bool failed_early = false;  ///< a FAILURE status came; an answer may be of before
        queueing::DeviceLeg leg = queueing::DeviceLeg::queued;  ///< of the last timeline entry
        queueing::MessageState shown = queueing::MessageState::queued;
        queueing::DeviceLeg leg_before = queueing::DeviceLeg::queued;
        Instant awaiting_since{};
    };
    struct DeviceBook {
        Duration patience{};
        std::vector<MessageId> open;
        std::unordered_map<int, std::uint64_t> last_first_start;  ///< by rank: place
    };
    struct Start {
        MessageId id;
        bool is_first = false;
    };

    void on_timeline(ByteView key, ByteView value, Moment moment);
    void on_open_record(const queueing::Message& message, Moment moment);
    void on_final_record(const queueing::Message& message, Moment moment);
    void close(Entry& entry);
    void judge_start(Entry& entry, Moment moment);
    void judge_repetition(const Entry& entry);
    void judge_order(DeviceBook& book, Entry& entry);
    void judge_slot(const DeviceBook& book, const Entry& entry, Moment moment);
    void judge_token(const DeviceBook& book, const Entry& entry);
    void broken(std::string_view rule, const Entry& entry, const std::string& what);

    Verdicts& verdicts_;
    std::unordered_map<MessageId, Entry> entries_;
    std::unordered_map<queueing::DeviceIndex, DeviceBook> devices_;
    std::unordered_map<std::string, MessageId> exchanges_;
    std::unordered_map<std::string, MessageId> newer_;  ///< by transfer
    std::vector<Start> starts_;
    std::vector<MessageId> fresh_;
    std::vector<std::string> answers_;
    std::size_t started_ = 0;
    int moved_at_scef_ = 0;
    std::size_t open_ = 0;
    std::size_t requests_open_ = 0;
    std::size_t messages_max_ = SIZE_MAX;
    std::uint64_t next_place_ = 1;
};

}  // namespace scef::simulation
