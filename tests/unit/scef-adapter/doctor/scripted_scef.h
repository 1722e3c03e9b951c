#pragma once

#include <functional>
#include <map>
#include <set>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "nidd/client/t8_client.h"
#include "tests/unit/scef-adapter/doctor/answers.h"

namespace scef::adapter::doctor::test {

/// What a scripted SCEF was asked and what it answers; outlives its clients.
struct Script {
    using Operation = nidd::T8Request::Operation;
    using Answers = std::function<nidd::T8Answer(const nidd::T8Request&)>;

    std::map<Operation, Answers> answers;
    std::vector<nidd::T8Request> asked;
    std::set<Operation> unanswered;

    void answer(Operation operation, nidd::T8Answer with) {
        answers[operation] = [with](const nidd::T8Request&) { return with; };
    }
    std::size_t count(Operation operation) const {
        std::size_t found = 0;
        for (const auto& request : asked) found += request.operation == operation ? 1 : 0;
        return found;
    }
};

/// Answers as the script says, 404 to what it does not mention.
class ScriptedScef final : public nidd::T8Client {
public:
    ScriptedScef(boost::asio::io_context& context, Script& script)
        : context_(context), script_(script) {}

    void submit(nidd::T8Request request, Done done) override {
        script_.asked.push_back(request);
        if (script_.unanswered.contains(request.operation)) return;
        const auto found = script_.answers.find(request.operation);
        auto answer = found == script_.answers.end() ? answered(404) : found->second(request);
        boost::asio::post(context_,
                          [done = std::move(done), answer = std::move(answer)] { done(answer); });
    }

private:
    boost::asio::io_context& context_;
    Script& script_;
};

/// A SCEF that does everything with a device asleep.
inline Script sleeping_device() {
    using Operation = nidd::T8Request::Operation;
    const std::string delivery = root + "c1/downlink-data-deliveries/t";
    const std::string trigger = "http://scef.example/3gpp-device-triggering/v1/dm/transactions/9";
    Script script;
    script.answer(Operation::list_configurations, answered(200, "[]"));
    script.answers[Operation::create_configuration] = [count = 0](const auto& request) mutable {
        auto kept = *nidd::parse_configuration(request.body);
        kept.self = root + 'c' + std::to_string(++count);
        kept.maximum_packet_size = 10864;
        return answered(201, nidd::to_json(kept), kept.self);
    };
    script.answers[Operation::create_delivery] = [delivery](const nidd::T8Request& request) {
        if (request.configuration_id != "c1") return answered(404);
        const auto transfer = *nidd::parse_transfer(request.body);
        if (transfer.data.size() > 1358) return problem(403, "DATA_TOO_LARGE");
        if (transfer.maximum_latency == 0u) return answered(500, R"({"problemDetail":{}})");
        const std::string self = delivery + std::to_string(*transfer.maximum_latency);
        return answered(201, R"({"self":")" + self + R"(","deliveryStatus":"BUFFERING"})", self);
    };
    script.answer(Operation::create_trigger, answered(201, "{}", trigger));
    for (const auto operation : {Operation::patch_configuration, Operation::delete_configuration,
                                 Operation::replace_delivery, Operation::patch_delivery,
                                 Operation::delete_delivery, Operation::delete_trigger}) {
        script.answer(operation, answered(204));
    }
    return script;
}

}  // namespace scef::adapter::doctor::test
