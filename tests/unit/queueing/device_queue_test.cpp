#include "queueing/device_queue.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace scef::queueing {
namespace {

Message made(std::uint8_t number, unsigned order_class, unsigned priority) {
    Message message;
    std::array<std::uint8_t, 16> octets{};
    octets[15] = number;
    message.id = MessageId::from_octets(octets);
    message.order_class = static_cast<OrderClass>(order_class % 5);
    message.priority = static_cast<Priority>(priority % 4);
    return message;
}

TEST(DeviceQueue, an_empty_one_has_no_head) { EXPECT_TRUE(DeviceQueue().head().empty()); }

TEST(DeviceQueue, the_class_goes_before_priority_and_priority_before_age) {
    DeviceQueue queue;
    queue.push(made(1, 3, 1));
    queue.push(made(2, 3, 3));
    queue.push(made(3, 0, 0));
    std::vector<std::uint8_t> order;
    queue.for_each([&](const MessageId& id) { order.push_back(id.octets()[15]); });
    EXPECT_EQ(order, (std::vector<std::uint8_t>{3, 2, 1}));
    EXPECT_EQ(queue.head(OrderClass::registration).octets()[15], 2);
}

TEST(DeviceQueue, before_a_newcomer_go_those_of_its_priority_or_a_higher_one) {
    DeviceQueue queue;
    queue.push(made(1, 3, 1));
    queue.push(made(2, 3, 2));
    queue.push(made(3, 2, 0));
    queue.push(made(4, 4, 3));
    const auto before = [&](const Message& newcomer) {
        std::vector<std::uint8_t> numbers;
        queue.for_each_before(newcomer, [&](auto& id) { numbers.push_back(id.octets()[15]); });
        return numbers;
    };
    EXPECT_EQ(before(made(0, 3, 2)), (std::vector<std::uint8_t>{3, 2})) << "it has no id yet";
    EXPECT_EQ(before(made(9, 3, 0)), (std::vector<std::uint8_t>{3, 2, 1}));
    EXPECT_EQ(before(made(9, 3, 3)), (std::vector<std::uint8_t>{3}));
    EXPECT_TRUE(before(made(9, 0, 3)).empty());
}

TEST(DeviceQueue, it_orders_like_a_naive_sorted_list) {
    EXPECT_TRUE(rc::check([](const std::vector<std::pair<std::uint8_t, std::uint8_t>>& steps) {
        DeviceQueue queue;
        std::vector<Message> naive;
        std::uint8_t number = 0;
        for (const auto& [a, b] : steps) {
            if (a % 3 == 0 && !naive.empty()) {
                const std::size_t victim = b % naive.size();
                queue.erase(naive[victim]);
                naive.erase(naive.begin() + static_cast<std::ptrdiff_t>(victim));
            } else {
                naive.push_back(made(number++, a, b));
                queue.push(naive.back());
            }
            std::sort(naive.begin(), naive.end(), [](const Message& x, const Message& y) {
                if (x.order_class != y.order_class) return x.order_class < y.order_class;
                if (x.priority != y.priority) return x.priority > y.priority;
                return x.id < y.id;
            });
            RC_ASSERT(queue.size() == naive.size());
            RC_ASSERT(queue.head() == (naive.empty() ? MessageId() : naive.front().id));
        }
    }));
}

}  // namespace
}  // namespace scef::queueing
