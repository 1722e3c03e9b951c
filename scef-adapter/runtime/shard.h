#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "nidd/endpoint/source_list.h"
#include "queueing/store/store.h"
#include "scef-adapter/capture/device_traces.h"
#include "scef-adapter/endpoints/address_plan.h"
#include "scef-adapter/endpoints/datagram_socket.h"
#include "scef-adapter/engine/engine.h"
#include "scef-adapter/feed/event_feed.h"
#include "scef-adapter/runtime/shard_access.h"
#include "scef-adapter/runtime/worker.h"

namespace scef::adapter {

/// One engine with its socket, its clock and its place in the store: feeds it events, commits each
/// turn's records, and releases the turn's effects, in order, once they are durable. Lives on one
/// worker's thread; only `load` is called before that thread runs.
class Shard {
public:
    /// Called, on the worker's thread, with the outcome of a commit that failed: the process must
    /// end.
    using OnFatal = std::function<void(const Error&)>;
    /// Called there, too, when an engine wants the list of a SCEF's configurations.
    using OnList = std::function<void(std::size_t scef)>;
    /// And there, when it has a word for another shard, or this one: hand it in on that one's
    /// thread.
    using OnWord = std::function<void(ShardId to, Event word)>;

    Shard(ShardId id, std::shared_ptr<const Config> config, const AddressPlan& plan,
          std::vector<nidd::SourceList> server_sources, Worker& worker, queueing::Store& store,
          EventFeed& feed, OnFatal on_fatal, OnList on_list, OnWord on_word);

    /// Reads the shard's records into the engine.
    Status load();
    /// Opens the socket; the error is a sentence for a person.
    Status open_socket();
    /// Starts the engine and listens. On the worker's thread.
    void start();
    /// Takes no more datagrams and starts no more deliveries: those that would start go back to
    /// their queue. On the worker's thread.
    void drain();
    /// Nothing is on its way: no T8 call open, no turn waiting for the disk.
    bool is_drained() const { return calls_open_ == 0 && turns_.empty(); }

    void handle(Event event);
    /// One that comes before `start` waits for it.
    void hear(Event word);
    void notify(nidd::IncomingNotification notification,
                std::function<void(nidd::NotificationVerdict)> reply);
    /// With a note for the audit log if it changes something.
    void command(const std::function<Event(ReplyId)>& make, ShardAccess::Done done,
                 const AuditNote* note = nullptr);
    /// An entry of the audit log and nothing else; `done` is called once it is durable.
    void note(const AuditNote& note, std::function<void()> done);
    void query(const ShardAccess::Query& query);
    /// Whose datagrams are looked at from now on, by LwM2M server.
    void replace_sources(std::vector<nidd::SourceList> sources) {
        server_sources_ = std::move(sources);
    }
    void trace(const ExternalId& device, Duration duration, const ShardAccess::TraceDone& done);
    void capture(const ExternalId& device, std::optional<std::uint64_t> after,
                 const ShardAccess::CaptureDone& done);

    Worker& worker() { return worker_; }
    /// Datagrams that the kernel dropped, and those that came from a source or to an address that
    /// is not looked at. Any thread.
    std::uint64_t datagrams_dropped() const {
        return datagrams_dropped_.load(std::memory_order_relaxed);
    }
    std::uint64_t datagrams_refused() const {
        return datagrams_refused_.load(std::memory_order_relaxed);
    }

private:
    struct OpenTurn {
        std::uint64_t sequence = 0;
        std::vector<Effect> effects;
        std::vector<queueing::StoredRecord> events;  ///< of the feed
        bool durable = false;
    };

    Turn turn();
    Turn begin_turn();
    void close(Effects effects);
    void on_committed(std::uint64_t sequence, const Status& status);
    void release();
    void mark_oldest_event();
    void release_effect(Effect& effect);
    void call_scef(CallT8 call);
    void log(const LogLine& line) const;
    void arm_timer();
    void wait_readable();
    void on_readable();

    ShardId id_;
    Engine engine_;
    AddressPlan plan_;
    std::vector<nidd::SourceList> server_sources_;
    Worker& worker_;
    queueing::Store& store_;
    EventFeed& feed_;
    OnFatal on_fatal_;
    OnList on_list_;
    OnWord on_word_;

    std::optional<DatagramSocket> socket_;
    boost::asio::posix::stream_descriptor readable_;
    boost::asio::steady_timer timer_;
    Instant armed_for_ = never;
    bool started_ = false;
    std::vector<Event> early_words_;
    bool listening_ = false;
    bool draining_ = false;
    std::size_t calls_open_ = 0;

    Captures captures_;
    DeviceTraces traces_;
    std::deque<OpenTurn> turns_;
    WallTime last_turn_at_{};
    bool releasing_ = false;
    std::uint64_t next_turn_ = 0;
    ReplyId next_reply_ = 1;
    std::unordered_map<ReplyId, std::function<void(nidd::NotificationVerdict)>>
        notification_replies_;
    std::unordered_map<ReplyId, ShardAccess::Done> command_replies_;
    std::atomic<std::uint64_t> datagrams_dropped_{0}, datagrams_refused_{0};
};

}  // namespace scef::adapter
