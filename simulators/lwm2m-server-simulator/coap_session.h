#pragma once

#include <utility>

#include <coap3/coap.h>

namespace scef::lwm2m_server_simulator {

/// A counted reference to the session that libcoap keeps for one peer of the listening socket.
/// What is sent on it leaves from that socket. Loop thread only, and gone before the context is.
class SessionRef {
public:
    SessionRef() = default;
    explicit SessionRef(coap_session_t* session) : session_(session) { reference(); }
    SessionRef(const SessionRef& other) : session_(other.session_) { reference(); }
    SessionRef(SessionRef&& other) noexcept : session_(std::exchange(other.session_, nullptr)) {}
    SessionRef& operator=(SessionRef other) noexcept {
        std::swap(session_, other.session_);
        return *this;
    }
    ~SessionRef() {
        if (session_ != nullptr) coap_session_release(session_);
    }

    coap_session_t* get() const { return session_; }

private:
    void reference() {
        if (session_ != nullptr) coap_session_reference(session_);
    }
    coap_session_t* session_ = nullptr;
};

}  // namespace scef::lwm2m_server_simulator
