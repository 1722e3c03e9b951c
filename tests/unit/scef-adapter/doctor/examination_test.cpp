#include "scef-adapter/doctor/examination.h"

#include <gtest/gtest.h>

#include "tests/unit/scef-adapter/doctor/scripted_scef.h"

namespace scef::adapter::doctor::test {
namespace {

using Operation = nidd::T8Request::Operation;

/// One examination, run to its end; notifications are those that `during` gives after a call.
class ExaminationTest : public testing::Test {
protected:
    const Report& examine(const std::function<void(Examination&, std::size_t)>& during = nullptr) {
        Patient patient;
        patient.scef.name = "operator-a";
        patient.scef.api_root = "http://scef.example";
        patient.external_id = "probe@b.example";
        patient.public_url = "http://us";
        patient.destinations = "http://us/n/ffff";
        patient.destination = patient.destinations + "0001";
        dut = std::make_unique<Examination>(
            context, std::make_unique<ScriptedScef>(context, script), patient,
            Examination::Settings{std::chrono::seconds(0), [this] { return now; }}, random,
            [this] { ended = true; });
        dut->start();
        while (!ended && context.run_one() > 0) {
            if (during) during(*dut, script.asked.size());
        }
        EXPECT_TRUE(ended);
        return dut->report();
    }

    Judged of(const std::string& step) const {
        for (const Finding& finding : dut->report().findings) {
            if (finding.step == step) return {finding.verdict, finding.detail};
        }
        return {Verdict::skipped, "there is no such finding"};
    }

    WallTime now = *from_rfc3339("2030-01-01T00:00:00Z");
    boost::asio::io_context context;
    SeededRandom random{1};
    Script script = sleeping_device();
    std::unique_ptr<Examination> dut;
    bool ended = false;
};

TEST_F(ExaminationTest, walks_through_everything_and_deletes_what_it_made) {
    const Report& report = examine();

    EXPECT_FALSE(report.running);
    for (const char* step :
         {"reach", "create", "renew", "second create", "deliver now", "deliver later",
          "replace delivery", "change delivery", "cancel delivery", "too large",
          "unknown configuration", "trigger", "recall trigger", "delete", "gone"}) {
        EXPECT_EQ(of(step).verdict, Verdict::works) << step << ": " << of(step).detail;
    }
    EXPECT_EQ(of("rds ports").verdict, Verdict::lacks);
    EXPECT_EQ(of("watch reachability").verdict, Verdict::lacks);
    EXPECT_EQ(of("test notification").verdict, Verdict::lacks);
    EXPECT_EQ(script.count(Operation::delete_configuration), 2u);
    EXPECT_EQ(script.asked.back().operation, Operation::read_configuration);
}

TEST_F(ExaminationTest, ends_at_once_when_the_scef_takes_no_credentials) {
    script.answer(Operation::list_configurations, problem(401, ""));
    const Report& report = examine();
    ASSERT_EQ(report.findings.size(), 1u);
    EXPECT_EQ(report.findings[0].verdict, Verdict::fails);
    EXPECT_EQ(script.asked.size(), 1u);
    EXPECT_TRUE(report.advice.empty());
}

TEST_F(ExaminationTest, notes_notifications_whenever_they_come) {
    const std::string t2 = root + "c1/downlink-data-deliveries/t2";
    examine([&](Examination& examination, std::size_t calls) {
        if (calls != 3) return;
        examination.take(nidd::TestNotification{root + "c1"});
        examination.take(nidd::NiddUplinkDataNotification{});
        examination.take(nidd::DeviceTriggeringDeliveryReport{"x", "SUCCESS"});
        examination.take(nidd::NiddDownlinkDataDeliveryStatusNotification{t2, {"FAILURE"}, {}});
    });
    EXPECT_EQ(of("test notification").verdict, Verdict::works);
    EXPECT_EQ(of("delivery status").detail, "FAILURE");
    EXPECT_EQ(of("trigger report").detail, "SUCCESS");
    EXPECT_EQ(of("uplink").verdict, Verdict::works);
}

TEST_F(ExaminationTest, finds_its_configuration_in_the_list_when_the_answer_had_no_link) {
    script.answer(Operation::create_configuration, answered(201, "{}"));
    script.answer(Operation::list_configurations,
                  answered(200, R"([{"self":")" + root +
                                    R"(c7","notificationDestination":"http://us/n/ffff0001"}])"));
    examine();
    EXPECT_EQ(of("create").verdict, Verdict::deviates);
    EXPECT_EQ(of("delete").verdict, Verdict::works);
    EXPECT_EQ(script.asked.back().configuration_id, "c7");
}

TEST_F(ExaminationTest, without_a_configuration_goes_on_with_what_needs_none) {
    script.answer(Operation::create_configuration, problem(403, ""));
    examine();
    EXPECT_EQ(of("create").verdict, Verdict::fails);
    EXPECT_EQ(of("deliver now").detail, "there is no configuration");
    EXPECT_EQ(of("trigger").verdict, Verdict::works);
    EXPECT_EQ(script.count(Operation::delete_configuration), 0u);
}

TEST_F(ExaminationTest, tries_a_patch_under_its_other_name) {
    script.answers[Operation::patch_configuration] = [](const nidd::T8Request& request) {
        return answered(request.media_type.empty() ? 415 : 204);
    };
    examine();
    EXPECT_EQ(of("renew").verdict, Verdict::deviates);
    EXPECT_EQ(of("renew").detail, "204 only as application/json");
}

TEST_F(ExaminationTest, deletes_what_an_earlier_one_left_of_this_device_only) {
    const auto listed = [](const std::string& id, const std::string& device,
                           const std::string& destination) {
        return R"({"self":")" + root + id + R"(","externalId":")" + device +
               R"(","notificationDestination":")" + destination + "\"}";
    };
    script.answer(Operation::list_configurations,
                  answered(200, '[' + listed("old", "probe@b.example", "http://us/n/ffff9") + ',' +
                                    listed("x", "other@b.example", "http://us/n/ffff8") + ',' +
                                    listed("y", "probe@b.example", "http://them/n") + ']'));
    examine();
    EXPECT_EQ(of("clean up").verdict, Verdict::works);
    std::vector<std::string> deleted;
    for (const auto& request : script.asked) {
        if (request.operation == Operation::delete_configuration) {
            deleted.push_back(request.configuration_id);
        }
    }
    EXPECT_EQ(deleted, (std::vector<std::string>{"old", "c2", "c1"}));
}

TEST_F(ExaminationTest, of_a_device_awake_skips_what_needs_a_buffer) {
    script.answers[Operation::create_delivery] = [](const nidd::T8Request& request) {
        return request.configuration_id == "c1" ? answered(200, R"({"deliveryStatus":"SUCCESS"})")
                                                : answered(404);
    };
    examine();
    EXPECT_EQ(of("deliver now").verdict, Verdict::works);
    EXPECT_EQ(of("cancel delivery").detail, "the device was awake");
}

}  // namespace
}  // namespace scef::adapter::doctor::test
