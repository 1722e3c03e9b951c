#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "nidd/client/t8_client.h"
#include "scef-adapter/config/config.h"
#include "scef-adapter/doctor/judgement.h"
#include "scef-adapter/doctor/traits.h"

namespace scef::adapter::doctor {

struct Patient {
    ScefConfig scef;
    std::string external_id;  ///< of a device that nobody else uses meanwhile
    std::string public_url;
    std::string destination;  ///< where its notifications come, `take` gets them
    /// What the destinations of all examinations begin with: what an earlier one left behind.
    std::string destinations;
};

/// One walk through the T8 API of one SCEF, call after call, with what it makes deleted again in
/// the end, whatever happens. Each answer is judged by the functions of `judgement.h`; this knows
/// only the order. Lives on the thread of its `io_context`; `on_end` is called there, once.
class Examination {
public:
    struct Settings {
        /// How long reports are waited for after the last call.
        std::chrono::steady_clock::duration listen = std::chrono::seconds(10);
        std::function<WallTime()> wall;
    };

    Examination(boost::asio::io_context& context, std::unique_ptr<nidd::T8Client> client,
                Patient patient, Settings settings, Random& random, std::function<void()> on_end);
    Examination(const Examination&) = delete;
    Examination& operator=(const Examination&) = delete;

    void start();
    /// A notification that came to its destination.
    void take(const nidd::Notification& notification);
    const Report& report() const { return report_; }

private:
    using Step = void (Examination::*)();
    using Operation = nidd::T8Request::Operation;
    using Then = std::function<void(const nidd::T8Answer&)>;
    /// A notification that may come, and what is said if it does not.
    struct Awaited {
        std::string step;
        std::function<std::optional<Judged>(const nidd::Notification&)> judge;
        std::function<Judged()> otherwise;
        bool worth_waiting = true;
    };

    void next();
    void ask(nidd::T8Request request, const Then& then);
    /// A call about the configuration under examination.
    void ask(Operation operation, const Then& then, std::string body = {},
             std::string transfer_id = {});
    void note(const std::string& step, Judged judged);
    void await(Awaited awaited);
    void end();

    // examination.cpp: the SCEF and its configurations
    void reach();
    void clear_leftovers();
    void create();
    void on_created(const nidd::NiddConfiguration& asked, const nidd::T8Answer& answer);
    void read();
    void list();
    void renew();
    void renew_plainly();
    void create_second();
    void remove();
    void confirm_gone();
    nidd::NiddConfiguration wanted_configuration() const;
    void await_test_notification();

    // delivery_steps.cpp
    void deliver_now();
    void deliver_later();
    void read_delivery();
    void list_deliveries();
    void replace_delivery();
    void change_delivery();
    void cancel_delivery();
    void let_expire();
    void deliver_too_much();
    void deliver_nowhere();
    std::string transfer_json(std::uint32_t maximum_latency, std::size_t octets = 0);
    void drop(const std::string& transfer_id);
    bool may_deliver(const std::string& step);
    bool has_buffered(const std::string& step);

    // resource_steps.cpp
    void list_ports();
    void trigger();
    void await_trigger_report();
    void watch_reachability();
    void watch_availability();
    void watch(const std::string& step, const std::string& monitoring_type);
    void listen();
    void end_listening();
    void recall_trigger();

    boost::asio::steady_timer timer_;
    Patient patient_;
    Settings settings_;
    Random& random_;
    std::function<void()> on_end_;

    Report report_;
    Traits traits_;
    std::vector<Step> steps_;
    std::size_t next_step_ = 0;
    std::chrono::steady_clock::duration took_{};  ///< of the last call, until it is noted
    std::vector<nidd::Notification> heard_;
    std::vector<Awaited> awaited_;
    bool listening_ = false;
    std::size_t uplinks_ = 0;

    bool has_list_ = false;
    std::vector<std::string> leftovers_;  ///< configurations of earlier examinations
    std::string configuration_;           ///< id of ours; empty: there is none
    std::string transfer_;                ///< id of the buffered delivery; empty: there is none
    std::string trigger_;
    std::string nothing_buffered_ = "nothing was buffered";

    std::unique_ptr<nidd::T8Client> client_;  ///< goes first: its end drops what is open
};

}  // namespace scef::adapter::doctor
