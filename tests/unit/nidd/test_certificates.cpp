#include "tests/unit/nidd/test_certificates.h"

#include <cstdio>
#include <memory>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "tests/unit/nidd/test_folder.h"

namespace scef::nidd::test {
namespace {

struct KeyPair {
    std::shared_ptr<EVP_PKEY> key;
    std::shared_ptr<X509> certificate;
};

void add_extension(X509* certificate, X509* issuer, int id, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str());
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

/// Self-signed if `issuer` is null.
KeyPair make(const std::string& name, const std::string& alternative, const KeyPair* issuer) {
    static long serial = 1;
    KeyPair made{{EVP_EC_gen("P-256"), EVP_PKEY_free}, {X509_new(), X509_free}};
    X509* certificate = made.certificate.get();
    X509* signer = issuer == nullptr ? certificate : issuer->certificate.get();
    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial++);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, made.key.get());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    X509_set_issuer_name(certificate, X509_get_subject_name(signer));
    if (issuer == nullptr)
        add_extension(certificate, signer, NID_basic_constraints, "critical,CA:TRUE");
    if (!alternative.empty()) add_extension(certificate, signer, NID_subject_alt_name, alternative);
    X509_sign(certificate, issuer == nullptr ? made.key.get() : issuer->key.get(), EVP_sha256());
    return made;
}

std::string write_certificate(const KeyPair& pair, const std::string& file) {
    const std::string path = test_folder() + file + ".pem";
    std::FILE* stream = std::fopen(path.c_str(), "w");
    PEM_write_X509(stream, pair.certificate.get());
    std::fclose(stream);
    return path;
}

std::string write_key(const KeyPair& pair, const std::string& file) {
    const std::string path = test_folder() + file + "-key.pem";
    std::FILE* stream = std::fopen(path.c_str(), "w");
    PEM_write_PrivateKey(stream, pair.key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(stream);
    return path;
}

}  // namespace

TestCertificates::TestCertificates() {
    const KeyPair authority = make("test authority", {}, nullptr);
    const KeyPair local = make("server", "IP:127.0.0.1", &authority);
    const KeyPair elsewhere = make("other", "DNS:other.example", &authority);
    const KeyPair visitor = make("client", {}, &authority);
    ca = write_certificate(authority, "ca");
    server = write_certificate(local, "server");
    server_key = write_key(local, "server");
    other = write_certificate(elsewhere, "other");
    other_key = write_key(elsewhere, "other");
    client = write_certificate(visitor, "client");
    client_key = write_key(visitor, "client");
    stranger_ca = write_certificate(make("stranger", {}, nullptr), "stranger");
}

}  // namespace scef::nidd::test
