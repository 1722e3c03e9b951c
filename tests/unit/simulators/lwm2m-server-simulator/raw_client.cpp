#include "tests/unit/simulators/lwm2m-server-simulator/raw_client.h"

#include <array>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace scef::lwm2m_server_simulator::testing {
namespace {

sockaddr_in to_sockaddr(const std::string& ip, int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    EXPECT_EQ(::inet_pton(AF_INET, ip.c_str(), &address.sin_addr), 1);
    return address;
}

const sockaddr* generic(const sockaddr_in& address) {
    return reinterpret_cast<const sockaddr*>(&address);
}

void put_text(Bytes& octets, unsigned delta, std::string_view text) {
    if (text.size() < 13) {
        octets.push_back(static_cast<std::uint8_t>(delta << 4 | text.size()));
    } else {
        octets.push_back(static_cast<std::uint8_t>(delta << 4 | 13));
        octets.push_back(static_cast<std::uint8_t>(text.size() - 13));
    }
    octets.insert(octets.end(), text.begin(), text.end());
}

}  // namespace

RawClient::RawClient(const std::string& server, const std::string& ip, int port)
    : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    const sockaddr_in own = to_sockaddr(ip, port);
    EXPECT_EQ(::bind(socket_, generic(own), sizeof own), 0);
    const std::size_t colon = server.rfind(':');
    // Connected: whatever comes from another port than the listening one is not received.
    const sockaddr_in peer =
        to_sockaddr(server.substr(0, colon), std::stoi(server.substr(colon + 1)));
    EXPECT_EQ(::connect(socket_, generic(peer), sizeof peer), 0);
}

RawClient::~RawClient() {
    if (socket_ >= 0) ::close(socket_);
}

void RawClient::send(ByteView octets) const {
    EXPECT_EQ(::send(socket_, octets.data(), octets.size(), 0),
              static_cast<ssize_t>(octets.size()));
}

Bytes RawClient::receive() const {
    pollfd waited{socket_, POLLIN, 0};
    if (::poll(&waited, 1, 5000) != 1) return {};
    Bytes octets(2048);
    const ssize_t size = ::recv(socket_, octets.data(), octets.size(), 0);
    octets.resize(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
    return octets;
}

bool RawClient::is_silent() const {
    pollfd waited{socket_, POLLIN, 0};
    return ::poll(&waited, 1, 0) == 0;
}

std::string RawClient::address() const {
    sockaddr_in own{};
    socklen_t size = sizeof own;
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(&own), &size);
    std::array<char, INET_ADDRSTRLEN> text{};
    ::inet_ntop(AF_INET, &own.sin_addr, text.data(), text.size());
    return std::string(text.data()) + ":" + std::to_string(ntohs(own.sin_port));
}

Bytes register_octets(const std::string& endpoint, std::uint16_t message_id) {
    Bytes octets{0x41, 0x02, static_cast<std::uint8_t>(message_id >> 8),
                 static_cast<std::uint8_t>(message_id), 0x77};
    put_text(octets, 11, "rd");               // Uri-Path
    octets.insert(octets.end(), {0x11, 40});  // Content-Format link-format
    put_text(octets, 3, "ep=" + endpoint);    // Uri-Query
    for (const char* const query : {"lt=60", "lwm2m=1.1", "b=U"}) put_text(octets, 0, query);
    octets.push_back(0xff);
    for (const char letter : std::string("</3/0>")) {
        octets.push_back(static_cast<std::uint8_t>(letter));
    }
    return octets;
}

std::string location_in(ByteView answer) {
    // 61 41 mid mid 77 | 82 'r' 'd' | 08 location
    if (answer.size() < 9 || answer[1] != 0x41 || answer[5] != 0x82) return {};
    return std::string(as_text(answer.subspan(9)));
}

Bytes answer_octets(ByteView request, unsigned type, std::uint8_t code, std::string_view tail,
                    std::uint16_t message_id) {
    if (request.size() < 4) {
        ADD_FAILURE() << "there is no request to answer";
        return {};
    }
    const std::size_t token_size = request[0] & 0x0fu;
    Bytes octets{static_cast<std::uint8_t>(0x40 | type << 4 | token_size), code, request[2],
                 request[3]};
    if (type != 2) {
        octets[2] = static_cast<std::uint8_t>(message_id >> 8);
        octets[3] = static_cast<std::uint8_t>(message_id);
    }
    octets.insert(octets.end(), request.begin() + 4,
                  request.begin() + 4 + static_cast<std::ptrdiff_t>(token_size));
    const Bytes rest = from_hex(tail);
    octets.insert(octets.end(), rest.begin(), rest.end());
    return octets;
}

}  // namespace scef::lwm2m_server_simulator::testing
