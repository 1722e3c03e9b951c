#include "queueing/store/open_store.h"

#include <gmock/gmock.h>

#include "tests/unit/queueing/store/engine_under_test.h"

namespace scef::queueing {
namespace {

using ::testing::HasSubstr;

TEST(OpenStore, the_memory_engine_needs_no_path) {
    StoreOptions options;
    options.engine = "memory";
    EXPECT_TRUE(open_store(options));
}

TEST(OpenStore, an_engine_that_is_not_there_is_named_with_those_that_are) {
    StoreOptions options;
    options.engine = "postgresql";
    const auto store = open_store(options);
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code, Errc::unsupported);
    EXPECT_THAT(store.error().message, HasSubstr("rocksdb and memory"));
}

TEST(OpenStore, a_store_without_shards_is_refused) {
    StoreOptions options;
    options.shards = 0;
    EXPECT_EQ(open_store(options).error().code, Errc::invalid_argument);
}

TEST(OpenStore, a_path_that_is_a_file_is_refused_with_one_sentence) {
    StoreOptions options;
    options.path = "/dev/null";
    const auto store = open_store(options);
    ASSERT_FALSE(store);
    EXPECT_THAT(store.error().message, HasSubstr("'/dev/null'"));
}

TEST(OpenStore, a_directory_that_cannot_be_made_is_refused) {
    StoreOptions options;
    options.path = "/proc/none/store";
    EXPECT_EQ(open_store(options).error().code, Errc::storage);
}

}  // namespace
}  // namespace scef::queueing
