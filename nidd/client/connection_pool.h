#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/multi_index/member.hpp>
#include <boost/multi_index/ordered_index.hpp>
#include <boost/multi_index_container.hpp>

#include "nidd/client/http_connection.h"

namespace scef::nidd {

/// Keep-alive connections to one server: opens another when all are busy, up to `connections_max`;
/// further requests wait, the most urgent one goes first, at most `request_timeout` and never
/// beyond its `not_after`. The connection used last is used next, so the others run into their idle
/// timeout. Belongs to the thread of its
/// `io_context`; held by `shared_ptr`, ended by `shut_down`.
class ConnectionPool : public std::enable_shared_from_this<ConnectionPool> {
public:
    using Done = std::function<void(T8Answer)>;

    ConnectionPool(boost::asio::io_context& context,
                   std::shared_ptr<const HttpConnectionSettings> settings,
                   std::size_t connections_max);

    /// A serialised request; the body of its response has at most `response_octets`.
    struct Order {
        std::string request;
        std::size_t response_octets = 0;
        Urgency urgency = {};
        Instant not_after = never;  ///< `expired` if it could not be written by then
    };

    /// `done` is called once, but not before this returns.
    void submit(Order order, Done done);
    /// Closes everything; what is open is dropped without a call of its `done`.
    void shut_down();

    std::size_t connections() const { return open_.size(); }

private:
    struct Waiting {
        std::shared_ptr<const std::string> request;
        std::size_t response_octets = 0;
        Urgency urgency;
        Done done;
        Instant until;  ///< its patience ends, or its `not_after`
        Instant not_after;
        unsigned tries = 0;
    };
    using Connection = std::shared_ptr<HttpConnection>;
    template <typename Type, Type Waiting::*key>
    using By =
        boost::multi_index::ordered_non_unique<boost::multi_index::member<Waiting, Type, key>>;
    /// By the end of their wait, and by urgency; equals by age.
    using WaitingRoom = boost::multi_index_container<
        Waiting, boost::multi_index::indexed_by<By<Instant, &Waiting::until>,
                                                By<Urgency, &Waiting::urgency>>>;

    void dispatch();
    /// Dispatches again once the reads that are due have been served.
    void dispatch_later();
    Waiting take_most_urgent();
    Connection take_idle();
    void assign(const Connection& connection, Waiting waiting);
    void open_one();
    void on_connected(const Connection& connection, Status status);
    void on_ended(const Connection& connection, Waiting waiting, HttpConnection::Ending ending);
    void on_idle_closed(const Connection& connection);
    void fail_waiting(std::size_t count, const std::string& error);
    /// Answers those whose wait is over, soon: a `submit` may be under way.
    void end_waits();
    void arm_patience();

    boost::asio::io_context& context_;
    std::shared_ptr<const HttpConnectionSettings> settings_;
    std::size_t connections_max_;
    boost::asio::steady_timer patience_;
    Instant patience_ends_ = never;  ///< when the timer is due
    bool dispatch_due_ = false;
    WaitingRoom waiting_;
    std::unordered_set<Connection> open_;
    std::vector<Connection> idle_;
    std::size_t connecting_ = 0;
};

}  // namespace scef::nidd
