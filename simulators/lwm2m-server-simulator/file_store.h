#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include <nlohmann/json.hpp>

#include "lwm2m-core/vocabulary/bytes.h"
#include "lwm2m-core/vocabulary/result.h"

namespace scef::lwm2m_server_simulator {

/// A file as it was when it was read; another content has another ETag.
struct ServedFile {
    std::string name;
    Bytes content;
    Bytes etag;
};

/// The files that clients may fetch: those of one folder (not of folders below) and single ones.
/// Each is read when it is first asked for, and again when it changed on the disk. 16 MiB at most.
/// Loop thread only.
class FileStore {
public:
    static constexpr std::size_t file_bytes_max = std::size_t{16} * 1024 * 1024;

    FileStore() = default;
    /// Empty texts for none. `invalid_argument` for what is no folder or no readable file.
    static Result<FileStore> open(const std::string& folder, const std::string& file);

    /// `not_found` for a name that is none of the files, or hidden; `too_large`.
    Result<std::shared_ptr<const ServedFile>> find(const std::string& name);

    /// Names and sizes.
    nlohmann::json to_json() const;

private:
    struct Cached {
        std::filesystem::file_time_type written{};
        std::shared_ptr<const ServedFile> file;
    };

    std::filesystem::path path_of(const std::string& name) const;

    std::filesystem::path folder_;
    std::filesystem::path single_;
    std::map<std::string, Cached> cache_;
};

}  // namespace scef::lwm2m_server_simulator
