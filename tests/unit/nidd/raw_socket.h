#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace scef::nidd::test {

/// A blocking TCP socket on loopback for tests that need every octet in their hands. Waits at most
/// ten seconds for input.
class RawSocket {
public:
    /// Connects to 127.0.0.1.
    static RawSocket connect(std::uint16_t port);
    explicit RawSocket(int handle) : handle_(handle) {}
    RawSocket(RawSocket&& other) noexcept
        : handle_(other.handle_), input_(std::move(other.input_)) {
        other.handle_ = -1;
    }
    RawSocket& operator=(RawSocket&&) = delete;
    ~RawSocket();

    void connect_to(std::uint16_t port) const;
    /// False once the peer is gone.
    bool send(std::string_view octets);
    /// One whole message: head, and body by Content-Length. Empty if the peer closed before.
    std::string read_message();
    /// Everything until the peer closes or resets.
    std::string read_to_end();
    /// Whether anything, an end included, comes within the time.
    bool is_readable(int milliseconds) const;
    void close();

private:
    bool receive();

    int handle_;
    std::string input_;
};

/// Status of a response message; 0 if there is none.
int status_of(std::string_view message);

/// A server on 127.0.0.1 that plays a script on each connection, each in a thread of its own.
class ScriptedServer {
public:
    /// `number` counts connections from 0.
    using Script = std::function<void(RawSocket& peer, std::size_t number)>;

    explicit ScriptedServer(Script script);
    ~ScriptedServer();
    ScriptedServer(const ScriptedServer&) = delete;
    ScriptedServer& operator=(const ScriptedServer&) = delete;

    std::uint16_t port() const { return port_; }
    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
    std::size_t connections() const;
    /// All requests that scripts read with `take`.
    std::vector<std::string> requests() const;
    /// Reads one request and keeps it for `requests`.
    std::string take(RawSocket& peer);

private:
    void accept_all();

    Script script_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    mutable std::mutex mutex_;
    std::vector<std::string> requests_;
    std::vector<int> handles_;  ///< duplicates, to end what is open at the end
    std::vector<std::thread> peers_;
    std::thread acceptor_;
};

/// A response with a JSON body; `fields` are whole lines with CR LF.
std::string response(int status, const std::string& body, const std::string& fields = {});

/// A port on which nobody listens.
std::uint16_t free_port();

}  // namespace scef::nidd::test
