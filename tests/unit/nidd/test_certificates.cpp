#include "tests/unit/nidd/test_certificates.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

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

std::string crl_file() { return test_folder() + "crl.pem"; }

void replace_crl(const std::string& text) {
    const std::string draft = crl_file() + ".new";
    std::ofstream(draft) << text;
    std::filesystem::rename(draft, crl_file());
}

void add_revoked(X509_CRL* list, const std::string& certificate_file) {
    std::FILE* stream = std::fopen(certificate_file.c_str(), "r");
    const std::shared_ptr<X509> certificate(PEM_read_X509(stream, nullptr, nullptr, nullptr),
                                            X509_free);
    std::fclose(stream);
    X509_REVOKED* entry = X509_REVOKED_new();
    X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(certificate.get()));
    X509_REVOKED_set_revocationDate(entry, X509_getm_notBefore(certificate.get()));
    X509_CRL_add0_revoked(list, entry);
}

}  // namespace

struct TestCertificates::Authorities {
    KeyPair authority = make("test authority", {}, nullptr);
    KeyPair stranger = make("stranger", {}, nullptr);
    KeyPair forger = make("test authority", {}, nullptr);

    const KeyPair& of(Issuer issuer) const {
        return issuer == Issuer::authority  ? authority
               : issuer == Issuer::stranger ? stranger
                                            : forger;
    }
};

TestCertificates::TestCertificates() : authorities_(std::make_shared<const Authorities>()) {
    const KeyPair& authority = authorities_->authority;
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
    stranger_ca = write_certificate(authorities_->stranger, "stranger");
}

std::string TestCertificates::write_crl(const std::vector<std::string>& revoked,
                                        std::chrono::seconds valid, Issuer issuer) const {
    const KeyPair& signer = authorities_->of(issuer);
    const std::shared_ptr<X509_CRL> list(X509_CRL_new(), X509_CRL_free);
    X509_CRL_set_version(list.get(), X509_CRL_VERSION_2);
    X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(signer.certificate.get()));
    const std::shared_ptr<ASN1_TIME> made(X509_gmtime_adj(nullptr, -60), ASN1_TIME_free);
    const std::shared_ptr<ASN1_TIME> due(X509_gmtime_adj(nullptr, static_cast<long>(valid.count())),
                                         ASN1_TIME_free);
    X509_CRL_set1_lastUpdate(list.get(), made.get());
    X509_CRL_set1_nextUpdate(list.get(), due.get());
    for (const std::string& file : revoked) add_revoked(list.get(), file);
    X509_CRL_sort(list.get());
    X509_CRL_sign(list.get(), signer.key.get(), EVP_sha256());
    const std::shared_ptr<BIO> memory(BIO_new(BIO_s_mem()), BIO_free);
    PEM_write_bio_X509_CRL(memory.get(), list.get());
    char* text = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &text);
    replace_crl(std::string(text, static_cast<std::size_t>(size)));
    return crl_file();
}

void TestCertificates::write_broken_crl() const {
    std::stringstream whole;
    whole << std::ifstream(crl_file()).rdbuf();
    replace_crl(whole.str().substr(0, whole.str().size() / 2));
}

}  // namespace scef::nidd::test
