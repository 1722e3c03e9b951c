#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include <httplib.h>
#include <openssl/ssl.h>

namespace scef::scef_simulator {

/// The stream of one accepted connection, with TLS or without: reads ahead, sends an answer in one
/// piece, and can be given up in the middle of a request. Owned by the thread that serves the
/// connection.
class HttpConnection final : public httplib::Stream {
public:
    /// With a `session` the socket is non-blocking.
    explicit HttpConnection(int socket, SSL* session = nullptr)
        : socket_(socket), session_(session) {}

    bool has_tls() const { return session_ != nullptr; }

    /// Waits at most `milliseconds` for the next octet; true if reading will not block.
    bool wait(int milliseconds) const;

    /// From now on nothing is read or written.
    void give_up() { is_given_up_ = true; }
    bool is_given_up() const { return is_given_up_; }

    /// The same, and the peer shall see a TCP reset.
    void reset();
    bool is_reset() const { return is_reset_; }

    /// The answer being written is the last one.
    void end_after_answer() { is_last_ = true; }
    bool is_last() const { return is_last_; }

    /// Only the head of the answer being written goes out and half of its body.
    void truncate() { is_truncated_ = true; }

    /// The answer being written goes out in small pieces over this time.
    void trickle(std::chrono::milliseconds time) { trickle_ = time; }

    /// The peer closed its side.
    bool is_closed_by_peer() const;

    /// Sends what was written. False if the peer does not take it.
    bool flush();

    bool is_readable() const override;
    bool is_writable() const override { return !is_given_up_; }
    ssize_t read(char* octets, std::size_t size) override;
    ssize_t write(const char* octets, std::size_t size) override;
    void get_remote_ip_and_port(std::string& ip, int& port) const override;
    void get_local_ip_and_port(std::string& ip, int& port) const override;
    socket_t socket() const override { return socket_; }

private:
    ssize_t receive(char* octets, std::size_t size);
    bool send(std::string_view octets);
    ssize_t send_some(std::string_view octets, short& wanted);
    bool send_slowly();

    int socket_;
    SSL* session_;
    bool is_given_up_ = false;
    bool is_reset_ = false;
    bool is_last_ = false;
    bool is_truncated_ = false;
    std::chrono::milliseconds trickle_{0};
    std::string incoming_;
    std::size_t taken_ = 0;
    std::string outgoing_;
};

}  // namespace scef::scef_simulator
