#include "nidd/tls/revocation_lists.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <sys/stat.h>

namespace scef::nidd {
namespace {

using File = std::unique_ptr<BIO, decltype(&BIO_free)>;

/// Where a store keeps the lists that it is checked by.
int index_in_store() {
    static const int index =
        CRYPTO_get_ex_new_index(CRYPTO_EX_INDEX_X509_STORE, 0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

}  // namespace

Result<std::unique_ptr<RevocationLists>> RevocationLists::open(std::string file) {
    std::unique_ptr<RevocationLists> self(new RevocationLists(std::move(file)));
    self->version_ = version_of(self->file_);
    auto lists = read(self->file_);
    if (!lists) return tl::unexpected(lists.error());
    self->lists_ = std::move(*lists);
    return self;
}

Result<std::vector<RevocationLists::List>> RevocationLists::read(const std::string& file) {
    const File input(BIO_new_file(file.c_str(), "r"), BIO_free);
    std::vector<List> lists;
    while (input != nullptr) {
        List list(PEM_read_bio_X509_CRL(input.get(), nullptr, nullptr, nullptr));
        if (list == nullptr) break;
        lists.push_back(std::move(list));
    }
    const auto reason = ERR_GET_REASON(ERR_peek_last_error());
    ERR_clear_error();
    if (lists.empty() || reason != PEM_R_NO_START_LINE) {
        return fail(Errc::invalid_argument,
                    "no certificate revocation lists in PEM can be read from " + file);
    }
    return lists;
}

RevocationLists::Version RevocationLists::version_of(const std::string& file) {
    struct stat state {};
    if (::stat(file.c_str(), &state) != 0) return {};
    return {state.st_dev, state.st_ino, static_cast<std::uint64_t>(state.st_size),
            state.st_mtim.tv_sec * std::int64_t{1'000'000'000} + state.st_mtim.tv_nsec};
}

void RevocationLists::refresh() {
    const Version version = version_of(file_);
    if (version == version_) return;
    auto lists = read(file_);
    if (!lists) return;  // half written, perhaps: the next handshake looks again
    lists_ = std::move(*lists);
    version_ = version;
}

void RevocationLists::check_in(X509_STORE* store) {
    X509_STORE_set_ex_data(store, index_in_store(), this);
    X509_STORE_set_lookup_crls(store, &RevocationLists::lists_of);
    X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK);
}

STACK_OF(X509_CRL) * RevocationLists::lists_of(const X509_STORE_CTX* context,
                                               const X509_NAME* issuer) {
    X509_STORE* const store = X509_STORE_CTX_get0_store(context);
    void* const self = X509_STORE_get_ex_data(store, index_in_store());
    return static_cast<RevocationLists*>(self)->lists_of(issuer);
}

STACK_OF(X509_CRL) * RevocationLists::lists_of(const X509_NAME* issuer) {
    const std::lock_guard lock(mutex_);
    refresh();
    STACK_OF(X509_CRL)* const found = sk_X509_CRL_new_null();
    for (const List& list : lists_) {
        if (X509_NAME_cmp(X509_CRL_get_issuer(list.get()), issuer) != 0) continue;
        X509_CRL_up_ref(list.get());
        sk_X509_CRL_push(found, list.get());
    }
    return found;
}

}  // namespace scef::nidd
