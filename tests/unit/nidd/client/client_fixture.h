#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "nidd/client/beast_t8_client.h"

namespace scef::nidd::test {

/// A client on an `io_context` that the test itself runs.
struct ClientFixture : testing::Test {
    T8ClientOptions options = [] {
        T8ClientOptions defaults;
        defaults.scs_as_id = "dm";
        defaults.connections_max = 8;
        return defaults;
    }();
    boost::asio::io_context context;
    std::unique_ptr<T8Client> dut;

    void make(const std::string& api_root) {
        options.api_root = api_root;
        auto made = make_beast_t8_client(context, options);
        ASSERT_TRUE(made) << made.error().message;
        dut = std::move(*made);
    }

    static T8Request delivery() {
        T8Request request;
        request.operation = T8Request::Operation::create_delivery;
        request.configuration_id = "c1";
        request.body = R"({"data":"AA=="})";
        return request;
    }

    /// Runs the context until `done` holds; false after 20 s.
    template <typename Done>
    bool run_until(Done done) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (!done()) {
            if (context.stopped()) context.restart();
            context.run_one_for(std::chrono::milliseconds(10));
            if (std::chrono::steady_clock::now() > deadline) return false;
        }
        return true;
    }

    T8Answer call(T8Request request = delivery()) {
        std::optional<T8Answer> answer;
        dut->submit(std::move(request), [&answer](T8Answer given) { answer = std::move(given); });
        EXPECT_FALSE(answer) << "done before submit returned";
        EXPECT_TRUE(run_until([&answer] { return answer.has_value(); }));
        return answer.value_or(T8Answer{});
    }
};

}  // namespace scef::nidd::test
