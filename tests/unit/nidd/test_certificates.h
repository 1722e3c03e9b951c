#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace scef::nidd::test {

/// A certificate authority and what it signed, made anew in a folder of its own: `ca`, a server's
/// certificate for `127.0.0.1` (and one for `other.example`), and a client's.
class TestCertificates {
public:
    enum class Issuer : std::uint8_t {
        authority,
        stranger,  ///< the one of `stranger_ca`
        forger,    ///< has the authority's name, and another key
    };

    TestCertificates();

    /// Puts a list of revoked certificates, by the names of their files, in the place of the one
    /// before; its next update is due after `valid`. The name of the file.
    std::string write_crl(const std::vector<std::string>& revoked,
                          std::chrono::seconds valid = std::chrono::hours(1),
                          Issuer issuer = Issuer::authority) const;
    /// Puts a list that ends in the middle there.
    void write_broken_crl() const;

    std::string ca, server, server_key, other, other_key, client, client_key, stranger_ca;

private:
    struct Authorities;
    std::shared_ptr<const Authorities> authorities_;
};

}  // namespace scef::nidd::test
