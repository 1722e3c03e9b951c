#pragma once

#include <cstddef>
#include <string>

#include <httplib.h>

namespace scef::scef_simulator {

/// The stream of one accepted connection: reads ahead, sends an answer in one piece, and can be
/// given up in the middle of a request. Owned by the thread that serves the connection.
class HttpConnection final : public httplib::Stream {
public:
    explicit HttpConnection(int socket) : socket_(socket) {}

    /// Waits at most `milliseconds` for the next octet; true if reading will not block.
    bool wait(int milliseconds) const;

    /// From now on nothing is read or written.
    void give_up() { is_given_up_ = true; }
    bool is_given_up() const { return is_given_up_; }

    /// The answer being written is the last one.
    void end_after_answer() { is_last_ = true; }
    bool is_last() const { return is_last_; }

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
    int socket_;
    bool is_given_up_ = false;
    bool is_last_ = false;
    std::string incoming_;
    std::size_t taken_ = 0;
    std::string outgoing_;
};

}  // namespace scef::scef_simulator
