#include "tests/bench/load/adapter_process.h"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <utility>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace scef::bench {
namespace {

constexpr Duration start_limit = std::chrono::minutes(5);

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return address;
}

/// Whether a GET of `/readyz` there is answered with 200. Blocks, at most as long as its answer.
bool is_ready(std::uint16_t port) {
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(port);
    bool ready = false;
    if (::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
        const std::string request = "GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n";
        ready = ::send(descriptor, request.data(), request.size(), MSG_NOSIGNAL) > 0;
        char answer[12] = {};
        ready = ready && ::recv(descriptor, answer, sizeof answer, MSG_WAITALL) == sizeof answer &&
                std::memcmp(answer + 9, "200", 3) == 0;
    }
    ::close(descriptor);
    return ready;
}

}  // namespace

Result<AdapterProcess> AdapterProcess::configure(AdapterSettings settings) {
    auto admin = PortReservation::one();
    auto notifications = PortReservation::one();
    auto endpoints = PortReservation::in_a_row();
    for (const auto* ports : {&admin, &notifications, &endpoints}) {
        if (!*ports) return tl::unexpected<Error>(ports->error());
    }
    AdapterProcess adapter(std::move(settings), std::move(*admin), std::move(*notifications),
                           std::move(*endpoints));
    if (auto status = adapter.write_configuration(); !status) {
        return tl::unexpected<Error>(std::move(status.error()));
    }
    return adapter;
}

AdapterProcess::AdapterProcess(AdapterProcess&& other) noexcept
    : settings_(std::move(other.settings_)),
      admin_(std::move(other.admin_)),
      notifications_(std::move(other.notifications_)),
      endpoints_(std::move(other.endpoints_)),
      pid_(std::exchange(other.pid_, -1)) {}

AdapterProcess::~AdapterProcess() { kill(); }

Status AdapterProcess::write_configuration() const {
    std::ofstream file(configuration_file());
    const std::string notifications = "127.0.0.1:" + std::to_string(notification_port());
    file << "store: {engine: " << settings_.store << ", path: " << store_folder() << "}\n"
         << "shards: " << settings_.shards << "\n"
         << "admin: {listen: \"127.0.0.1:" << admin_port() << "\"}\n"
         << "notifications: {listen: \"" << notifications << "\", public_url: \"http://"
         << notifications << "\"}\n"
         << "scefs:\n  - {name: sink, api_root: \"" << settings_.api_root
         << "\", scs_as_id: lwm2m-dm, connections_max: " << settings_.connections_max
         << ", configuration: {creations_per_second: 0}}\n"
         << "lwm2m_servers:\n  - {name: dm, uri: \"coap://" << settings_.server_address << "\"}\n"
         << "virtual_endpoints: {prefix: 127.64.0.0/10, port: " << endpoints_.first() << "}\n"
         << "limits: {queue_messages: " << settings_.queue_messages << "}\n"
         << "log: {level: warn}\n";
    file.flush();
    if (!file) return fail(Errc::storage, "cannot write " + configuration_file());
    return {};
}

Result<Duration> AdapterProcess::start() {
    const std::string configuration = configuration_file();
    const std::string log = settings_.folder + "/adapter.log";
    const auto begin = std::chrono::steady_clock::now();
    const pid_t parent = ::getpid();
    pid_ = ::fork();
    if (pid_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        const int output = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
        ::dup2(output, 1);
        ::dup2(output, 2);
        if (::getppid() == parent) {
            ::execl(settings_.program.c_str(), settings_.program.c_str(), "--config",
                    configuration.c_str(), nullptr);
        }
        ::_exit(127);
    }
    if (pid_ < 0) return fail(Errc::unavailable, std::string("fork: ") + std::strerror(errno));
    while (std::chrono::steady_clock::now() - begin < start_limit) {
        if (is_ready(admin_port())) return std::chrono::steady_clock::now() - begin;
        if (!is_running()) return fail(Errc::unavailable, "the adapter ended; see " + log);
        ::poll(nullptr, 0, 5);
    }
    return fail(Errc::unavailable, "the adapter is not ready; see " + log);
}

bool AdapterProcess::is_running() {
    if (pid_ < 0) return false;
    if (::waitpid(pid_, nullptr, WNOHANG) != pid_) return true;
    pid_ = -1;
    return false;
}

void AdapterProcess::end_by(int signal) {
    if (pid_ < 0) return;
    ::kill(pid_, signal);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
}

void AdapterProcess::stop() { end_by(SIGTERM); }

void AdapterProcess::kill() { end_by(SIGKILL); }

Duration AdapterProcess::processor_time() const {
    clockid_t clock{};
    timespec time{};
    if (::clock_getcpuclockid(pid_, &clock) != 0) return {};
    ::clock_gettime(clock, &time);
    return std::chrono::seconds(time.tv_sec) + Duration(time.tv_nsec);
}

std::size_t AdapterProcess::resident_octets() const {
    std::ifstream statm("/proc/" + std::to_string(pid_) + "/statm");
    std::size_t size = 0, resident = 0;
    statm >> size >> resident;
    return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

void forget_pages(const std::string& folder) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file()) continue;
        const int descriptor = ::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC);
        if (descriptor < 0) continue;
        ::fdatasync(descriptor);
        ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED);
        ::close(descriptor);
    }
}

}  // namespace scef::bench
