#include "scef-adapter/admin/backups.h"

#include <algorithm>
#include <filesystem>

#include <boost/asio/post.hpp>

#include "lwm2m-core/vocabulary/time_text.h"

namespace scef::adapter {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view prefix = "scef-adapter-";

/// `scef-adapter-20260301T081530.123Z`: in the order of time, and fit for every file system.
std::string name_at(WallTime time) {
    std::string name(prefix);
    for (const char c : to_rfc3339(time)) {
        if (c != '-' && c != ':') name += c;
    }
    return name;
}

tl::unexpected<Error> not_configured() {
    return fail(Errc::conflict, "there is no folder for backups; set 'store.backup_path'");
}

std::vector<fs::path> found_in(const std::string& folder, std::error_code& error) {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with(prefix) && name.ends_with('Z')) found.push_back(entry.path());
    }
    std::sort(found.begin(), found.end());
    return found;
}

}  // namespace

void Backups::make(WallTime now, const Announce& announce, Done done) {
    const std::string folder = config_->store.backups.path;
    if (folder.empty()) return done(not_configured());
    if (busy_.exchange(true)) return done(fail(Errc::conflict, "a backup is being made already"));
    const std::string path = (fs::path(folder) / name_at(now)).string();
    announce(path, [this, path, done = std::move(done)] {
        boost::asio::post(pool_, [this, path, done] {
            auto made = make_now(path);
            busy_ = false;
            done(std::move(made));
        });
    });
}

Result<std::string> Backups::make_now(const std::string& path) {
    const auto config = config_.get();
    const fs::path made(path), folder = made.parent_path();
    std::error_code error;
    if (!fs::is_directory(folder, error)) {
        if (!fs::create_directories(folder, error)) {
            return fail(Errc::storage, "the folder of backups cannot be made: " + error.message());
        }
        fs::permissions(folder, fs::perms::owner_all, error);
    }
    if (Status done = store_.backup(made.string()); !done) {
        return tl::unexpected<Error>(std::move(done.error()));
    }
    auto all = found_in(folder.string(), error);
    for (std::size_t i = 0; i + config->store.backups.kept < all.size(); ++i) {
        fs::remove_all(all[i], error);
    }
    return made.string();
}

Result<std::vector<std::string>> Backups::list() const {
    const std::string folder = config_->store.backups.path;
    if (folder.empty()) return not_configured();
    std::error_code error;
    std::vector<std::string> paths;
    for (const fs::path& path : found_in(folder, error)) paths.push_back(path.string());
    return paths;
}

}  // namespace scef::adapter
