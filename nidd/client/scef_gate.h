#pragma once

#include <deque>
#include <functional>
#include <memory>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "nidd/client/circuit_breaker.h"
#include "nidd/client/creation_pacer.h"
#include "nidd/client/gate_counters.h"
#include "nidd/client/load_shedder.h"
#include "nidd/client/t8_client.h"

namespace scef::nidd {

struct ScefGateOptions {
    CircuitBreaker::Options breaker;
    LoadShedder::Options shedding;
    double creations_per_second = 50;  ///< of configurations, by this gate; 0: unlimited
    /// A SCEF's Retry-After may be an hour, for one device; nobody else is to wait longer than
    /// this.
    Duration retry_after_max = std::chrono::seconds(30);
};

/// Stands before the client of one SCEF on one worker and spares a SCEF that is in trouble. What it
/// does not let through is answered `not_sent` with `retry_after`, which is safe for every call:
/// - while the circuit breaker is open, everything; it trips after several calls in a row that got
///   no answer, a gateway's (502, 504) or a 5xx without a body;
/// - while the SCEF answers 429 or 503, a share of everything but deletions, lists and the
///   read of a delivery;
/// - creations of configurations wait for their turn, in order, and no time-out runs meanwhile.
/// Belongs to the thread of its `io_context`; `counters` may be called from any. `random` outlives
/// it. After its end no `done` is called any more.
class ScefGate final : public T8Client {
public:
    using Now = std::function<Instant()>;

    ScefGate(boost::asio::io_context& context, std::unique_ptr<T8Client> client,
             const ScefGateOptions& options, Random& random, Now now = steady_now);
    ~ScefGate() override;
    ScefGate(const ScefGate&) = delete;
    ScefGate& operator=(const ScefGate&) = delete;

    void submit(T8Request request, Done done) override;
    GateCounters counters() const { return meter_.counters(); }

    static Instant steady_now();

private:
    struct Waiting {
        T8Request request;
        Done done;
    };
    struct Passed {
        T8Request::Operation operation;
        CircuitBreaker::Epoch epoch;
        Instant since;
    };

    void pass(T8Request request, Done done, Instant now);
    void hold_back(T8Request::Operation operation, Done done, Duration wait);
    void on_answer(const Passed& passed, const T8Answer& answer);
    void release(Instant now);
    void arm();
    Duration shed_wait(Instant now);

    boost::asio::io_context& context_;
    Random& random_;
    Now now_;
    Duration retry_after_max_;
    CircuitBreaker breaker_;
    LoadShedder shedder_;
    CreationPacer pacer_;
    GateMeter meter_;
    std::deque<Waiting> waiting_;
    boost::asio::steady_timer turn_;
    bool turn_armed_ = false;
    Instant asked_until_{};  ///< the SCEF's own Retry-After, at most so long
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
    std::unique_ptr<T8Client> client_;  ///< goes first: its end drops what is open
};

}  // namespace scef::nidd
