#include "nidd/client/connection_pool.h"

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>

namespace scef::nidd {
namespace {

/// How many connections may be in the making at once, so that a burst is no connection storm.
constexpr std::size_t connecting_max = 64;
/// How often a request that found its connection closed, unwritten, is moved to another.
constexpr unsigned tries_max = 4;

Instant steady_now() {
    return Instant(
        std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch()));
}

T8Answer not_sent(std::string error) {
    T8Answer answer;
    answer.error = std::move(error);
    return answer;
}

T8Answer expired() {
    T8Answer answer = not_sent("its time to live was over before it could be sent");
    answer.transport = T8Answer::Transport::expired;
    return answer;
}

}  // namespace

ConnectionPool::ConnectionPool(boost::asio::io_context& context,
                               std::shared_ptr<const HttpConnectionSettings> settings,
                               std::size_t connections_max)
    : context_(context),
      settings_(std::move(settings)),
      connections_max_(std::max<std::size_t>(connections_max, 1)),
      patience_(context) {}

void ConnectionPool::submit(Order order, Done done) {
    const Instant patience = steady_now() + settings_->request_timeout;
    waiting_.insert({std::make_shared<const std::string>(std::move(order.request)),
                     order.response_octets, order.urgency, std::move(done),
                     std::min(patience, order.not_after), order.not_after, 0});
    dispatch();
    arm_patience();
}

void ConnectionPool::shut_down() {
    patience_.cancel();
    waiting_.clear();
    idle_.clear();
    for (const Connection& connection : std::exchange(open_, {})) connection->close();
}

void ConnectionPool::dispatch() {
    end_waits();
    while (!waiting_.empty()) {
        const Connection connection = take_idle();
        if (!connection) break;
        assign(connection, take_most_urgent());
    }
    // What is idle still has something to read, and may do after that.
    const std::size_t unread = std::min(idle_.size(), waiting_.size());
    if (unread > 0) dispatch_later();
    const std::size_t wanted = std::min(waiting_.size() - unread, connecting_max);
    while (connecting_ < wanted && open_.size() < connections_max_) open_one();
}

void ConnectionPool::dispatch_later() {
    if (std::exchange(dispatch_due_, true)) return;
    boost::asio::post(context_, [pool = weak_from_this()] {
        const auto alive = pool.lock();
        if (!alive) return;
        alive->dispatch_due_ = false;
        alive->dispatch();
    });
}

ConnectionPool::Waiting ConnectionPool::take_most_urgent() {
    auto& by_urgency = waiting_.get<1>();
    Waiting taken = *by_urgency.begin();
    by_urgency.erase(by_urgency.begin());
    return taken;
}

ConnectionPool::Connection ConnectionPool::take_idle() {
    using Readiness = HttpConnection::Readiness;
    for (std::size_t at = idle_.size(); at-- > 0;) {
        const Connection connection = idle_[at];
        const Readiness readiness = connection->readiness();
        if (readiness == Readiness::unread) continue;
        idle_.erase(idle_.begin() + static_cast<std::ptrdiff_t>(at));
        if (readiness == Readiness::ready) return connection;
        connection->close();
        open_.erase(connection);
    }
    return nullptr;
}

void ConnectionPool::assign(const Connection& connection, Waiting waiting) {
    const auto request = waiting.request;
    const std::size_t octets = waiting.response_octets;
    connection->send(request, octets,
                     [pool = weak_from_this(), connection = std::weak_ptr(connection),
                      waiting = std::move(waiting)](HttpConnection::Ending ending) {
                         const auto alive = pool.lock();
                         const auto used = connection.lock();
                         if (alive && used) alive->on_ended(used, waiting, std::move(ending));
                     });
}

void ConnectionPool::on_ended(const Connection& connection, Waiting waiting,
                              HttpConnection::Ending ending) {
    if (connection->is_idle()) {
        idle_.push_back(connection);
    } else {
        open_.erase(connection);
    }
    if (ending.unwritten && ++waiting.tries < tries_max) {
        waiting_.insert(std::move(waiting));
        dispatch();
        arm_patience();
        return;
    }
    dispatch();
    waiting.done(std::move(ending.answer));
}

void ConnectionPool::open_one() {
    const auto connection = std::make_shared<HttpConnection>(context_, settings_);
    open_.insert(connection);
    ++connecting_;
    const auto pool = weak_from_this();
    const std::weak_ptr weak = connection;
    connection->connect(
        [pool, weak](Status status) {
            const auto alive = pool.lock();
            const auto made = weak.lock();
            if (alive && made) alive->on_connected(made, std::move(status));
        },
        [pool, weak] {
            const auto alive = pool.lock();
            const auto closed = weak.lock();
            if (alive && closed) alive->on_idle_closed(closed);
        });
}

void ConnectionPool::on_connected(const Connection& connection, Status status) {
    --connecting_;
    if (status) {
        idle_.push_back(connection);
        dispatch();
        return;
    }
    open_.erase(connection);
    // With no connection left the server is gone for everybody who waits; else for one of them.
    const bool alone = open_.size() == connecting_;
    fail_waiting(alone ? waiting_.size() : 1, status.error().message);
    dispatch();
}

void ConnectionPool::on_idle_closed(const Connection& connection) {
    open_.erase(connection);
    std::erase(idle_, connection);
}

void ConnectionPool::fail_waiting(std::size_t count, const std::string& error) {
    std::vector<Done> failed;
    for (; count > 0 && !waiting_.empty(); --count) {
        failed.push_back(waiting_.begin()->done);
        waiting_.erase(waiting_.begin());
    }
    for (const Done& done : failed) done(not_sent(error));
}

void ConnectionPool::end_waits() {
    const Instant now = steady_now();
    while (!waiting_.empty() && waiting_.begin()->until <= now) {
        const Waiting late = *waiting_.begin();
        waiting_.erase(waiting_.begin());
        boost::asio::post(context_, [pool = weak_from_this(), done = late.done,
                                     answer = late.not_after <= now
                                                  ? expired()
                                                  : not_sent("no connection to the SCEF came free "
                                                             "in time")] {
            if (!pool.expired()) done(answer);
        });
    }
}

void ConnectionPool::arm_patience() {
    if (waiting_.empty() || patience_ends_ <= waiting_.begin()->until) return;
    patience_ends_ = waiting_.begin()->until;
    patience_.expires_at(std::chrono::steady_clock::time_point(patience_ends_.time_since_epoch()));
    patience_.async_wait([pool = weak_from_this()](const boost::system::error_code& error) {
        const auto alive = pool.lock();
        if (!alive || error) return;
        alive->patience_ends_ = never;
        alive->end_waits();
        alive->arm_patience();
    });
}

}  // namespace scef::nidd
