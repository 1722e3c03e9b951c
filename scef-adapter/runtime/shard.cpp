#include "scef-adapter/runtime/shard.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

#include "lwm2m-core/vocabulary/log_fields.h"
#include "queueing/record.h"

namespace scef::adapter {

using queueing::RecordKind;

namespace {

/// Datagrams taken in one go, so that completions and timers get their turn (architecture §4).
constexpr std::size_t ingress_budget = 128;
constexpr std::size_t final_page = 4096;

Instant steady_now() { return Instant(std::chrono::steady_clock::now().time_since_epoch()); }

WallTime wall_now() { return WallTime(std::chrono::system_clock::now().time_since_epoch()); }

boost::asio::ip::address address_of(const SocketAddress& address) {
    if (!address.is_ipv6) return boost::asio::ip::make_address_v4(address.ipv4_address());
    boost::asio::ip::address_v6::bytes_type octets;
    std::copy(address.octets.begin(), address.octets.end(), octets.begin());
    return boost::asio::ip::make_address_v6(octets);
}

/// Feeds hot records into an engine.
class EngineLoader final : public queueing::RecordVisitor {
public:
    EngineLoader(Engine& engine, Turn turn) : engine_(engine), turn_(turn) {}
    void on_record(RecordKind kind, ByteView key, ByteView value) override {
        engine_.restore(kind, key, value, turn_);
    }
    void on_corrupt_record(RecordKind, ByteView) override { engine_.on_corrupt_record(); }

private:
    Engine& engine_;
    Turn turn_;
};

Bytes key_from(WallTime time) {
    const MessageId floor = MessageId::floor(time);
    return {floor.octets().begin(), floor.octets().end()};
}

}  // namespace

Shard::Shard(ShardId id, std::shared_ptr<const Config> config, const AddressPlan& plan,
             std::vector<nidd::SourceList> server_sources, Worker& worker, queueing::Store& store,
             EventFeed& feed, OnFatal on_fatal, OnList on_list, OnWord on_word)
    : id_(id),
      engine_(id, std::move(config)),
      plan_(plan),
      server_sources_(std::move(server_sources)),
      worker_(worker),
      store_(store),
      feed_(feed),
      on_fatal_(std::move(on_fatal)),
      on_list_(std::move(on_list)),
      on_word_(std::move(on_word)),
      readable_(worker.context()),
      timer_(worker.context()),
      traces_([this](const LogLine& line) { log(line); }) {}

Turn Shard::turn() { return {steady_now(), wall_now(), worker_.random()}; }

/// A turn that may make events. The feed waits for them from before the clock is read.
Turn Shard::begin_turn() {
    feed_.mark(id_).begin(last_turn_at_);
    Turn turn = this->turn();
    last_turn_at_ = turn.wall;
    return turn;
}

// ---- Start

Status Shard::load() {
    Turn now = turn();
    EngineLoader loader(engine_, now);
    if (auto status = store_.load(id_, loader); !status) return status;

    const auto read_all = [&](RecordKind kind, WallTime from, auto take) -> Status {
        queueing::Range range{id_, kind, key_from(from), {}, false};
        while (true) {
            auto page = store_.read(range, {final_page});
            if (!page) return tl::unexpected<Error>(std::move(page.error()));
            for (const auto& record : page->records) take(record);
            if (!page->more || page->records.empty()) return {};
            range.from = page->records.back().key;
            range.from.push_back(0);
        }
    };
    if (auto status = read_all(RecordKind::final_message, now.wall - coap::exchange_lifetime,
                               [&](const queueing::StoredRecord& record) {
                                   engine_.restore_final(record.value, now);
                               });
        !status) {
        return status;
    }
    return read_all(RecordKind::idempotency, now.wall - std::chrono::hours(24),
                    [&](const queueing::StoredRecord& record) {
                        engine_.restore_idempotency(record.key, record.value);
                    });
}

Status Shard::open_socket() {
    auto socket = DatagramSocket::open(plan_.is_ipv6(), plan_.port_of(id_));
    if (!socket) return tl::unexpected<Error>(std::move(socket.error()));
    socket_.emplace(std::move(*socket));
    return {};
}

void Shard::start() {
    close(engine_.start(begin_turn()));
    started_ = true;
    for (Event& word : std::exchange(early_words_, {})) handle(std::move(word));
    if (socket_) {
        readable_.assign(socket_->descriptor());
        listening_ = true;
        wait_readable();
    }
}

void Shard::drain() {
    listening_ = false;
    draining_ = true;
    if (readable_.is_open()) readable_.release();
}

// ---- Events in

void Shard::handle(Event event) { close(engine_.handle(std::move(event), begin_turn())); }

void Shard::hear(Event word) {
    if (!started_) return early_words_.push_back(std::move(word));
    handle(std::move(word));
}

void Shard::notify(nidd::IncomingNotification notification,
                   std::function<void(nidd::NotificationVerdict)> reply) {
    if (!captures_.is_idle()) captures_.on_notification(notification, turn());
    if (!traces_.is_idle()) traces_.on_notification(notification, turn());
    const ReplyId id = next_reply_++;
    notification_replies_.emplace(id, std::move(reply));
    handle(ScefNotification{id, std::move(notification)});
}

void Shard::command(const std::function<Event(ReplyId)>& make, ShardAccess::Done done,
                    const AuditNote* note) {
    const ReplyId id = next_reply_++;
    command_replies_.emplace(id, std::move(done));
    const Turn turn = begin_turn();
    Effects effects = engine_.handle(make(id), turn);
    if (note != nullptr) write_audit(effects, id, *note, id_, turn);
    close(std::move(effects));
}

void Shard::note(const AuditNote& note, std::function<void()> done) {
    const ReplyId id = next_reply_++;
    command_replies_.emplace(id, [done = std::move(done)](const Engine&, const Turn&,
                                                          const CommandReply&) { done(); });
    const Turn turn = begin_turn();
    Effects effects;
    effects.effects.emplace_back(CommandReply{id, CommandDone{}});
    write_audit(effects, id, note, id_, turn);
    close(std::move(effects));
}

void Shard::query(const ShardAccess::Query& query) { query(engine_, turn()); }

void Shard::capture(const ExternalId& device, std::optional<std::uint64_t> after,
                    const ShardAccess::CaptureDone& done) {
    const DeviceView found = engine_.find_device(device);
    if (!found) return done(fail(Errc::not_found, "no such device"));
    const auto page = captures_.read(*found, after, turn());
    if (page && page->is_new) {
        log({LogLine::Level::info, "CAPTURE_STARTED",
             LogFields().add("device", device.text()).text()});
    }
    done(page);
}

void Shard::trace(const ExternalId& device, Duration duration, const ShardAccess::TraceDone& done) {
    const DeviceView found = engine_.find_device(device);
    if (!found) return done(fail(Errc::not_found, "no such device"));
    if (duration <= Duration{}) return done(traces_.stop(device));
    if (auto started = traces_.start(*found, duration, turn()); !started) {
        return done(tl::unexpected<Error>(std::move(started.error())));
    }
    done(true);
}

void Shard::wait_readable() {
    readable_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                         [this](const boost::system::error_code& error) {
                             if (error || !listening_) return;
                             on_readable();
                             wait_readable();
                         });
}

