#pragma once

#include <string>

namespace scef::nidd::test {

/// A certificate authority and what it signed, made anew in a folder of its own: `ca`, a server's
/// certificate for `127.0.0.1` (and one for `other.example`), and a client's.
struct TestCertificates {
    TestCertificates();

    std::string ca, server, server_key, other, other_key, client, client_key, stranger_ca;
};

}  // namespace scef::nidd::test
