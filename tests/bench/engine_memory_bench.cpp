#include <charconv>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <deque>
#include <fstream>
#include <optional>
#include <string>

#include <malloc.h>
#include <unistd.h>

#include "lwm2m-core/coap/codec.h"
#include "nidd/types/t8_json.h"
#include "scef-adapter/engine/engine.h"
#include "tests/two_servers.h"

/// What a device costs while nothing happens: one engine, all of its devices provisioned, with a
/// NIDD configuration and registered, on virtual time. Fails when that is more than it may be.
namespace scef::adapter {
namespace {

constexpr double octets_max = 300;  ///< for a registered device, by either measure
constexpr std::size_t devices_measured_min = 200'000;
constexpr Duration rest = std::chrono::hours(2);

std::size_t heap_octets() {
    const auto info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

std::size_t resident_octets() {
    std::ifstream statm("/proc/self/statm");
    std::size_t size = 0, resident = 0;
    statm >> size >> resident;
    return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

/// Of this thread: what others do on the machine does not count.
Duration processor_time() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::seconds(time.tv_sec) + Duration(time.tv_nsec);
}

/// With a bootstrap server, so that each device has two endpoints.
std::shared_ptr<const Config> bench_config() { return std::make_shared<Config>(two_servers()); }

std::string digits(std::uint64_t number, std::size_t width) {
    std::string text = std::to_string(number);
    return std::string(width - text.size(), '0') + text;
}

/// Everything about a device follows from its number: the program keeps nothing of it.
std::string imei(std::size_t number) { return "35693803" + digits(number, 7); }
ExternalId external_id(std::size_t number) {
    return *ExternalId::parse(imei(number) + "@iot.operator.example");
}
std::string configuration_id(std::size_t number) {
    return "7c9e6679-7425-40de-944b-" + digits(number, 12);
}
std::string location(std::size_t number) { return "Qx" + digits(number, 8); }

/// The engine with everyone around it, who all answer at once.
class Surroundings {
public:
    void provision(std::size_t number) {
        current_ = number;
        handle(ProvisionDevice{0, {.external_id = external_id(number)}, false});
    }
    void send_register(std::size_t number) {
        coap::Message frame = request_of_device(number);
        frame.add_text(coap::options::uri_path, "rd");
        for (const std::string& query : {"ep=urn:imei:" + imei(number), std::string("lt=86400"),
                                         std::string("lwm2m=1.1"), std::string("b=N")}) {
            frame.add_text(coap::options::uri_query, query);
        }
        frame.payload = to_bytes("</1/0>,</3/0>,</4/0>,</3303/0>");
        uplink(number, frame);
    }
    /// The server observes a value in the window that an Update opens.
    void observe(std::size_t number) {
        coap::Message update = request_of_device(number);
        update.add_text(coap::options::uri_path, "rd");
        update.add_text(coap::options::uri_path, location(number));
        uplink(number, update);
        coap::Message frame;
        frame.code = coap::codes::get;
        frame.message_id = static_cast<std::uint16_t>(random_.next());
        frame.token = token();
        frame.add_uint(coap::options::observe, 0);
        for (const char* segment : {"3303", "0", "5700"}) {
            frame.add_text(coap::options::uri_path, segment);
        }
        const auto endpoint = engine_.find_device(external_id(number))->endpoints.front().index;
        handle(ServerDatagram{endpoint, engine_.config().lwm2m_servers[0].address,
                              coap::serialize(frame)});
    }
    /// Time passes until nothing of what happened is remembered any more than it must be; the last
    /// exchange is what lets the histories of requests notice.
    void settle() {
        pass(rest);
        observe(0);
        pass(rest);
    }
    /// Clocks are not round: nanoseconds of a real one look random.
    void pass(Duration time) {
        const Instant end = now_ + time + Duration(random_.below(1'000'000));
        while (engine_.next_deadline() <= end) {
            step_to(std::max(now_, engine_.next_deadline()));
            handle(TimePassed{});
        }
        step_to(end);
    }

    EngineGauges gauges() const { return engine_.gauges(wall_); }
    std::size_t observations(std::size_t number) const {
        return engine_.find_device(external_id(number))->observations.size();
    }
    Duration in_engine() const { return in_engine_; }

private:
    void step_to(Instant when) {
        wall_ += when - now_;
        now_ = when;
    }

    coap::Token token() {
        Bytes octets;
        for (std::uint64_t value = random_.next(); octets.size() < 8; value >>= 8) {
            octets.push_back(static_cast<std::uint8_t>(value));
        }
        return coap::Token(octets);
    }

    coap::Message request_of_device(std::size_t number) {
        current_ = number;
        coap::Message frame;
        frame.code = coap::codes::post;
        frame.message_id = static_cast<std::uint16_t>(random_.next());
        frame.token = token();
        return frame;
    }

    void uplink(std::size_t number, const coap::Message& frame) {
        nidd::NiddUplinkDataNotification body;
        body.nidd_configuration = "/3gpp-nidd/v1/dm/configurations/" + configuration_id(number);
        body.external_id = external_id(number).text();
        body.data = coap::serialize(frame);
        const auto capability = engine_.find_device(external_id(number))->nidd.capability;
        handle(ScefNotification{0, {capability, std::move(body)}});
    }

    void handle(Event event) {
        pending_.push_back(std::move(event));
        while (!pending_.empty()) {
            Event next = std::move(pending_.front());
            pending_.pop_front();
            const Duration begin = processor_time();
            const Effects effects = engine_.handle(std::move(next), {now_, wall_, random_});
            in_engine_ += processor_time() - begin;
            for (const Effect& effect : effects.effects) {
                if (const auto* call = std::get_if<CallT8>(&effect)) answer(*call);
                if (const auto* datagram = std::get_if<SendDatagram>(&effect)) answer(*datagram);
            }
        }
    }

    /// The SCEF.
    void answer(const CallT8& call) {
        nidd::T8Answer answer;
        answer.transport = nidd::T8Answer::Transport::answered;
        if (call.request.operation == nidd::T8Request::Operation::create_configuration) {
            auto granted = *nidd::parse_configuration(call.request.body);
            granted.self = "https://scef.operator.example/3gpp-nidd/v1/dm/configurations/" +
                           configuration_id(current_);
            granted.maximum_packet_size = 12'800;
            answer.status = 201;
            answer.location = granted.self;
            answer.body = nidd::to_json(granted);
        } else {
            answer.status = 200;
            answer.body = R"({"deliveryStatus":"SUCCESS_NEXT_HOP_ACKNOWLEDGED"})";
        }
        pending_.emplace_back(T8Completion{call.operation, std::move(answer)});
        if (call.request.operation == nidd::T8Request::Operation::create_delivery) {
            reach_device(nidd::parse_transfer(call.request.body)->data);
        }
    }

    /// The device: it answers requests.
    void reach_device(const Bytes& octets) {
        const auto request = coap::parse(octets);
        if (!request || !request->code.is_request()) return;
        coap::Message response = coap::make_response(*request, coap::codes::content);
        response.add_uint(coap::options::observe, 1);
        response.payload = to_bytes("21.5");
        nidd::NiddUplinkDataNotification body;
        body.external_id = external_id(current_).text();
        body.data = coap::serialize(response);
        const auto capability = engine_.find_device(external_id(current_))->nidd.capability;
        body.nidd_configuration = "/3gpp-nidd/v1/dm/configurations/" + configuration_id(current_);
        pending_.emplace_back(ScefNotification{0, {capability, std::move(body)}});
    }

    /// The server: it answers what the device asks, piggybacked.
    void answer(const SendDatagram& datagram) {
        const auto request = coap::parse(datagram.octets);
        if (!request || !request->code.is_request()) return;
        const bool registers = !request->query("ep").value_or("").empty();
        coap::Message response =
            coap::make_response(*request, registers ? coap::codes::created : coap::codes::changed);
        if (registers) {
            response.add_text(coap::options::location_path, "rd");
            response.add_text(coap::options::location_path, location(current_));
        }
        pending_.emplace_back(
            ServerDatagram{datagram.endpoint, datagram.peer, coap::serialize(response)});
    }

    SeededRandom random_{20261122};
    Instant now_{std::chrono::hours(1000) + Duration(123'456'789)};
    WallTime wall_{std::chrono::seconds(1'790'000'000) + Duration(987'654'321)};
    Engine engine_{0, bench_config()};
    std::deque<Event> pending_;
    std::size_t current_ = 0;
    Duration in_engine_{};
};

struct Figures {
    double heap = 0, resident = 0;  ///< octets a device
};

/// One row: what was done, and what it cost.
template <typename Each>
Figures measure(const char* what, Surroundings& world, std::size_t devices, std::size_t heap_before,
                std::size_t resident_before, Each each) {
    const Duration before = world.in_engine();
    for (std::size_t number = 0; number < devices; ++number) {
        each(number);
        world.pass(std::chrono::milliseconds(1));
        if (number % 100'000 == 99'999) std::fprintf(stderr, "%s: %zu\n", what, number + 1);
    }
    const double nanoseconds = static_cast<double>((world.in_engine() - before).count());
    world.settle();
    const auto count = static_cast<double>(devices);
    const Figures figures{static_cast<double>(heap_octets() - heap_before) / count,
                          static_cast<double>(resident_octets() - resident_before) / count};
    std::printf("%-12s %14.1f %18.1f %18.2f\n", what, figures.heap, figures.resident,
                nanoseconds / count / 1000);
    std::fflush(stdout);
    return figures;
}

int fail_with(const char* sentence) {
    std::fprintf(stderr, "engine_memory_bench: %s\n", sentence);
    return 1;
}

int run(std::size_t devices) {
    const std::size_t heap = heap_octets();
    const std::size_t resident = resident_octets();
    Surroundings world;
    std::printf("%zu devices in one engine\n\n%-12s %14s %18s %18s\n", devices, "after",
                "heap octets", "resident octets", "engine us/device");
    const auto row = [&](const char* what, auto each) {
        return measure(what, world, devices, heap, resident, each);
    };
    row("provision", [&](std::size_t number) { world.provision(number); });
    const Figures idle = row("register", [&](std::size_t number) { world.send_register(number); });
    const EngineGauges gauges = world.gauges();
    if (gauges.devices != devices || gauges.devices_registered != devices ||
        gauges.scefs[0]
                .devices.configurations[static_cast<std::size_t>(NiddLink::Status::active)] !=
            devices) {
        return fail_with("not every device is registered");
    }
    row("observe", [&](std::size_t number) { world.observe(number); });
    if (world.observations(devices - 1) != 1) return fail_with("a device is not observed");
    if (devices < devices_measured_min) return 0;  // the fixed parts outweigh the devices
    if (idle.heap > octets_max || idle.resident > octets_max) {
        return fail_with("an idle registered device takes more than 300 octets");
    }
    return 0;
}

}  // namespace
}  // namespace scef::adapter

int main(int argc, char** argv) {
    std::size_t devices = 1'000'000;
    if (argc == 3 && std::strcmp(argv[1], "--devices") == 0) {
        const char* end = argv[2] + std::strlen(argv[2]);
        const auto [read, error] = std::from_chars(argv[2], end, devices);
        if (error != std::errc() || read != end || devices == 0 || devices >= 10'000'000) argc = 0;
    } else if (argc == 2 && std::strcmp(argv[1], "--smoke") == 0) {
        devices = 2000;
    } else if (argc != 1) {
        argc = 0;
    }
    if (argc == 0) {
        std::fputs("usage: engine_memory_bench [--devices N | --smoke]  (1 to 9999999)\n", stderr);
        return 2;
    }
    return scef::adapter::run(devices);
}
