#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <openssl/x509.h>

#include "lwm2m-core/vocabulary/result.h"

namespace scef::nidd {

/// The certificate revocation lists (RFC 5280, section 5) of one PEM file, which may hold those of
/// several authorities. Read again when another file is there, so that lists are renewed by
/// replacing the file, without a restart; while the new one cannot be read, the old one counts.
/// Functions may be called from any thread.
class RevocationLists {
public:
    /// `invalid_argument` if there is no such file or no list in it.
    static Result<std::unique_ptr<RevocationLists>> open(std::string file);

    /// From now on a certificate that `store` verifies must not be on the list of its issuer, and
    /// without a list of the issuer that is valid today it is refused. This object outlives all use
    /// of the store.
    void check_in(X509_STORE* store);

private:
    struct FreeList {
        void operator()(X509_CRL* list) const { X509_CRL_free(list); }
    };
    using List = std::unique_ptr<X509_CRL, FreeList>;
    /// What tells one version of the file from the next.
    struct Version {
        std::uint64_t device = 0, inode = 0, size = 0;
        std::int64_t changed_ns = 0;
        bool operator==(const Version&) const = default;
    };

    explicit RevocationLists(std::string file) : file_(std::move(file)) {}
    static Result<std::vector<List>> read(const std::string& file);
    static Version version_of(const std::string& file);
    static STACK_OF(X509_CRL) * lists_of(const X509_STORE_CTX* context, const X509_NAME* issuer);
    /// Those of one issuer; the caller owns stack and references.
    STACK_OF(X509_CRL) * lists_of(const X509_NAME* issuer);
    void refresh();

    const std::string file_;
    std::mutex mutex_;
    std::vector<List> lists_;
    Version version_;
};

}  // namespace scef::nidd