void Shard::on_readable() {
    socket_->receive(ingress_budget, [this](Datagram datagram) {
        const auto endpoint = plan_.endpoint_of(id_, datagram.local);
        const auto server = endpoint ? engine_.server_of(*endpoint) : std::nullopt;
        if (!server || !server_sources_[*server].admits(address_of(datagram.peer))) {
            datagrams_refused_.fetch_add(1, std::memory_order_relaxed);
            return;
        }
        if (!captures_.is_idle()) {
            captures_.on_datagram(*endpoint, false, datagram.peer, datagram.octets, turn());
        }
        if (!traces_.is_idle()) {
            traces_.on_datagram(*endpoint, false, datagram.peer, datagram.octets, turn());
        }
        handle(ServerDatagram{*endpoint, datagram.peer, std::move(datagram.octets)});
    });
    datagrams_dropped_.store(socket_->dropped(), std::memory_order_relaxed);
}

void Shard::arm_timer() {
    const Instant due = engine_.next_deadline();
    if (due == armed_for_) return;
    armed_for_ = due;
    if (due == never) {
        timer_.cancel();
        return;
    }
    timer_.expires_at(std::chrono::steady_clock::time_point(
        std::chrono::duration_cast<std::chrono::steady_clock::duration>(due.time_since_epoch())));
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (error) return;
        armed_for_ = never;
        handle(TimePassed{});
    });
}

// ---- Effects out

/// A turn without records still waits its turn behind those that have some.
void Shard::close(Effects effects) {
    if (!traces_.is_idle()) traces_.on_turn(engine_, effects.batch, turn());
    const std::uint64_t sequence = next_turn_++;
    const bool durable = effects.batch.empty();
    turns_.push_back({sequence, std::move(effects.effects), events_of(effects.batch), durable});
    mark_oldest_event();
    if (!durable) {
        store_.commit(std::move(effects.batch), [this, sequence](const Status& status) {
            boost::asio::post(worker_.context(),
                              [this, sequence, status] { on_committed(sequence, status); });
        });
    }
    arm_timer();
    release();
}

