#include "simulators/lwm2m-server-simulator/file_store.h"

#include <fstream>
#include <iterator>
#include <system_error>

namespace scef::lwm2m_server_simulator {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

Bytes etag_of(ByteView content) {
    const std::uint64_t hash = stable_hash(content);
    Bytes octets;
    for (int shift = 56; shift >= 0; shift -= 8) {
        octets.push_back(static_cast<std::uint8_t>(hash >> shift));
    }
    return octets;
}

tl::unexpected<Error> no_such_file(const std::string& name) {
    return fail(Errc::not_found,
                "there is no file '" + name + "'; GET /files lists them (--files, --firmware)");
}

Result<Bytes> read_file(const fs::path& path) {
    std::ifstream stream(path, std::ios::binary);
    Bytes content{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
    if (!stream) return fail(Errc::not_found, "cannot read '" + path.string() + "'");
    return content;
}

}  // namespace

Result<FileStore> FileStore::open(const std::string& folder, const std::string& file) {
    FileStore store;
    std::error_code error;
    if (!folder.empty() && !fs::is_directory(folder, error)) {
        return fail(Errc::invalid_argument, "--files '" + folder + "' is no folder");
    }
    if (!file.empty() && !fs::is_regular_file(file, error)) {
        return fail(Errc::invalid_argument, "--firmware '" + file + "' is no file");
    }
    store.folder_ = folder;
    store.single_ = file;
    return store;
}

fs::path FileStore::path_of(const std::string& name) const {
    const bool is_plain = !name.empty() && name.front() != '.' &&
                          name.find('/') == std::string::npos &&
                          name.find('\0') == std::string::npos;
    if (!is_plain) return {};
    if (!single_.empty() && single_.filename() == name) return single_;
    return folder_.empty() ? fs::path() : folder_ / name;
}

Result<std::shared_ptr<const ServedFile>> FileStore::find(const std::string& name) {
    const fs::path path = path_of(name);
    std::error_code error;
    if (path.empty() || !fs::is_regular_file(path, error)) return no_such_file(name);
    const auto written = fs::last_write_time(path, error);
    const auto size = fs::file_size(path, error);
    if (error) return no_such_file(name);
    if (size > file_bytes_max) {
        return fail(Errc::too_large, "'" + name + "' is larger than 16 MiB");
    }
    const auto cached = cache_.find(name);
    if (cached != cache_.end() && cached->second.written == written &&
        cached->second.file->content.size() == size) {
        return cached->second.file;
    }
    auto content = read_file(path);
    if (!content) return tl::unexpected(content.error());
    Bytes etag = etag_of(*content);
    auto file =
        std::make_shared<const ServedFile>(ServedFile{name, std::move(*content), std::move(etag)});
    cache_.insert_or_assign(name, Cached{written, file});
    return file;
}

json FileStore::to_json() const {
    json all = json::array();
    std::error_code error;
    const auto add = [&all, &error](const fs::path& path) {
        const std::string name = path.filename().string();
        const auto size = fs::file_size(path, error);
        if (!error && name.front() != '.') all.push_back({{"name", name}, {"bytes", size}});
    };
    if (!single_.empty()) add(single_);
    if (folder_.empty()) return all;
    for (const auto& entry : fs::directory_iterator(folder_, error)) {
        if (entry.is_regular_file(error)) add(entry.path());
    }
    return all;
}

}  // namespace scef::lwm2m_server_simulator
