// The far side of the radio, which foreign programs drive: what a terminal types to the AT modem,
// datagrams of the modem link, and what an LwM2M server writes to the client behind it.
#include <algorithm>
#include <array>

#include "lwm2m-core/client/execute_arguments.h"
#include "lwm2m-core/client/firmware_package.h"
#include "lwm2m-core/client/objects/definitions.h"
#include "lwm2m-core/client/package_uri.h"
#include "lwm2m-core/client/tlv.h"
#include "simulators/modem-simulator/at_modem.h"
#include "tests/fuzz/require.h"

using namespace scef;
using namespace scef::modem_simulator;

namespace {

using namespace std::chrono_literals;

/// An AT modem, and a network that lets it in and acknowledges everything.
class Terminal {
public:
    void type(std::string_view octets) {
        at_.on_input(octets, radio_);
        check_text();
    }
    void hear(const modem_link::Frame& frame) {
        modem_.on_frame(frame, turn_, out_);
        at_.on_radio(radio_);
        for (NonIpFrame& received : std::exchange(out_.received, {})) (void)at_.on_data(received);
        check_text();
    }
    /// The network answers what it was sent; then time passes.
    void pass(Duration time) {
        for (NonIpFrame& frame : std::exchange(uplinks_, {})) {
            require(frame.data.size() <= 1600, "an uplink is a frame");
            modem_.send(std::move(frame), turn_, out_);
        }
        const auto sent = std::exchange(out_.to_network, {});
        for (const modem_link::Frame& frame : sent) answer(frame);
        turn_.now += time;
        turn_.wall += time;
        modem_.on_time(turn_, out_);
        at_.on_time(radio_);
        at_.on_radio(radio_);
        check_text();
    }
    const std::string& text() const { return text_; }

private:
    void answer(const modem_link::Frame& frame) {
        using modem_link::Kind;
        const auto written = modem_link::parse(modem_link::serialize(frame));
        require(written.has_value(), "a modem says what its network understands");
        modem_link::Frame said{Kind::ack, frame.external_id, frame.sequence, frame.state, {}, {}};
        if (frame.kind == Kind::attach) said.kind = Kind::attached;
        if (frame.kind == Kind::update) said.kind = Kind::state, said.state = "connected";
        if (frame.kind == Kind::ack || frame.kind == Kind::detach) return;
        modem_.on_frame(said, turn_, out_);
        at_.on_radio(radio_);
    }
    void check_text() {
        text_ += at_.take_text();
        out_.notes.clear();
    }

    SeededRandom random_{1};
    Turn turn_{Instant(1h), WallTime(std::chrono::seconds(1'790'000'000)), random_};
    ModemOutput out_;
    std::vector<NonIpFrame> uplinks_;
    Modem modem_{*ExternalId::parse("meter@fuzz.example"), "connected", turn_.now};
    AtRadio radio_{modem_, turn_, out_, uplinks_};
    AtModem at_{*ExternalId::parse("meter@fuzz.example"), "connected"};
    std::string text_;
};

/// A line is answered the same whether it comes in one piece or octet by octet.
void check_terminal(std::string_view typed) {
    Terminal whole, pieces;
    for (int round = 0; round < 4; ++round) whole.pass(1s), pieces.pass(1s);
    while (!typed.empty()) {
        const std::string_view part = typed.substr(0, typed.find('\x01'));
        typed.remove_prefix(std::min(typed.size(), part.size() + 1));
        whole.type(part);
        for (const char& octet : part) pieces.type({&octet, 1});
        for (int round = 0; round < 3; ++round) whole.pass(10s), pieces.pass(10s);
        require(whole.text() == pieces.text(), "how octets arrive makes no difference");
    }
}

void check_command_line(std::string_view body) {
    AtCommandLine line{std::string(body)};
    std::size_t commands = 0;
    while (!line.is_at_end()) {
        const auto command = line.next();
        require(++commands <= body.size() + 1, "a line comes to its end");
        if (!command) {
            require(line.is_at_end(), "nothing comes behind a mistake");
            return;
        }
        require(!command->name.empty(), "a command has a name");
        for (const AtParameter& parameter : command->parameters) {
            require(parameter.number().value_or(0) <= 999'999'999, "a number has nine digits");
        }
    }
}

void check_link(std::string_view datagram) {
    const auto frame = modem_link::parse(datagram);
    if (!frame) {
        require(!frame.error().message.empty(), "a refusal has its sentence");
        return;
    }
    const std::string written = modem_link::serialize(*frame);
    const auto again = modem_link::parse(written);
    require(again && modem_link::serialize(*again) == written, "a frame survives");
    Terminal terminal;
    terminal.pass(1s);
    terminal.hear(*frame);
    terminal.type("AT+CRTDCP=1;+CEREG?\r");
    terminal.hear(*frame);
    terminal.pass(10s);
}

/// TLV has one form of a value for each type, but a reader takes longer ones.
void check_tlv(ByteView octets, std::uint8_t choice) {
    static const client::ObjectModel model = [] {
        client::ObjectModel made;
        for (const auto* object :
             {&client::objects::server, &client::objects::device, &client::objects::firmware_update,
              &client::objects::temperature, &client::objects::binary_app_data}) {
            made.add(*object);
        }
        return made;
    }();
    using lwm2m::Path;
    const std::array bases{Path(3), Path(3, 0), Path(3, 0, 7), Path(1, 0), Path(19, 0), Path(3303)};
    const Path base = bases[choice % bases.size()];
    (void)client::instances_from_tlv(octets, 3, model);
    const auto records = client::from_tlv(octets, base, model);
    if (!records) return;
    bool are_below = true;  // of a resource the model looks at it itself
    for (const client::Record& record : *records) {
        require(base.prefix(2).contains(record.path), "no other instance is written");
        are_below = are_below && base.contains(record.path);
    }
    if (!are_below) return;
    const Bytes written = client::to_tlv(*records, base);
    const auto again = client::from_tlv(written, base, model);
    require(again && client::to_tlv(*again, base) == written, "records survive");
}

void check_words(std::string_view text) {
    const auto arguments = client::parse_execute_arguments(text);
    if (arguments) {
        const auto again =
            client::parse_execute_arguments(client::execute_arguments_text(*arguments));
        require(again && *again == *arguments, "arguments survive");
    }
    const auto uri = client::parse_package_uri(text);
    if (uri) {
        for (const std::string& segment : uri->path) require(segment.size() <= 255, "Uri-Path");
        for (const std::string& part : uri->query) require(part.size() <= 255, "Uri-Query");
    }
    const auto package = client::read_firmware_package(as_bytes(text));
    if (package) {
        require(package->body.size() < text.size(), "a package has a header");
        const Bytes made = client::make_firmware_package(package->name, package->version,
                                                         package->model, package->body);
        const auto again = client::read_firmware_package(made);
        require(again && again->name == package->name && again->model == package->model &&
                    again->crc == client::crc32(package->body),
                "a package survives");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0 || size > 4096) return 0;
    const ByteView octets(data + 1, size - 1);
    switch (data[0]) {
        case 'A':
            check_terminal(as_text(octets));
            break;
        case 'L':
            check_command_line(as_text(octets));
            break;
        case '{':
            check_link(as_text({data, size}));
            break;
        case 'W':
            check_words(as_text(octets));
            break;
        default:
            check_tlv(octets, data[0]);
            break;
    }
    return 0;
}
