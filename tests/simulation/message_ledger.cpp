#include "tests/simulation/message_ledger.h"

#include <algorithm>

#include "queueing/record.h"

namespace scef::simulation {

using queueing::DeviceLeg;
using queueing::MessageKind;
using queueing::MessageState;
using queueing::RecordKind;
using queueing::ServerLeg;

namespace {

std::string exchange_key(queueing::EndpointIndex endpoint, const SocketAddress& peer,
                         std::uint16_t message_id) {
    return std::to_string(endpoint) + '|' + peer.text() + '|' + std::to_string(message_id);
}

/// RFC 7252 5.1 and 8132: the device may see it twice. What answers the device may be seen twice,
/// too; octets that nobody looks into must not.
bool may_be_seen_twice(const queueing::Message& message) {
    if (message.kind == MessageKind::reply) return true;
    if (message.kind == MessageKind::opaque) return false;
    const unsigned method = message.frame.code.octet;
    return method == 1 || method == 3 || method == 4 || method == 5;
}

bool is_at_scef(DeviceLeg leg) {
    return leg == DeviceLeg::submitting || leg == DeviceLeg::in_doubt ||
           leg == DeviceLeg::net_buffered || leg == DeviceLeg::expired_in_flight;
}

bool waits_here(DeviceLeg leg) { return leg == DeviceLeg::queued || leg == DeviceLeg::retry_wait; }

int rank_of(const queueing::Message& message) {
    return static_cast<int>(message.order_class) * 8 - static_cast<int>(message.priority);
}

}  // namespace

void MessageLedger::broken(std::string_view rule, const Entry& entry, const std::string& what) {
    verdicts_.broken(rule, "message " + entry.last.id.text() + ": " + what);
}

void MessageLedger::on_batch(const queueing::Batch& batch, Moment moment, bool is_status_turn) {
    starts_.clear();
    fresh_.clear();
    answers_.clear();
    started_ = 0;
    moved_at_scef_ = 0;
    std::vector<MessageId> erased;
    for (const queueing::RecordWrite& write : batch.writes) {
        if (write.kind == RecordKind::message && !write.value && write.key.size() == 16) {
            erased.push_back(MessageId::from_octets(write.key));
        } else if (write.kind == RecordKind::message || write.kind == RecordKind::final_message) {
            const auto message = queueing::message_from_record(*write.value);
            if (!message) {
                verdicts_.broken("I1", "a message record that cannot be read");
                continue;
            }
            if (!message->response_payload.empty()) {
                answers_.emplace_back(as_text(message->response_payload));
            }
            if (write.kind == RecordKind::message) {
                on_open_record(*message, moment);
            } else {
                on_final_record(*message, moment);
            }
        }
    }
    for (const queueing::RecordWrite& write : batch.writes) {
        if (write.kind == RecordKind::timeline) on_timeline(write.key, *write.value, moment);
    }
    for (const MessageId& id : erased) {
        const auto found = entries_.find(id);
        if (found != entries_.end() && !found->second.is_final) {
            broken("I1", found->second, "its record is erased and it is not final");
        }
    }
    if (is_status_turn && moved_at_scef_ > 1) {
        verdicts_.broken(
            "I7", "a delivery status changed " + std::to_string(moved_at_scef_) + " messages");
    }
    for (const Start& start : starts_) judge_start(entries_.at(start.id), moment);
}

void MessageLedger::on_open_record(const queueing::Message& message, Moment moment) {
    auto [found, is_new] = entries_.try_emplace(message.id);
    Entry& entry = found->second;
    if (entry.is_final) broken("I1", entry, "it is open again after its end");
    if (entry.last.state != message.state && queueing::is_terminal(entry.last.state) &&
        !queueing::is_terminal(message.state) && !is_new) {
        broken("I7", entry,
               "from " + std::string(name_of(entry.last.state)) + " back to " +
                   std::string(name_of(message.state)));
    }
    if (message.device_leg == DeviceLeg::awaiting_answer &&
        entry.last.device_leg != DeviceLeg::awaiting_answer) {
        entry.awaiting_since = moment.now;
        entry.leg_before = entry.last.device_leg;
    }
    if (message.is_taking_a_place()) newer_[message.transfer_id] = message.id;
    const bool was_on_its_way = !is_new && entry.last.device_leg != DeviceLeg::done;
    entry.last = message;
    if (is_new) {
        entry.place = next_place_++;
        ++open_;
        if (!message.is_reply() && ++requests_open_ > messages_max_) {
            broken("I8", entry, "is one message too many");
        }
        devices_[message.device].open.push_back(message.id);
        fresh_.push_back(message.id);
    }
    if (is_new && message.kind == MessageKind::request) {
        judge_token(devices_[message.device], entry);
    }
    if (was_on_its_way || !is_new) return;
    if (message.server.state != ServerLeg::none) {
        exchanges_[exchange_key(message.server.endpoint, message.server.peer,
                                message.server.message_id)] = message.id;
    }
}

void MessageLedger::on_final_record(const queueing::Message& message, Moment) {
    auto [found, is_new] = entries_.try_emplace(message.id);
    Entry& entry = found->second;
    if (entry.is_final) broken("I1", entry, "it ended twice");
    if (!queueing::is_terminal(message.state)) {
        broken("I1", entry, "it ended in " + std::string(name_of(message.state)));
    }
    const MessageState before = entry.last.state;
    if (!is_new && queueing::is_terminal(before) && before != message.state &&
        before != MessageState::unconfirmed) {
        broken(
            "I7", entry,
            "from " + std::string(name_of(before)) + " to " + std::string(name_of(message.state)));
    }
    if (!entry.is_final) entry.was_held = entry.last.device_leg == DeviceLeg::net_buffered;
    entry.last = message;
    if (is_new) {  // came and went in one turn
        entry.place = next_place_++;
        if (message.server.state != ServerLeg::none) {
            exchanges_[exchange_key(message.server.endpoint, message.server.peer,
                                    message.server.message_id)] = message.id;
        }
    } else if (!entry.is_final) {
        close(entry);
    }
    entry.is_final = true;
}

void MessageLedger::close(Entry& entry) {
    --open_;
    if (!entry.last.is_reply()) --requests_open_;
    auto& open = devices_[entry.last.device].open;
    open.erase(std::remove(open.begin(), open.end(), entry.last.id), open.end());
}

void MessageLedger::on_timeline(ByteView key, ByteView value, Moment) {
    if (key.size() < 16) return;
    const auto found = entries_.find(MessageId::from_octets(key.first(16)));
    if (found == entries_.end()) {
        return verdicts_.broken("I1", "a timeline of a message that has no record");
    }
    Entry& entry = found->second;
    queueing::RecordReader reader(value);
    reader.number<std::uint8_t>();
    reader.time();
    const auto state = reader.enumerator(MessageState::unconfirmed);
    const auto leg = reader.enumerator(DeviceLeg::done);
    if (leg == DeviceLeg::submitting && entry.leg != DeviceLeg::submitting) {
        starts_.push_back({entry.last.id, entry.starts == 0});
    } else if (leg != entry.leg && is_at_scef(entry.leg)) {
        ++moved_at_scef_;
    }
    const bool goes_back =
        queueing::is_terminal(entry.shown) &&
        (entry.shown != MessageState::unconfirmed || !queueing::is_terminal(state));
    if (goes_back && state != entry.shown) {
        broken("I7", entry,
               "shown as " + std::string(name_of(entry.shown)) + ", then as " +
                   std::string(name_of(state)));
    }
    entry.leg = leg;
    entry.shown = state;
}

/// A message is about to be POSTed: rules that its records alone decide.
void MessageLedger::judge_start(Entry& entry, Moment moment) {
    DeviceBook& book = devices_[entry.last.device];
    if (entry.last.expires_at <= moment.wall) broken("I2", entry, "POSTed after its TTL");
    if (entry.starts > 0) judge_repetition(entry);
    if (entry.starts > 0 && entry.told != Told::not_taken && entry.told != Told::doubtful &&
        entry.told != Told::nothing) {
        ++entry.resends;
    }
    // What takes a place at the SCEF takes it in the order, too.
    if (entry.last.replaces.empty()) judge_order(book, entry);
    if (!entry.last.is_reply()) judge_slot(book, entry, moment);
    ++entry.starts;
    entry.told = Told::nothing;
    entry.failed_early = false;
    const Bytes octets = entry.last.octets();
    if (entry.octets.empty()) entry.octets = octets;
    if (entry.octets != octets) broken("I3", entry, "its octets changed between two POSTs");
}

void MessageLedger::judge_repetition(const Entry& entry) {
    switch (entry.told) {
        case Told::not_taken:
            return;
        case Told::nothing:
            return broken("I3", entry, "POSTed again while its POST is open");
        case Told::refused:
            return broken("I3", entry, "POSTed again after it was refused");
        case Told::doubtful:
            if (!may_be_seen_twice(entry.last)) {
                broken("I3", entry, "not idempotent, and POSTed again after a doubtful outcome");
            }
            return;
        case Told::delivered:
        case Told::buffered:
            if (!may_be_seen_twice(entry.last)) {
                broken("I3", entry, "not idempotent, and POSTed again although it was taken");
            } else if (entry.resends > 0) {
                broken("I3", entry, "repeated more than once although it was taken");
            }
            return;
    }
}

/// Nothing that waits at this device since an earlier turn may be more urgent, or as urgent and
/// older.
void MessageLedger::judge_order(DeviceBook& book, Entry& entry) {
    const int rank = rank_of(entry.last);
    if (entry.starts == 0) {
        std::uint64_t& last = book.last_first_start[rank];
        if (entry.place < last) broken("I5", entry, "overtaken by a later one of its rank");
        last = std::max(last, entry.place);
    }
    for (const MessageId& id : book.open) {
        const Entry& other = entries_.at(id);
        if (&other == &entry || !waits_here(other.last.device_leg) || !waits_here(other.leg))
            continue;
        if (std::find(fresh_.begin(), fresh_.end(), id) != fresh_.end()) continue;
        const int other_rank = rank_of(other.last);
        if (other_rank < rank || (other_rank == rank && other.place < entry.place)) {
            broken("I5", entry, "POSTed while " + id.text() + " waits, which goes first");
        }
    }
}

/// One request in flight: until it is answered, has failed, or the device had its time.
void MessageLedger::judge_slot(const DeviceBook& book, const Entry& entry, Moment moment) {
    for (const MessageId& id : book.open) {
        const Entry& other = entries_.at(id);
        if (&other == &entry || other.last.is_reply() || other.is_final) continue;
        if (id == entry.last.replaces) continue;
        const bool expects_answer = other.last.is_confirmable_request();
        const bool in_flight = other.last.device_leg == DeviceLeg::submitting ||
                               other.last.device_leg == DeviceLeg::in_doubt ||
                               (other.last.device_leg == DeviceLeg::net_buffered && expects_answer);
        const bool waited_for = other.last.device_leg == DeviceLeg::awaiting_answer &&
                                other.last.state == MessageState::accepted &&
                                is_at_scef(other.leg_before) &&
                                moment.now - other.awaiting_since < book.patience;
        if (in_flight || waited_for) {
            broken("I5", entry, "POSTed while " + id.text() + " is in flight");
        }
    }
}

/// An Observe that renews or cancels keeps its observation's token; all others have their own.
void MessageLedger::judge_token(const DeviceBook& book, const Entry& entry) {
    if (entry.last.frame.find(coap::options::observe) != nullptr) return;
    for (const MessageId& id : book.open) {
        const Entry& other = entries_.at(id);
        if (&other == &entry || other.last.kind != MessageKind::request) continue;
        if (other.last.device_leg == DeviceLeg::done || other.is_final) continue;
        if (other.last.frame.token == entry.last.frame.token) {
            broken("tokens", entry, "has the token of " + id.text() + ", which is open");
        }
    }
}

std::optional<MessageLedger::Posted> MessageLedger::on_post(
    const Bytes& data, std::optional<std::uint32_t> maximum_latency, Instant not_after,
    Moment moment) {
    if (started_ >= starts_.size()) {
        verdicts_.broken("I3", "a POST of a message whose SUBMITTING is not on record");
        return std::nullopt;
    }
    const Start start = starts_[started_++];
    Entry& entry = entries_.at(start.id);
    if (data != entry.octets) broken("I3", entry, "the POST carries other octets than its record");
    const Duration left = entry.last.expires_at - moment.wall;
    if (!maximum_latency || Duration(std::chrono::seconds(*maximum_latency)) > left) {
        broken("I2", entry, "maximumLatency is more than what is left of its TTL");
    }
    if (not_after - moment.now > left) {
        broken("I2", entry, "its POST may leave when its TTL is over");
    }
    Posted posted{start.id, entry.last.device, data.size(), entry.last.is_reply(),
                  may_be_seen_twice(entry.last)};
    if (!entry.last.replaces.empty()) {
        const auto older = entries_.find(entry.last.replaces);
        if (older == entries_.end()) {
            broken("I3", entry, "it is PUT in the place of a message that nobody knows");
        } else {
            posted.octets_replaced = older->second.last.octets().size();
        }
    }
    return posted;
}

void MessageLedger::end_of_turn() {
    if (started_ != starts_.size()) {
        verdicts_.broken("I3", "SUBMITTING is on record, but there is no POST");
    }
}

void MessageLedger::on_told(const MessageId& id, Told told) {
    const auto found = entries_.find(id);
    if (found == entries_.end()) return;
    const bool may_be_held = told == Told::buffered || told == Told::doubtful;
    found->second.told = found->second.failed_early && may_be_held ? Told::not_taken : told;
}

void MessageLedger::on_failure_status(const Bytes& data) {
    for (auto& [device, book] : devices_) {
        for (const MessageId& id : book.open) {
            Entry& entry = entries_.at(id);
            if (entry.octets != data) continue;
            // Also if an answer that was given before is still on its way.
            entry.failed_early = true;
            if (entry.told != Told::nothing) entry.told = Told::not_taken;
        }
    }
}

void MessageLedger::on_crash() {
    for (auto& [device, book] : devices_) {
        for (const MessageId& id : book.open) {
            Entry& entry = entries_.at(id);
            if (entry.last.device_leg == DeviceLeg::submitting) entry.told = Told::doubtful;
        }
    }
}

void MessageLedger::on_promise(const MessageId& id) {
    if (!entries_.contains(id)) {
        verdicts_.broken("I1", "message " + id.text() + " was promised, and no record has it");
    }
}

MessageId MessageLedger::message_of(queueing::EndpointIndex endpoint, const SocketAddress& peer,
                                    std::uint16_t message_id) const {
    const auto found = exchanges_.find(exchange_key(endpoint, peer, message_id));
    return found == exchanges_.end() ? MessageId() : found->second;
}

MessageId MessageLedger::newer_of(const std::string& transfer_id) const {
    const auto found = newer_.find(transfer_id);
    return found == newer_.end() ? MessageId() : found->second;
}

bool MessageLedger::is_of_newer(const std::string& transfer_id, const Bytes& data) const {
    const auto found = entries_.find(newer_of(transfer_id));
    return found != entries_.end() && found->second.last.octets() == data;
}

void MessageLedger::count_in(Coverage& coverage) const {
    coverage.messages += entries_.size();
    for (const auto& [id, entry] : entries_) {
        if (entry.is_final) ++coverage.ended[static_cast<std::size_t>(entry.last.state)];
    }
}

std::size_t MessageLedger::open_of(queueing::DeviceIndex device) const {
    const auto found = devices_.find(device);
    return found == devices_.end() ? 0 : found->second.open.size();
}

std::uint64_t MessageLedger::bytes_open() const {
    std::uint64_t bytes = 0;
    for (const auto& [device, book] : devices_) {
        for (const MessageId& id : book.open) bytes += entries_.at(id).last.octets().size();
    }
    return bytes;
}

}  // namespace scef::simulation
