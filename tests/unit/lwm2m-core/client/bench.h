#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "lwm2m-core/client/client.h"
#include "lwm2m-core/coap/codec.h"

namespace scef::client {

/// A client on virtual time with a server that the test plays by hand.
class Bench {
public:
    explicit Bench(ClientSettings settings = default_settings()) : dut(std::move(settings)) {}

    static ClientSettings default_settings() {
        ClientSettings settings;
        settings.endpoint = "meter-17";
        settings.description.serial_number = "meter-17";
        return settings;
    }

    static ClientSettings with_objects(const std::vector<std::uint16_t>& objects) {
        ClientSettings settings = default_settings();
        settings.objects = objects;
        return settings;
    }
    static ClientSettings with_servers(std::uint16_t servers) {
        ClientSettings settings = default_settings();
        settings.servers = servers;
        return settings;
    }

    /// Switched on and accepted by every server.
    Bench& registered() {
        dut.start(turn);
        for (const PipeFrame& frame : dut.take_frames()) {
            pipe = frame.pipe;
            give(created(*coap::parse(frame.data)));
        }
        pipe = 0;
        EXPECT_TRUE(take().empty());
        EXPECT_TRUE(dut.is_registered());
        return *this;
    }

    static coap::Message created(const coap::Message& request) {
        coap::Message created = coap::make_response(request, coap::codes::created);
        created.add_text(coap::options::location_path, "rd");
        created.add_text(coap::options::location_path, "7");
        return created;
    }

    void give(const coap::Message& message) { dut.on_frame(pipe, coap::serialize(message), turn); }

    std::vector<coap::Message> take() {
        std::vector<coap::Message> messages;
        for (const PipeFrame& frame : dut.take_frames()) {
            auto parsed = coap::parse(frame.data);
            EXPECT_TRUE(parsed.has_value());
            if (parsed) messages.push_back(std::move(*parsed));
        }
        return messages;
    }

    coap::Message only_frame() {
        auto messages = take();
        EXPECT_EQ(messages.size(), 1U);
        return messages.empty() ? coap::Message{} : messages.front();
    }

    /// Lets time pass, stopping at each deadline of the client.
    void advance(Duration duration) {
        const Instant end = turn.now + duration;
        while (dut.due() <= end) {
            const Instant due = std::max(dut.due(), turn.now);
            move_to(due);
            dut.on_time(turn);
            ASSERT_GT(dut.due(), turn.now) << "the client would spin";
        }
        move_to(end);
    }

    coap::Message request(coap::Code code, std::string_view path,
                          coap::Token token = {0x5a, 0x01}) {
        coap::Message message;
        message.code = code;
        message.message_id = next_message_id++;
        message.token = token;
        while (!path.empty()) {
            path.remove_prefix(1);
            const std::size_t slash = path.find('/');
            if (!path.empty()) message.add_text(coap::options::uri_path, path.substr(0, slash));
            path = slash == std::string_view::npos ? std::string_view{} : path.substr(slash);
        }
        return message;
    }

    coap::Message ask(const coap::Message& message) {
        give(message);
        return only_frame();
    }
    coap::Message post(std::string_view path, std::string_view payload = {}) {
        coap::Message message = request(coap::codes::post, path);
        message.payload = to_bytes(payload);
        return ask(message);
    }
    coap::Message get(std::string_view path, std::optional<std::uint32_t> accept = std::nullopt) {
        coap::Message message = request(coap::codes::get, path);
        if (accept) message.add_uint(coap::options::accept, *accept);
        return ask(message);
    }
    coap::Message write(coap::Code code, std::string_view path, std::uint32_t format,
                        Bytes payload) {
        coap::Message message = request(code, path);
        message.add_uint(coap::options::content_format, format);
        message.payload = std::move(payload);
        return ask(message);
    }
    coap::Message observe(std::string_view path, coap::Token token = {0x0b, 0x01}) {
        coap::Message message = request(coap::codes::get, path, token);
        message.add_uint(coap::options::observe, 0);
        return ask(message);
    }
    coap::Code write_attributes(std::string_view path, std::vector<std::string_view> queries) {
        coap::Message message = request(coap::codes::put, path);
        for (const auto query : queries) message.add_text(coap::options::uri_query, query);
        return ask(message).code;
    }
    void measure(double celsius) { EXPECT_TRUE(dut.set_value(Path(3303, 0, 5700), celsius, turn)); }

    const SessionCounters& counters() const { return dut.session(0).counters(); }
    std::size_t observations() const { return dut.session(0).notifier().size(); }

    SeededRandom random{20261122};
    Turn turn{Instant(std::chrono::hours(1)), WallTime(std::chrono::seconds(1'795'000'000)),
              random};
    Client dut;
    std::uint16_t next_message_id = 1000;
    /// By which what the test gives arrives.
    std::size_t pipe = 0;

private:
    void move_to(Instant instant) {
        turn.wall += instant - turn.now;
        turn.now = instant;
    }
};

inline std::string payload_of(const coap::Message& message) {
    return std::string(as_text(message.payload));
}

}  // namespace scef::client
