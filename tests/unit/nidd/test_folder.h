#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

namespace scef::nidd::test {

/// A folder of this process alone, for tests run beside one another; it goes with the process.
inline const std::string& test_folder() {
    struct Folder {
        Folder() {
            std::string pattern = testing::TempDir() + "nidd-test-XXXXXX";
            if (mkdtemp(pattern.data()) == nullptr) std::abort();
            path = pattern + "/";
        }
        ~Folder() {
            std::error_code ignored;
            std::filesystem::remove_all(path, ignored);
        }
        std::string path;
    };
    static const Folder folder;
    return folder.path;
}

}  // namespace scef::nidd::test
