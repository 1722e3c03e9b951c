#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace scef::simulation {

/// What the outside world did to the adapter.
enum class Fault : std::uint8_t {
    datagram_lost,
    datagram_doubled,
    datagram_late,
    frame_lost,
    frame_doubled,
    device_asleep,
    device_silent,
    device_resets,
    device_slow,
    device_reboot,
    server_down,
    server_silent,
    server_resets,
    server_slow,
    server_repeats_after_ack,
    message_id_reused,
    asked_again,
    t8_post_waits,
    t8_post_expired,
    t8_answer,
    t8_put_answer,
    t8_side_answer,
    t8_status_before_answer,
    t8_status_doubled,
    t8_status_contradicts,
    t8_status_missing,
    t8_configuration_lost,
    t8_terminated,
    notification_repeated,
    wall_clock_jump,
    crash_batch_kept,
    crash_batch_lost,
    command_cancel,
    command_purge,
    command_pause,
    command_remove,
    command_replace,
    command_takes_places,
    command_collapses,
    command_repeated,
    malformed_octets,
    count_,
};
std::string_view name_of(Fault fault);

/// Counts of one process, in memory that it may share with its parent: plain numbers only.
struct Coverage {
    static constexpr std::size_t rows_max = 128;
    static constexpr std::size_t t8_answers_max = 64;

    std::uint64_t seeds = 0;
    std::uint64_t turns = 0;
    std::uint64_t crashes = 0;
    std::uint64_t messages = 0;
    std::uint64_t posts = 0;
    std::uint64_t puts = 0;
    std::uint64_t uplinks = 0;
    std::uint64_t virtual_seconds = 0;
    std::uint64_t stray_notifications = 0;
    std::array<std::uint64_t, static_cast<std::size_t>(Fault::count_)> faults{};
    std::array<std::uint64_t, t8_answers_max> t8_answers{}, put_answers{};
    std::array<std::uint64_t, rows_max> rows{};  ///< of the downlink table; the last one: no row
    std::array<std::uint64_t, 11> ended{};       ///< by MessageState

    void count(Fault fault) { ++faults[static_cast<std::size_t>(fault)]; }
    Coverage& operator+=(const Coverage& other);
};

/// From now on this process counts the rows of the downlink table that the engine takes here, and
/// remembers the last one's name.
void count_rows_in(Coverage* coverage);
/// Rows taken since the last call, for the trace; empty if `trace_rows` was not called.
std::string_view rows_taken();
void trace_rows(bool on);

/// The table at the end of a run.
void print_coverage(const Coverage& total, double seconds);

}  // namespace scef::simulation
