#pragma once

#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/flow/model_scef.h"

namespace scef::flow {

/// One answer to the POST of a delivery.
struct DeliveryAnswer {
    std::string row;   ///< of docs/t8-outcomes.md
    std::string name;  ///< what tells it from the row's other answers
    ModelScef::Fault fault;
    std::string cause;  ///< what the timeline says of it
    friend void PrintTo(const DeliveryAnswer& answer, std::ostream* out) {
        *out << answer.row << " " << answer.name;
    }
};

/// `post_refused_411`: how a test of a row is named.
inline std::string test_name(std::string row, const std::string& name) {
    std::replace(row.begin(), row.end(), '.', '_');
    return row + "_" + name;
}

/// The name of a parameterised test whose parameter has `row` and `name`.
struct ByRow {
    template <typename Info>
    std::string operator()(const Info& info) const {
        return test_name(info.param.row, info.param.name);
    }
};

/// The SCEF says no and has nothing.
inline ModelScef::Fault says(int status, const std::string& body = {},
                             const std::string& location = {}) {
    ModelScef::Fault fault;
    fault.status = status;
    fault.change = [body, location](nidd::T8Answer& answer) {
        answer.body = body;
        answer.location = location;
    };
    return fault;
}

inline std::string problem(const std::string& cause) { return R"({"cause":")" + cause + R"("})"; }
inline std::string status(const std::string& text) {
    return R"({"deliveryStatus":")" + text + R"("})";
}

/// The SCEF has the frame, in the air or in its buffer, whatever it says.
inline ModelScef::Fault taking_it(ModelScef::Fault fault) {
    fault.takes_it = true;
    return fault;
}

/// Every answer that leaves in doubt whether the SCEF has the frame.
std::vector<DeliveryAnswer> doubtful_answers();

}  // namespace scef::flow
