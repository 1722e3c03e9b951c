#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lwm2m-core/vocabulary/turn.h"

/// What an examination of a SCEF found. Plain values; any thread.
namespace scef::adapter::doctor {

enum class Verdict : std::uint8_t {
    works,     ///< as TS 29.122 has it
    deviates,  ///< not so, but the adapter gets along with it or can be told to
    lacks,     ///< an optional part that this SCEF does not have
    fails,     ///< the adapter cannot work with this
    skipped,   ///< could not be tried
};
std::string_view name_of(Verdict verdict);

/// A verdict with one sentence for a person; never with secrets.
struct Judged {
    Verdict verdict = Verdict::skipped;
    std::string detail;
};

struct Finding {
    std::string step;
    Verdict verdict = Verdict::skipped;
    std::string detail;
    std::chrono::milliseconds took{};  ///< of the call it judges; 0: it judges none of its own
};

/// A row of the summary.
struct Feature {
    std::string_view name;
    std::string_view has;  ///< yes | no | deviates | unknown
};

/// Something for the configuration file.
struct Advice {
    std::string key;
    std::string value;
    std::string reason;
};

struct Report {
    std::string scef;
    std::string external_id;
    WallTime started_at{};
    bool running = true;
    std::vector<Finding> findings;
    std::vector<Advice> advice;  ///< once it has ended
};

/// The table of T8 features, in the same order for every SCEF: what the findings of the steps that
/// show a feature say together.
std::vector<Feature> features_of(const std::vector<Finding>& findings);

}  // namespace scef::adapter::doctor
