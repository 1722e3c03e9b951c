#include "scef-adapter/engine/packed_message.h"

#include <algorithm>
#include <cassert>
#include <optional>

#include "scef-adapter/engine/packed_numbers.h"

/// A block begins with what a glance needs; what most messages do not have is told by a set of
/// bits. Times are differences to the time of creation, and that is one to the time in the
/// message's id.
namespace scef::adapter {

using namespace packed;
using queueing::AckMode;
using queueing::DeliveryLevel;
using queueing::DeviceLeg;
using queueing::Message;
using queueing::MessageKind;
using queueing::MessageState;
using queueing::Reason;
using queueing::ServerExchange;
using queueing::ServerLeg;

namespace {

enum Has : std::uint32_t {
    frame_numbered = 1u << 0,
    send_now = 1u << 1,
    queue_time_known = 1u << 2,
    device_deduplicates = 1u << 3,
    in_queue = 1u << 4,
    not_before = 1u << 5,
    retry_at = 1u << 6,
    server = 1u << 7,
    via = 1u << 8,
    correlation = 1u << 9,
    collapse_key = 1u << 10,
    quota_wait = 1u << 11,
    replay_of = 1u << 12,
    group_message = 1u << 13,
    attempts_max = 1u << 14,
    ack_mode = 1u << 15,
};
const std::uint32_t usual_attempts_max = Message{}.attempts_max;

class Out {
public:
    explicit Out(WallTime created_at) : created_at_(created_at) {}

    void number(std::uint64_t value) { append_number(octets_, value); }
    template <typename T>
    requires std::is_enum_v<T>
    void number(T value) { number(static_cast<std::uint64_t>(value)); }
    /// Whole milliseconds from the creation, or else nanoseconds.
    void time(WallTime value) {
        const Duration::rep since = (value - created_at_).count();
        const bool is_whole = since % millisecond == 0;
        number(folded(static_cast<std::uint64_t>(is_whole ? since / millisecond : since)) << 1 |
               (is_whole ? 1u : 0u));
    }
    void instant(Instant value) {
        number(value == never ? 0 : folded(static_cast<std::uint64_t>(count_of(value))) + 1);
    }
    void octets(ByteView value) {
        number(value.size());
        raw(value);
    }
    void raw(ByteView value) { octets_.insert(octets_.end(), value.begin(), value.end()); }
    const Bytes& octets() const { return octets_; }

private:
    static Duration::rep count_of(Instant value) { return value.time_since_epoch().count(); }

    WallTime created_at_;
    Bytes octets_;
};

class In {
public:
    explicit In(const std::uint8_t* block) : place_(block) {}

