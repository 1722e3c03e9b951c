#include "simulators/modem-simulator/runtime.h"

#include <algorithm>
#include <random>

#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "lwm2m-core/coap/summary.h"

namespace scef::modem_simulator {
namespace {

using namespace std::chrono_literals;

constexpr int link_buffer_bytes = 8 * 1024 * 1024;
constexpr int tap_buffer_bytes = 256 * 1024;
constexpr std::size_t datagrams_at_once = 256;
/// With more devices than this, frames are traced at debug level and progress at info.
constexpr std::size_t traced_fleet_max = 20;

std::uint64_t any_seed() {
    std::random_device source;
    return static_cast<std::uint64_t>(source()) << 32 | source();
}

// Where the link's socket is bound: on loopback if the SCEF is there, else wherever the system
// likes.
SocketAddress link_address(const SocketAddress& scef) {
    constexpr std::array<std::uint8_t, 16> ipv6_loopback{0, 0, 0, 0, 0, 0, 0, 0,
                                                         0, 0, 0, 0, 0, 0, 0, 1};
    SocketAddress local = scef;
    local.port = 0;
    const bool is_loopback = scef.is_ipv6 ? scef.octets == ipv6_loopback : scef.octets[12] == 127;
    if (!is_loopback) local.octets = {};
    return local;
}

Instant steady_now() {
    return Instant(
        std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch()));
}

WallTime wall_now() {
    return WallTime(
        std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch()));
}

}  // namespace

Runtime::Runtime(const Settings& settings, UdpSocket link, int wake_descriptor)
    : random_(settings.seed ? *settings.seed : any_seed()),
      simulation_(static_cast<Outside&>(*this)),
      scef_(settings.scef),
      link_(std::move(link)),
      wake_descriptor_(wake_descriptor),
      is_fleet_(settings.fleet.size() + settings.devices.size() > traced_fleet_max),
      progress_due_(steady_now() + 1s) {}

Runtime::~Runtime() {
    stop();
    ::close(wake_descriptor_);
}

Result<std::unique_ptr<Runtime>> Runtime::open(const Settings& settings) {
    auto link = UdpSocket::bind(link_address(settings.scef), link_buffer_bytes);
    if (!link) return tl::unexpected(link.error());
    const int wake_descriptor = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (wake_descriptor < 0) return fail(Errc::internal, "no eventfd");
    std::unique_ptr<Runtime> runtime(new Runtime(settings, std::move(*link), wake_descriptor));
    if (Status status = runtime->open_capture(settings); !status) {
        return tl::unexpected(status.error());
    }
    if (Status status = runtime->add_devices(settings); !status) {
        return tl::unexpected(status.error());
    }
    return runtime;
}

Status Runtime::open_capture(const Settings& settings) {
    if (settings.pcap.empty()) return {};
    auto file = pcap::CaptureFile::create(settings.pcap, "modem-simulator");
    if (!file) return tl::unexpected(file.error());
    capture_ = std::make_unique<PcapTap>(std::move(*file), settings.pcap_devices);
    return {};
}

Status Runtime::add_devices(const Settings& settings) {
    const Instant start = steady_now();
    std::size_t count = 0;
    const auto next_attach = [&] {
        const double seconds = static_cast<double>(count++) / settings.attach_rate;
        return start + std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
    };
    for (const auto* ids : {&settings.devices, &settings.fleet}) {
        for (const ExternalId& id : *ids) {
            const auto added = simulation_.add(device_settings(settings, id, next_attach()));
            if (!added) return tl::unexpected(added.error());
        }
    }
    if (Status status = add_taps(settings, start); !status) return status;
    return add_at_modems(settings, start);
}

Status Runtime::add_taps(const Settings& settings, Instant attach_at) {
    for (const TapSettings& tap : settings.taps) {
        DeviceSettings device = device_settings(settings, tap.id, attach_at);
        device.client.reset();
        device.rds.clear();
        if (tap.rds) device.rds = {*tap.rds};
        const auto added = simulation_.add(std::move(device));
        if (!added) return tl::unexpected(added.error());
        auto socket = UdpSocket::bind(tap.local, tap_buffer_bytes);
        if (!socket) return tl::unexpected(socket.error());
        taps_.push_back({std::move(*socket), tap.id, *added, std::nullopt});
    }
    return {};
}

Status Runtime::add_at_modems(const Settings& settings, Instant attach_at) {
    for (const AtSettings& modem : settings.at_modems) {
        DeviceSettings device = device_settings(settings, modem.id, attach_at);
        device.client.reset();
        device.rds.clear();
        device.has_at_modem = true;
        device.assists_release = false;
        const auto added = simulation_.add(std::move(device));
        if (!added) return tl::unexpected(added.error());
        auto port = AtPort::open(modem.path);
        if (!port) return tl::unexpected(port.error());
        terminals_.push_back({std::move(*port), modem.id, *added});
    }
    return {};
}

std::vector<AtSettings> Runtime::at_modems() const {
    std::vector<AtSettings> modems;
    for (const Terminal& terminal : terminals_) {
        modems.push_back({terminal.port.path(), terminal.id});
    }
    return modems;
}

std::vector<Runtime::Tap> Runtime::taps() const {
    std::vector<Tap> taps;
    for (const TapPort& tap : taps_) taps.push_back({tap.socket.local(), tap.id});
    return taps;
}

Turn Runtime::now() { return {steady_now(), wall_now(), random_}; }

void Runtime::start() {
    thread_ = std::thread([this] { run(); });
}

