#include "scef-adapter/doctor/doctor.h"

#include <future>

#include <gtest/gtest.h>

#include "tests/unit/scef-adapter/doctor/scripted_scef.h"

namespace scef::adapter::doctor::test {
namespace {

using Operation = nidd::T8Request::Operation;

/// A doctor on its thread, and a SCEF that leaves it waiting once it has a configuration.
class DoctorTest : public testing::Test {
protected:
    void SetUp() override {
        auto made = std::make_shared<Config>(default_config());
        made->scefs.emplace_back().name = "operator-a";
        made->scefs[0].api_root = "http://scef.example";
        dut = std::make_unique<Doctor>(
            std::shared_ptr<const Config>(made),
            [this](boost::asio::io_context& context,
                   std::size_t) -> Result<std::unique_ptr<nidd::T8Client>> {
                if (broken) return fail(Errc::invalid_argument, "TLS cannot use ca.pem");
                return std::make_unique<ScriptedScef>(context, script);
            },
            std::make_unique<SeededRandom>(3));
        script.unanswered.insert(Operation::read_configuration);
        auto create = script.answers[Operation::create_configuration];
        script.answers[Operation::create_configuration] = [this, create](const auto& request) {
            destination.set_value(
                nidd::parse_configuration(request.body)->notification_destination);
            return create(request);
        };
        dut->start();
    }

    Result<Report> wait(const std::function<void(DoctorAccess::Done)>& call) {
        std::promise<Result<Report>> promise;
        call([&](Result<Report> report) { promise.set_value(std::move(report)); });
        return promise.get_future().get();
    }
    Result<Report> examine() {
        return wait([this](auto done) {
            dut->examine(0, *ExternalId::parse("probe@b.example"), std::move(done));
        });
    }
    Result<Report> report() {
        return wait([this](auto done) { dut->report(0, std::move(done)); });
    }
    int notify(const nidd::Capability& capability) {
        std::promise<int> status;
        dut->notify({capability, nidd::TestNotification{"x"}},
                    [&](nidd::NotificationVerdict verdict) { status.set_value(verdict.status); });
        return status.get_future().get();
    }

    Script script = sleeping_device();
    std::promise<std::string> destination;  ///< of the examination's notifications
    bool broken = false;
    std::unique_ptr<Doctor> dut;
};

TEST_F(DoctorTest, examines_and_keeps_the_last_report) {
    script.answer(Operation::list_configurations, problem(401, ""));
    EXPECT_EQ(report().error().code, Errc::not_found);
    EXPECT_TRUE(examine()->running);
    auto last = report();
    while (last->running) last = report();
    EXPECT_EQ(last->findings[0].verdict, Verdict::fails);
}

TEST_F(DoctorTest, takes_the_notifications_of_the_examination_that_runs_and_no_others) {
    examine();
    const std::string url = destination.get_future().get();
    const auto capability = *nidd::Capability::parse(url.substr(url.rfind('/') + 1));
    nidd::Capability guessed = capability;
    guessed.secret[15] ^= 1;

    EXPECT_EQ(capability.shard, doctor_shard);
    EXPECT_EQ(notify(capability), 204);
    EXPECT_EQ(notify(guessed), 404);
    EXPECT_TRUE(dut->is_examining(url));
    EXPECT_FALSE(dut->is_examining(url + '0'));
    EXPECT_EQ(report()->findings.back().step, "test notification");
}

TEST_F(DoctorTest, examines_a_scef_once_at_a_time) {
    examine();
    EXPECT_EQ(examine().error().code, Errc::conflict);
}

TEST_F(DoctorTest, a_client_that_cannot_be_made_is_a_finding) {
    broken = true;
    const auto told = examine();
    EXPECT_FALSE(told->running);
    EXPECT_EQ(told->findings[0].detail, "TLS cannot use ca.pem");
    EXPECT_FALSE(report()->running);
}

TEST_F(DoctorTest, a_notification_without_an_examination_is_404) {
    EXPECT_EQ(notify({doctor_shard, 0, {}}), 404);
    EXPECT_EQ(notify({doctor_shard, 77, {}}), 404);
    EXPECT_FALSE(dut->is_examining(""));
}

}  // namespace
}  // namespace scef::adapter::doctor::test
