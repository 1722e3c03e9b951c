#include "scef-adapter/config/file_checks.h"

#include <cerrno>
#include <cstring>

#include <sys/stat.h>
#include <unistd.h>

#include "scef-adapter/config/mistakes.h"

namespace scef::adapter {
namespace {

/// `shown` is what sentences call the file.
Result<struct stat> inspected(const std::string& file, const std::string& shown) {
    struct stat info {};
    if (stat(file.c_str(), &info) != 0 || access(file.c_str(), R_OK) != 0) {
        return fail(Errc::not_found, shown + " cannot be read: " + std::strerror(errno));
    }
    if (S_ISDIR(info.st_mode)) {
        return fail(Errc::invalid_argument, shown + " is a directory, not a file");
    }
    return info;
}

}  // namespace

Status check_file(const std::string& file) {
    return inspected(file, "the file " + in_quotes(file)).map([](const struct stat&) {});
}

Status check_secret_file(const std::string& file) {
    // Where nothing has that name, the value may be the secret itself, written in the wrong place.
    const auto info = inspected(file, "the file named here");
    if (!info) return tl::unexpected(info.error());
    if ((info->st_mode & (S_IROTH | S_IWOTH)) != 0) {
        return fail(Errc::invalid_argument, "the file " + in_quotes(file) +
                                                " holds a secret that everybody on this machine "
                                                "can read; use: chmod 640");
    }
    return {};
}

}  // namespace scef::adapter