void Runtime::stop() {
    if (!thread_.joinable()) return;
    stopping_ = true;
    wake();
    thread_.join();
    with([](Simulation& simulation, Turn& turn) { simulation.detach_all(turn); });
}

void Runtime::wake() const {
    const std::uint64_t one = 1;
    // Fails only when the counter is full, and then the thread wakes anyway.
    [[maybe_unused]] const ssize_t written = ::write(wake_descriptor_, &one, sizeof one);
}

void Runtime::run() {
    while (!stopping_) {
        Duration longest{};
        {
            const std::lock_guard lock(mutex_);
            Turn turn = now();
            simulation_.run_due(turn);
            report_progress(turn.now);
            const Instant due = simulation_.due();
            longest = std::clamp<Duration>(due == never ? 1s : due - steady_now(), 0s, 1s);
        }
        wait(longest);
    }
}

void Runtime::wait(Duration longest) {
    std::vector<pollfd> watched;
    watched.push_back({wake_descriptor_, POLLIN, 0});
    watched.push_back({link_.descriptor(), POLLIN, 0});
    for (const TapPort& tap : taps_) watched.push_back({tap.socket.descriptor(), POLLIN, 0});
    for (const Terminal& terminal : terminals_) {
        watched.push_back({terminal.port.descriptor(), POLLIN, 0});
    }
    const timespec timeout{longest.count() / 1'000'000'000, longest.count() % 1'000'000'000};
    if (::ppoll(watched.data(), watched.size(), &timeout, nullptr) <= 0) return;
    if (watched[0].revents != 0) {
        std::uint64_t count = 0;
        [[maybe_unused]] const ssize_t read = ::read(wake_descriptor_, &count, sizeof count);
    }
    const std::lock_guard lock(mutex_);
    if (watched[1].revents != 0) hear_link();
    for (std::size_t i = 0; i < taps_.size(); ++i) {
        if (watched[i + 2].revents != 0) hear_tap(taps_[i]);
    }
    for (std::size_t i = 0; i < terminals_.size(); ++i) {
        if (watched[i + 2 + taps_.size()].revents != 0) hear_terminal(terminals_[i]);
    }
}

void Runtime::hear_link() {
    for (std::size_t count = 0; count < datagrams_at_once; ++count) {
        const auto received = link_.receive(buffer_);
        if (!received) return;
        if (received->from != scef_) continue;
        Turn turn = now();
        simulation_.on_link_datagram(as_text(ByteView(buffer_).first(received->size)), turn);
    }
}

void Runtime::hear_tap(TapPort& tap) {
    for (std::size_t count = 0; count < datagrams_at_once; ++count) {
        const auto received = tap.socket.receive(buffer_);
        if (!received) return;
        if (tap.client != received->from) {
            spdlog::info("TAP_CLIENT device={} client={} before={}", tap.id.text(),
                         received->from.text(), tap.client ? tap.client->text() : "none");
            tap.client = received->from;
        }
        if (received->size == 0) continue;
        Turn turn = now();
        simulation_.on_tap_datagram(tap.device, ByteView(buffer_).first(received->size), turn);
    }
}

void Runtime::hear_terminal(const Terminal& terminal) {
    const std::string octets = terminal.port.read();
    if (octets.empty()) return;
    Turn turn = now();
    simulation_.on_terminal_input(terminal.device, octets, turn);
}

void Runtime::report_progress(Instant now) {
    if (!is_fleet_ || now < progress_due_) return;
    progress_due_ = now + 1s;
    const Totals totals = simulation_.totals();
    std::string line =
        fmt::format("FLEET devices={} attached={} registered={} up={} down={} refused={} lost={}",
                    totals.devices, totals.attached, totals.registered, totals.up, totals.down,
                    totals.refused, totals.lost);
    if (line == last_progress_) return;
    spdlog::info(line);
    last_progress_ = std::move(line);
}

void Runtime::to_network(const modem_link::Frame& frame) {
    link_.send(as_bytes(modem_link::serialize(frame)), scef_);
}

void Runtime::to_tap(std::size_t device, ByteView datagram) {
    const auto tap = std::lower_bound(
        taps_.begin(), taps_.end(), device,
        [](const TapPort& port, std::size_t index) { return port.device < index; });
    if (tap->client) {
        tap->socket.send(datagram, *tap->client);
    } else {
        spdlog::warn("TAP_WITHOUT_CLIENT device={} frame dropped: no client has spoken yet",
                     tap->id.text());
    }
}

void Runtime::to_terminal(std::size_t device, std::string_view text) {
    for (const Terminal& terminal : terminals_) {
        if (terminal.device == device) terminal.port.write(text);
    }
}

void Runtime::capture(const std::string& id, const LogEntry& entry) {
    if (!capture_ || capture_->on_entry(id, entry)) return;
    spdlog::error("PCAP_STOPPED the capture cannot be written any more");
    capture_.reset();
}

void Runtime::trace(const Device& device, const LogEntry& entry) {
    capture(device.modem().id().text(), entry);
    const auto level = is_fleet_ ? spdlog::level::debug : spdlog::level::info;
    if (!spdlog::should_log(level)) return;
    const std::string& id = device.modem().id().text();
    switch (entry.kind) {
        case LogEntry::Kind::up:
            spdlog::log(level, "↑ {} {}", id, coap::summary(entry.frame));
            break;
        case LogEntry::Kind::down:
            spdlog::log(level, "↓ {} {}", id, coap::summary(entry.frame));
            break;
        case LogEntry::Kind::note:
            spdlog::log(level, "· {} {}", id, entry.note);
            break;
    }
}

}  // namespace scef::modem_simulator
