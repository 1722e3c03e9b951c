#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "nidd/client/gate_counters.h"
#include "queueing/message_state.h"
#include "scef-adapter/engine/counters.h"
#include "scef-adapter/metrics/metric_table.h"

/// The labels of the metric table, their values made from the types that they stand for.
namespace scef::adapter::labels {

/// The values of an enumeration of so many.
template <typename Enumerator>
std::vector<std::string> names(std::size_t count, std::size_t first = 0) {
    std::vector<std::string> list;
    for (std::size_t i = first; i < count; ++i) {
        list.emplace_back(name_of(static_cast<Enumerator>(i)));
    }
    return list;
}

template <typename NameOf>
std::vector<std::string> names_by(std::size_t count, NameOf name_of_place) {
    std::vector<std::string> list;
    for (std::size_t i = 0; i < count; ++i) list.emplace_back(name_of_place(i));
    return list;
}

/// The name of a reason as a label has it.
std::string reason_name(queueing::Reason reason);
/// Message kinds and priorities, by place.
std::string_view kind_name(std::size_t kind);
std::string_view priority_name(std::size_t priority);
/// Why a message may be QUEUED.
const std::vector<queueing::Reason>& waiting_reasons();

MetricLabel scef();
MetricLabel kind();

}  // namespace scef::adapter::labels
