#include "scef-adapter/ctl/quota_commands.h"

#include <sstream>

#include <gtest/gtest.h>

#include "tests/unit/scef-adapter/ctl/fake_admin_api.h"

namespace scef::ctl {
namespace {

/// An admin API that has usage on two pages, and keeps what it was asked.
class QuotaCommands : public testing::Test {
protected:
    int usage(const UsageOptions& options) {
        return quota_usage(Session{{api_.url(), ""}, false, out, err}, options);
    }

    std::vector<std::string> asked;
    std::size_t fails_at = 0;
    std::ostringstream out, err;

private:
    FakeAdminApi api_{[this](const httplib::Request& request, httplib::Response& response) {
        asked.push_back(request.target);
        if (fails_at == asked.size()) {
            response.status = 404;
            return response.set_content(R"({"detail":"no such device"})",
                                        "application/problem+json");
        }
        const bool is_last = request.has_param("cursor");
        response.set_content(is_last ? "h\r\nc\r\n" : "h\r\na\r\nb\r\n", "text/csv");
        if (is_last) return;
        response.set_header("Link", "</api/v1/quotas/account/usage?cursor=x>; rel=\"next\"");
        response.set_header("Usage-Kept-Since", "2026-04-14T12:00:00.000Z");
    }};
};

TEST_F(QuotaCommands, usage_writes_all_pages_under_one_header) {
    EXPECT_EQ(usage({"account", "", "", false}), 0);
    EXPECT_EQ(out.str(), "h\r\na\r\nb\r\nc\r\n");
    EXPECT_EQ(asked, (std::vector<std::string>{"/api/v1/quotas/account/usage",
                                               "/api/v1/quotas/account/usage?cursor=x"}));
    EXPECT_NE(err.str().find("2026-04-14T12:00:00.000Z"), std::string::npos) << err.str();
}

TEST_F(QuotaCommands, usage_asks_for_the_scope_and_the_period) {
    usage({"device:m@x.example", "2026-04-01", "2026-05-01T00:00:00+02:00", true});
    EXPECT_EQ(asked.at(0),
              "/api/v1/quotas/device%3Am@x.example/usage?from=2026-04-01"
              "&to=2026-05-01T00%3A00%3A00%2B02%3A00&summary=true");
}

TEST_F(QuotaCommands, a_refusal_is_one_sentence_and_1) {
    fails_at = 1;
    EXPECT_EQ(usage({"device:m@x.example", "", "", false}), 1);
    EXPECT_EQ(out.str(), "");
    EXPECT_EQ(err.str(), "scef-adapterctl: no such device (HTTP 404)\n");
}

TEST_F(QuotaCommands, an_export_that_breaks_off_is_no_success) {
    fails_at = 2;
    EXPECT_EQ(usage({"account", "", "", false}), 1);
}

TEST(QuotaUsage, it_is_CSV_only) {
    std::ostringstream out;
    EXPECT_EQ(quota_usage(Session{{"http://127.0.0.1:1", ""}, true, out, out}, {"account"}), 1);
    EXPECT_NE(out.str().find("--json"), std::string::npos) << out.str();
}

}  // namespace
}  // namespace scef::ctl
