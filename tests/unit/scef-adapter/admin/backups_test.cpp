#include "scef-adapter/admin/backups.h"

#include <filesystem>
#include <fstream>
#include <future>

#include <gtest/gtest.h>
#include <unistd.h>

#include "queueing/store/memory_store.h"
#include "tests/unit/scef-adapter/admin/fake_shards.h"

namespace scef::adapter::test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

/// A store whose backup is a folder with a file, or an error.
class CopiedStore final : public queueing::Store {
public:
    void commit(queueing::Batch, queueing::CommitDone done) override { done({}); }
    Status load(ShardId, queueing::RecordVisitor&) override { return {}; }
    Result<queueing::Page> read(const queueing::Range&, queueing::PageLimit) override {
        return queueing::Page{};
    }
    Status forget_before(WallTime) override { return {}; }
    Status flush() override { return {}; }
    Status backup(const std::string& directory) override {
        if (waits_for) waits_for->wait();
        if (fails) return fail(Errc::storage, "the disk is full");
        fs::create_directory(directory);
        std::ofstream(directory + "/CURRENT") << "x";
        return {};
    }
    bool fails = false;
    std::optional<std::shared_future<void>> waits_for;
};

struct BackupsTest : testing::Test {
    BackupsTest() {
        auto config = std::make_shared<Config>(*small_config());
        config->store.backups.path = folder;
        config->store.backups.kept = 2;
        live.set(config);
    }
    ~BackupsTest() override { fs::remove_all(folder); }
    Result<std::string> make(WallTime now) {
        std::promise<Result<std::string>> promise;
        dut.make(now, announce, [&](Result<std::string> made) { promise.set_value(std::move(made)); });
        return promise.get_future().get();
    }
    const Backups::Announce announce = [this](const std::string& path,
                                              const std::function<void()>& begin) {
        EXPECT_FALSE(fs::exists(path)) << "told before it is begun";
        announced.push_back(path);
        begin();
    };

    const std::string folder =
        (fs::temp_directory_path() / "scef-backups-test-").string() + std::to_string(::getpid());
    const WallTime noon{std::chrono::hours(24 * 365 * 56 + 12)};
    LiveConfig live{small_config()};
    CopiedStore store;
    std::vector<std::string> announced;
    Backups dut{store, live};
};

TEST_F(BackupsTest, are_named_by_their_time_in_a_folder_of_its_owner) {
    const auto made = make(noon);
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_EQ(*made, folder + "/scef-adapter-20251218T120000.000Z");
    EXPECT_EQ(announced, std::vector<std::string>{*made});
    EXPECT_EQ(fs::status(folder).permissions(), fs::perms::owner_all);
    EXPECT_EQ(*dut.list(), std::vector<std::string>{*made});
}

TEST_F(BackupsTest, the_oldest_go_and_what_is_no_backup_stays) {
    fs::create_directories(folder + "/of-somebody-else");
    const auto first = make(noon), second = make(noon + 1s), third = make(noon + 1h);
    EXPECT_EQ(*dut.list(), (std::vector<std::string>{*second, *third}));
    EXPECT_FALSE(fs::exists(*first));
    EXPECT_TRUE(fs::exists(folder + "/of-somebody-else"));
}

TEST_F(BackupsTest, one_that_failed_takes_none_away) {
    const auto first = make(noon), second = make(noon + 1s);
    store.fails = true;
    EXPECT_EQ(make(noon + 2s).error().message, "the disk is full");
    EXPECT_EQ(*dut.list(), (std::vector<std::string>{*first, *second}));
    store.fails = false;
    EXPECT_TRUE(make(noon + 3s));
}

TEST_F(BackupsTest, one_is_made_at_a_time) {
    std::promise<void> go;
    store.waits_for = go.get_future().share();
    std::promise<Result<std::string>> first;
    dut.make(noon, announce, [&](Result<std::string> made) { first.set_value(std::move(made)); });
    EXPECT_EQ(make(noon + 1s).error().code, Errc::conflict);
    EXPECT_EQ(announced.size(), 1U) << "what is refused is not told";
    go.set_value();
    EXPECT_TRUE(first.get_future().get());
}

TEST_F(BackupsTest, without_a_folder_there_are_none) {
    live.set(small_config());
    EXPECT_NE(make(noon).error().message.find("store.backup_path"), std::string::npos);
    EXPECT_EQ(dut.list().error().code, Errc::conflict);
}

}  // namespace
}  // namespace scef::adapter::test
