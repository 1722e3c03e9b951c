#include "tests/simulation/coverage.h"

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <string>

#include "queueing/downlink_table.h"
#include "queueing/message_state.h"
#include "tests/simulation/t8_answers.h"

/// The linker puts `count_row` between the engine and the table (--wrap in CMakeLists.txt).
namespace scef::simulation {

using queueing::DownlinkEvent;
using queueing::DownlinkRow;
using queueing::Message;

const DownlinkRow* real_find_row(const Message& message, DownlinkEvent event) __asm__(
    "__real__ZN4scef8queueing8find_rowERKNS0_7MessageENS0_13DownlinkEventE");
const DownlinkRow* count_row(const Message& message, DownlinkEvent event) __asm__(
    "__wrap__ZN4scef8queueing8find_rowERKNS0_7MessageENS0_13DownlinkEventE");

namespace {

Coverage* rows_counted_in = nullptr;
bool rows_traced = false;
std::string traced;

template <typename Counts>
void add(Counts& to, const Counts& from) {
    std::transform(to.begin(), to.end(), from.begin(), to.begin(), std::plus<>());
}

void print_counts(const char* title, std::size_t count, const auto& name, const auto& value) {
    std::printf("\n%s\n", title);
    for (std::size_t i = 0; i < count; ++i) {
        std::printf("  %-46s %12llu%s\n", std::string(name(i)).c_str(),
                    static_cast<unsigned long long>(value(i)), value(i) == 0 ? "  never" : "");
    }
}

}  // namespace

const DownlinkRow* count_row(const Message& message, DownlinkEvent event) {
    const DownlinkRow* row = real_find_row(message, event);
    const auto index = row == nullptr
                           ? Coverage::rows_max - 1
                           : static_cast<std::size_t>(row - queueing::downlink_table().data());
    if (rows_counted_in != nullptr) ++rows_counted_in->rows[index];
    if (rows_traced) {
        traced +=
            " [" + std::string(row == nullptr ? "no row" : row->name) + "] of " + message.id.text();
    }
    return row;
}

void count_rows_in(Coverage* coverage) { rows_counted_in = coverage; }

void trace_rows(bool on) { rows_traced = on; }

std::string_view rows_taken() {
    static std::string last;
    last = std::exchange(traced, {});
    return last;
}

Coverage& Coverage::operator+=(const Coverage& other) {
    seeds += other.seeds;
    turns += other.turns;
    crashes += other.crashes;
    messages += other.messages;
    posts += other.posts;
    puts += other.puts;
    uplinks += other.uplinks;
    virtual_seconds += other.virtual_seconds;
    stray_notifications += other.stray_notifications;
    add(faults, other.faults);
    add(t8_answers, other.t8_answers);
    add(put_answers, other.put_answers);
    add(rows, other.rows);
    add(ended, other.ended);
    return *this;
}

std::string_view name_of(Fault fault) {
    static constexpr std::string_view names[] = {
        "datagram lost",
        "datagram doubled",
        "datagram late or out of order",
        "frame lost on the radio",
        "frame doubled on the radio",
        "device asleep at its POST",
        "device does not answer",
        "device answers RST",
        "device answers later",
        "device reboots",
        "datagram for a server that is down",
        "server does not answer or acknowledge",
        "server answers RST",
        "server answers later",
        "server repeats after the ACK",
        "server uses a message id again",
        "server asks again with a new token",
        "a POST waits for a connection",
        "a POST waits beyond its TTL",
        "SCEF: unusual answer to a POST",
        "SCEF: unusual answer to a PUT",
        "SCEF: unusual answer to another call",
        "SCEF: status before the answer",
        "SCEF: status twice",
        "SCEF: status contradicts",
        "SCEF: status never told",
        "SCEF: configuration forgotten",
        "SCEF: configuration terminated",
        "SCEF: notification repeated",
        "wall clock set by an hour",
        "crash: a waiting batch was kept",
        "crash: a waiting batch was lost",
        "operator cancels",
        "operator purges",
        "operator pauses",
        "operator removes a device",
        "operator replaces a device",
        "operator replaces all that waits",
        "operator sends with a collapse key",
        "operator repeats a request",
        "malformed octets",
    };
    static_assert(std::size(names) == static_cast<std::size_t>(Fault::count_));
    return names[static_cast<std::size_t>(fault)];
}

void print_coverage(const Coverage& total, double seconds) {
    print_counts(
        "faults", total.faults.size(), [](std::size_t i) { return name_of(static_cast<Fault>(i)); },
        [&](std::size_t i) { return total.faults[i]; });
    const auto kinds = unusual_t8_answers();
    print_counts(
        "unusual answers to a POST", kinds.size(), [&](std::size_t i) { return kinds[i].name; },
        [&](std::size_t i) { return total.t8_answers[i]; });
    const auto puts = unusual_put_answers();
    print_counts(
        "unusual answers to a PUT", puts.size(), [&](std::size_t i) { return puts[i].name; },
        [&](std::size_t i) { return total.put_answers[i]; });
    const auto table = queueing::downlink_table();
    print_counts(
        "rows of the downlink table", table.size(), [&](std::size_t i) { return table[i].name; },
        [&](std::size_t i) { return total.rows[i]; });
    std::printf("  %-46s %12llu\n", "no row",
                static_cast<unsigned long long>(total.rows[Coverage::rows_max - 1]));
    print_counts(
        "ends of messages", total.ended.size(),
        [](std::size_t i) { return queueing::name_of(static_cast<queueing::MessageState>(i)); },
        [&](std::size_t i) { return total.ended[i]; });
    const auto line = [](const char* name, std::uint64_t value) {
        std::printf("%-14s %14llu\n", name, static_cast<unsigned long long>(value));
    };
    std::printf("\n");
    line("seeds", total.seeds);
    line("turns", total.turns);
    line("crashes", total.crashes);
    line("messages", total.messages);
    line("POSTs", total.posts);
    line("PUTs", total.puts);
    line("uplinks", total.uplinks);
    line("virtual hours", total.virtual_seconds / 3600);
    line("stray notif.", total.stray_notifications);
    line("turns a second",
         static_cast<std::uint64_t>(static_cast<double>(total.turns) / std::max(seconds, 0.001)));
}

}  // namespace scef::simulation