void Shard::on_committed(std::uint64_t sequence, const Status& status) {
    if (!status) return on_fatal_(status.error());
    turns_[static_cast<std::size_t>(sequence - turns_.front().sequence)].durable = true;
    release();
}

/// An effect's receiver may hand in the next event at once: its turn is released by the outer call.
void Shard::release() {
    if (std::exchange(releasing_, true)) return;
    while (!turns_.empty() && turns_.front().durable) {
        OpenTurn turn = std::move(turns_.front());
        turns_.pop_front();
        if (!turn.events.empty()) {
            feed_.publish(std::move(turn.events));
            mark_oldest_event();
        }
        for (Effect& effect : turn.effects) release_effect(effect);
    }
    releasing_ = false;
}

void Shard::mark_oldest_event() {
    const auto oldest = std::find_if(turns_.begin(), turns_.end(),
                                     [](const OpenTurn& turn) { return !turn.events.empty(); });
    feed_.mark(id_).set(oldest == turns_.end() ? TurnMark::idle
                                               : id_of(oldest->events.front()).created_at());
}

void Shard::release_effect(Effect& effect) {
    if (auto* send = std::get_if<SendDatagram>(&effect)) {
        if (!captures_.is_idle()) {
            captures_.on_datagram(send->endpoint, true, send->peer, send->octets, turn());
        }
        if (!traces_.is_idle()) {
            traces_.on_datagram(send->endpoint, true, send->peer, send->octets, turn());
        }
        if (socket_) {
            socket_->send(
                {plan_.address_of(id_, send->endpoint), send->peer, std::move(send->octets)});
        }
    } else if (auto* call = std::get_if<CallT8>(&effect)) {
        call_scef(std::move(*call));
    } else if (const auto* wanted = std::get_if<ListConfigurations>(&effect)) {
        on_list_(wanted->scef);
    } else if (auto* word = std::get_if<SendLeaseWord>(&effect)) {
        on_word_(word->to, std::move(word->word));
    } else if (auto* said = std::get_if<SendGroupWord>(&effect)) {
        on_word_(said->to, std::move(said->word));
    } else if (auto* verdict = std::get_if<NotificationReply>(&effect)) {
        const auto found = notification_replies_.find(verdict->reply);
        if (found == notification_replies_.end()) return;
        const auto reply = std::move(found->second);
        notification_replies_.erase(found);
        reply(verdict->verdict);
    } else if (auto* outcome = std::get_if<CommandReply>(&effect)) {
        const auto found = command_replies_.find(outcome->reply);
        if (found == command_replies_.end()) return;
        const auto done = std::move(found->second);
        command_replies_.erase(found);
        done(engine_, turn(), std::move(*outcome));
    } else if (const auto* line = std::get_if<LogLine>(&effect)) {
        log(*line);
    }
}

void Shard::call_scef(CallT8 call) {
    ++calls_open_;
    auto done = [this, operation = call.operation](nidd::T8Answer answer) {
        --calls_open_;
        if (!traces_.is_idle()) traces_.on_answer(operation, answer);
        handle(T8Completion{operation, std::move(answer)});
    };
    if (!traces_.is_idle()) traces_.on_call(call, turn());
    using Operation = nidd::T8Request::Operation;
    const Operation operation = call.request.operation;
    const bool is_delivery =
        operation == Operation::create_delivery || operation == Operation::replace_delivery;
    if (draining_ && is_delivery) {
        nidd::T8Answer not_sent;
        not_sent.error = "shutting down";
        boost::asio::post(worker_.context(),
                          [done = std::move(done), not_sent] { done(not_sent); });
        return;
    }
    if (is_delivery && !captures_.is_idle()) captures_.on_delivery(call.request.body, turn());
    worker_.scef(call.scef).submit(std::move(call.request), std::move(done));
}

void Shard::log(const LogLine& line) const {
    constexpr auto level_of = [](LogLine::Level level) {
        switch (level) {
            case LogLine::Level::info:
                return spdlog::level::info;
            case LogLine::Level::warning:
                return spdlog::level::warn;
            case LogLine::Level::error:
                return spdlog::level::err;
        }
        return spdlog::level::info;
    };
    spdlog::log(level_of(line.level), "{} {}", line.id, line.text);
}

}  // namespace scef::adapter
