#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "lwm2m-core/vocabulary/turn.h"
#include "tests/bench/load/datagram_port.h"
#include "tests/bench/load/fleet.h"
#include "tests/bench/load/latency_histogram.h"

namespace scef::bench {

/// What a load sends, and how fast.
struct RequestPlan {
    bool confirmable = true;   ///< with an answer; else it is over when the SCEF has it
    std::size_t window = 256;  ///< open requests at most; with a rate, too
    double rate = 0;  ///< requests a second whatever becomes of them; 0: as fast as they end
    std::size_t devices = 0;  ///< of the fleet, the first ones
};

struct RequestFigures {
    std::uint64_t sent = 0;
    std::uint64_t at_scef = 0;   ///< reached the SCEF
    std::uint64_t answered = 0;  ///< with the device's answer
    std::uint64_t refused = 0;   ///< with 4.29, 5.03 or another error
    std::uint64_t lost = 0;      ///< nothing for ten seconds
    std::uint64_t withheld = 0;  ///< not sent, because the window was full
    LatencyHistogram to_scef;    ///< from when it was due until the SCEF had it
    LatencyHistogram to_answer;
    LatencyHistogram to_refusal;
};

/// The LwM2M server of a run: Writes of 100 octets to one device after the other. It repeats
/// nothing: what is lost is counted. On the thread that runs the context.
class RequestLoad {
public:
    /// Told of a notification of a device by the number in its token.
    using OnUplink = std::function<void(std::uint64_t sequence)>;

    RequestLoad(boost::asio::io_context& context, const Fleet& fleet);

    std::uint16_t port() const { return port_.port(); }
    void start(const RequestPlan& plan);
    /// No more new ones; open ones may still end.
    void stop();
    void on_uplink(OnUplink listener) { on_uplink_ = std::move(listener); }
    /// A frame of ours arrived at the SCEF.
    void reached_scef(ByteView octets);

    std::size_t open() const { return open_; }
    /// Since the last call.
    RequestFigures take_figures();

private:
    using Clock = std::chrono::steady_clock;
    struct Slot {
        std::uint64_t sequence = 0;
        Clock::time_point due{};
        bool open = false;
    };

    void on_datagram(ByteView octets, const sockaddr_in& peer);
    void send_one(Clock::time_point due);
    void fill_window();
    void tick();
    void sweep();
    Slot* slot_of(ByteView octets);
    void end(Slot& slot);

    const Fleet& fleet_;
    DatagramPort port_;
    boost::asio::steady_timer ticker_;
    boost::asio::steady_timer sweeper_;
    RequestPlan plan_;
    bool running_ = false;
    std::vector<Slot> slots_;
    std::uint64_t sequence_ = 0;
    std::size_t open_ = 0;
    Clock::time_point started_{};
    std::uint64_t due_count_ = 0;
    RequestFigures figures_;
    OnUplink on_uplink_;
};

/// Set in the number that the token of a device's notification carries.
inline constexpr std::uint64_t uplink_mark = std::uint64_t{1} << 63;

/// The eight octets of a token, and its number.
void append_number(Bytes& octets, std::uint64_t number);
std::uint64_t number_in(ByteView octets);

}  // namespace scef::bench
