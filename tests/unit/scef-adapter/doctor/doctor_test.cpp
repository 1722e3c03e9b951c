#include "scef-adapter/doctor/doctor.h"

#include <future>

#include <gtest/gtest.h>

#include "tests/unit/scef-adapter/doctor/scripted_scef.h"

namespace scef::adapter::doctor::test {
namespace {

using Operation = nidd::T8Request::Operation;

/// A doctor on its thread, and a SCEF whose list of configurations is answered when told to.
class DoctorTest : public testing::Test {
protected:
    void SetUp() override {
        auto made = std::make_shared<Config>(default_config());
        made->scefs.emplace_back().name = "operator-a";
        made->scefs[0].api_root = "http://scef.example";
        config = made;
        script.answers[Operation::list_configurations] = [this](const nidd::T8Request&) {
            released.get_future().wait();
            released = {};
            return problem(401, "");
        };
        dut = std::make_unique<Doctor>(
            config,
            [this](boost::asio::io_context& context,
                   std::size_t) -> Result<std::unique_ptr<nidd::T8Client>> {
                if (broken) return fail(Errc::invalid_argument, "TLS cannot use ca.pem");
                return std::make_unique<ScriptedScef>(context, script);
            },
            std::make_unique<SeededRandom>(3));
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

    std::shared_ptr<const Config> config;
    Script script;
    std::promise<void> released;
    bool broken = false;
    std::unique_ptr<Doctor> dut;
};

TEST_F(DoctorTest, examines_and_keeps_the_last_report) {
    EXPECT_EQ(report().error().code, Errc::not_found);
    released.set_value();
    EXPECT_TRUE(examine()->running);
    auto last = report();
    while (last->running) last = report();
    EXPECT_EQ(last->findings[0].verdict, Verdict::fails);
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
