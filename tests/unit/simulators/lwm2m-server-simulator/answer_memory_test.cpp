#include "simulators/lwm2m-server-simulator/answer_memory.h"

#include <gtest/gtest.h>

namespace scef::lwm2m_server_simulator {
namespace {

CoapMessage request_with(std::uint16_t message_id, const char* path) {
    CoapMessage request;
    request.code = coap::post;
    request.message_id = message_id;
    add_path(request, path);
    return request;
}

TEST(AnswerMemory, the_same_request_of_the_same_peer_has_its_answer) {
    AnswerMemory memory;
    CoapMessage answer;
    answer.code = coap::code(2, 4);
    memory.remember("a", request_with(1, "/dp"), answer, Instant{});

    ASSERT_NE(memory.find("a", request_with(1, "/dp")), nullptr);
    EXPECT_EQ(*memory.find("a", request_with(1, "/dp")), answer);
    EXPECT_EQ(memory.find("b", request_with(1, "/dp")), nullptr);
    EXPECT_EQ(memory.find("a", request_with(2, "/dp")), nullptr);
    EXPECT_EQ(memory.find("a", request_with(1, "/rd")), nullptr);
}

TEST(AnswerMemory, an_answer_is_forgotten_after_the_exchange_lifetime) {
    AnswerMemory memory;
    memory.remember("a", request_with(1, "/dp"), {}, Instant{});

    memory.forget_before(Instant{} + AnswerMemory::lifetime - std::chrono::seconds(1));
    EXPECT_NE(memory.find("a", request_with(1, "/dp")), nullptr);
    memory.forget_before(Instant{} + AnswerMemory::lifetime);
    EXPECT_EQ(memory.find("a", request_with(1, "/dp")), nullptr);
}

}  // namespace
}  // namespace scef::lwm2m_server_simulator
