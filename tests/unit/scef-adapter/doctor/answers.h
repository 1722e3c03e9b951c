#pragma once

#include <string>

#include "lwm2m-core/vocabulary/time_text.h"
#include "nidd/types/t8_exchange.h"
#include "scef-adapter/doctor/judgement.h"

namespace scef::adapter::doctor::test {

inline const std::string root = "http://scef.example/3gpp-nidd/v1/dm/configurations/";

inline nidd::T8Answer answered(int status, std::string body = "", std::string location = "") {
    nidd::T8Answer answer;
    answer.transport = nidd::T8Answer::Transport::answered;
    answer.status = status;
    answer.body = std::move(body);
    answer.location = std::move(location);
    return answer;
}

inline nidd::T8Answer broken(nidd::T8Answer::Transport transport, std::string error) {
    nidd::T8Answer answer;
    answer.transport = transport;
    answer.error = std::move(error);
    return answer;
}

inline nidd::T8Answer problem(int status, const std::string& cause,
                              const std::string& detail = "") {
    return answered(status, nidd::problem_json(status, "no", detail, cause));
}

inline const nidd::OperatorProfile& standard() { return nidd::standard_profile(); }
inline const nidd::OperatorProfile& oracle() { return *nidd::built_in_profile("oracle"); }

}  // namespace scef::adapter::doctor::test