    std::uint64_t number() { return take_number(place_); }
    template <typename T>
    void number(T& value) {
        value = static_cast<T>(number());
    }
    void created(WallTime value) { created_at_ = value; }
    WallTime time() {
        const std::uint64_t coded = number();
        const auto since = static_cast<Duration::rep>(unfolded(coded >> 1));
        return created_at_ + Duration((coded & 1u) != 0 ? since * millisecond : since);
    }
    Instant instant() {
        const std::uint64_t coded = number();
        if (coded == 0) return never;
        return Instant(Duration(static_cast<Duration::rep>(unfolded(coded - 1))));
    }
    const std::uint8_t* place() const { return place_; }
    ByteView octets() { return raw(number()); }
    ByteView raw(std::size_t size) {
        const ByteView value{place_, size};
        place_ += size;
        return value;
    }

private:
    const std::uint8_t* place_;
    WallTime created_at_{};
};

std::uint32_t what_it_has(const Message& message) {
    std::uint32_t has = 0;
    const auto note = [&](Has one, bool is_set) { has |= is_set ? one : 0u; };
    note(frame_numbered, message.frame_numbered);
    note(send_now, message.send_now);
    note(queue_time_known, message.is_queue_time_known);
    note(device_deduplicates, message.device_deduplicates);
    note(in_queue, message.queued_here);
    note(not_before, message.not_before != WallTime{});
    note(retry_at, message.retry_at != WallTime{});
    note(server, message.server.state != ServerLeg::none);
    note(via, message.via.has_value());
    note(correlation, !message.correlation_id.empty());
    note(collapse_key, !message.collapse_key.empty());
    note(quota_wait, message.quota_wait_since != never || message.quota_holder != 0);
    note(replay_of, !message.replay_of.empty());
    note(group_message, !message.group_message.empty());
    note(attempts_max, message.attempts_max != usual_attempts_max);
    note(ack_mode, message.ack != AckMode::full);
    return has;
}

void put(Out& out, const ServerExchange& exchange) {
    out.number(exchange.state);
    out.number(exchange.endpoint);
    const auto& address = exchange.peer.octets;
    const auto first =
        std::find_if(address.begin(), address.end(), [](std::uint8_t octet) { return octet != 0; });
    out.octets({first, address.end()});
    out.number(std::uint64_t{exchange.peer.port} << 1 | (exchange.peer.is_ipv6 ? 1u : 0u));
    out.number(std::uint64_t{exchange.message_id} << 1 | (exchange.confirmable ? 1u : 0u));
    out.octets(exchange.token.view());
    out.number(exchange.datagram_hash);
    out.time(exchange.asked_at);
    out.instant(exchange.limit_due);
}

void take(In& in, ServerExchange& exchange) {
    in.number(exchange.state);
    in.number(exchange.endpoint);
    const ByteView address = in.octets();
    std::copy_backward(address.begin(), address.end(), exchange.peer.octets.end());
    const std::uint64_t port = in.number();
    exchange.peer.port = static_cast<std::uint16_t>(port >> 1);
    exchange.peer.is_ipv6 = (port & 1u) != 0;
    const std::uint64_t message_id = in.number();
    exchange.message_id = static_cast<std::uint16_t>(message_id >> 1);
    exchange.confirmable = (message_id & 1u) != 0;
    exchange.token = coap::Token(in.octets());
    in.number(exchange.datagram_hash);
    exchange.asked_at = in.time();
    exchange.limit_due = in.instant();
}

void put_rare(Out& out, std::uint32_t has, const Message& message) {
    if ((has & not_before) != 0) out.time(message.not_before);
    if ((has & retry_at) != 0) out.time(message.retry_at);
    if ((has & server) != 0) put(out, message.server);
    if ((has & via) != 0) out.number(*message.via);
    if ((has & correlation) != 0) out.octets(as_bytes(message.correlation_id));
    if ((has & collapse_key) != 0) out.octets(as_bytes(message.collapse_key));
    if ((has & quota_wait) != 0) {
        out.instant(message.quota_wait_since);
        out.number(message.quota_holder);
    }
    if ((has & replay_of) != 0) out.raw(message.replay_of.octets());
    if ((has & group_message) != 0) out.raw(message.group_message.octets());
    if ((has & attempts_max) != 0) out.number(message.attempts_max);
    if ((has & ack_mode) != 0) out.number(message.ack);
}

void take_rare(In& in, std::uint32_t has, Message& message) {
    message.frame_numbered = (has & frame_numbered) != 0;
    message.send_now = (has & send_now) != 0;
    message.is_queue_time_known = (has & queue_time_known) != 0;
    message.device_deduplicates = (has & device_deduplicates) != 0;
    message.queued_here = (has & in_queue) != 0;
    if ((has & not_before) != 0) message.not_before = in.time();
    if ((has & retry_at) != 0) message.retry_at = in.time();
    if ((has & server) != 0) take(in, message.server);
    if ((has & via) != 0) message.via = static_cast<queueing::EndpointIndex>(in.number());
    if ((has & correlation) != 0) message.correlation_id = as_text(in.octets());
    if ((has & collapse_key) != 0) message.collapse_key = as_text(in.octets());
    if ((has & quota_wait) != 0) {
        message.quota_wait_since = in.instant();
        in.number(message.quota_holder);
    }
    if ((has & replay_of) != 0) message.replay_of = MessageId::from_octets(in.raw(16));
    if ((has & group_message) != 0) message.group_message = MessageId::from_octets(in.raw(16));
    if ((has & attempts_max) != 0) in.number(message.attempts_max);
    if ((has & ack_mode) != 0) in.number(message.ack);
}

/// The head of a block. The creation is the time of the id, to the nanosecond.
void take_head(In& in, const MessageId& id, PackedMessage::Glance& head) {
    in.number(head.scef);
    in.number(head.reason);
    in.created(id.created_at());
    head.created_at = in.time();
    in.created(head.created_at);
    head.expires_at = in.time();
}

void unpack_into(In& in, const MessageId& id, Message& message) {
    PackedMessage::Glance head;
    take_head(in, id, head);
    message.id = id;
    message.reason = head.reason;
    message.created_at = head.created_at;
    message.expires_at = head.expires_at;
    in.number(message.device);
    in.number(message.kind);
    in.number(message.order_class);
    in.number(message.priority);
    in.number(message.operation);
    message.handed_over_by = in.time();
    in.number(message.timeline_length);
    const ByteView octets = in.octets();
    if (message.kind == MessageKind::opaque) {
        message.opaque.assign(octets.begin(), octets.end());
    } else {
        auto frame = coap::parse(octets);
        assert(frame);
        message.frame = std::move(*frame);
    }
    take_rare(in, static_cast<std::uint32_t>(in.number()), message);
}

bool was_never_sent(const Message& message) {
    return message.device_leg == DeviceLeg::queued && message.state == MessageState::queued &&
           message.level == DeliveryLevel::none && message.attempts == 0 && !message.resent &&
           !message.holds_slot && message.first_submitted_at == WallTime{} &&
           message.last_submitted_at == WallTime{} && message.transfer_id.empty() &&
           !message.response_code && message.response_payload.empty() &&
           message.late_answer.empty() && message.answer_due == never && message.judged_by == 0 &&
           message.window_until == Instant{};
}

bool is_left_alone(const Message& message) {
    return message.replaces.empty() && message.superseded_by.empty() &&
           message.replayed_as.empty() && !message.cancel_requested && !message.is_contested &&
           message.end_detail.empty() && !message.changed && !message.settles;
}

bool is_server_quiet(const Message& message) {
    const ServerExchange& server = message.server;
    const bool waits = server.state == ServerLeg::none || server.state == ServerLeg::acknowledged ||
                       server.state == ServerLeg::gone;
    return waits && message.attached.empty() && server.response.empty() &&
           server.response_message_id == 0 && server.retransmission.due() == never;
}

/// Differences must not overflow and must leave a bit free. Only a damaged clock or record makes
/// others.
bool has_packable_times(const Message& message) {
    constexpr std::uint64_t end = std::uint64_t{1} << 63;
    const auto count = [](WallTime time) {
        return static_cast<std::uint64_t>(time.time_since_epoch().count());
    };
    const auto is_near = [&](WallTime time, WallTime start) {
        return folded(count(time)) < end && folded(count(time) - count(start)) < end;
    };
    const WallTime created = message.created_at;
    const ServerExchange& server = message.server;
    return is_near(message.id.created_at(), WallTime{}) &&
           is_near(created, message.id.created_at()) && is_near(message.expires_at, created) &&
           is_near(message.handed_over_by, created) && is_near(message.not_before, created) &&
           is_near(message.retry_at, created) &&
           (server.state == ServerLeg::none || is_near(server.asked_at, created));
}

}  // namespace

bool may_rest(const Message& message) {
    return was_never_sent(message) && is_left_alone(message) && is_server_quiet(message) &&
           has_packable_times(message);
}

PackedMessage::PackedMessage(const Message& message, std::size_t scef) {
    assert(may_rest(message));
    Out head(message.id.created_at());
    head.number(scef);
    head.number(message.reason);
    head.time(message.created_at);
    Out out(message.created_at);
    out.time(message.expires_at);
    out.number(message.device);
    out.number(message.kind);
    out.number(message.order_class);
    out.number(message.priority);
    out.number(message.operation);
    out.time(message.handed_over_by);
    out.number(message.timeline_length);
    out.octets(message.octets());
    const std::uint32_t has = what_it_has(message);
    out.number(has);
    put_rare(out, has, message);
    block_ =
        std::make_unique_for_overwrite<std::uint8_t[]>(head.octets().size() + out.octets().size());
    std::copy(out.octets().begin(), out.octets().end(),
              std::copy(head.octets().begin(), head.octets().end(), block_.get()));
}

std::unique_ptr<Message> PackedMessage::unpack(const MessageId& id) const {
    auto message = std::make_unique<Message>();
    In in(block_.get());
    unpack_into(in, id, *message);
    return message;
}

std::size_t PackedMessage::size() const {
    In in(block_.get());
    unpack_into(in, MessageId(), *std::make_unique<Message>());
    return static_cast<std::size_t>(in.place() - block_.get());
}

PackedMessage::Glance PackedMessage::glance(const MessageId& id) const {
    In in(block_.get());
    Glance head;
    take_head(in, id, head);
    return head;
}

}  // namespace scef::adapter
