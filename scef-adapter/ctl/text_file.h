#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "lwm2m-core/vocabulary/result.h"

/// Files that commands read: CSV with a header, or JSON lines.
namespace scef::ctl {

struct Session;

/// The whole of it; `-` is the standard input.
Result<std::string> read_all(const std::string& file);

/// Lines with their numbers from 1, without line ends, empty ones, those that begin with `#`, and a
/// byte order mark.
void for_each_line(std::string_view text,
                   const std::function<void(std::size_t number, std::string_view line)>& each);

/// A mistake in such a file.
struct LineMistake {
    std::size_t line = 0;
    std::string sentence;
};

/// To `session.err`, the first twenty.
void report(const Session& session, const std::string& file,
            const std::vector<LineMistake>& mistakes);
nlohmann::json mistakes_json(const std::vector<LineMistake>& mistakes);

/// `[#####-----]  50 % 500/1000`, and how to show it: nothing with `--json`, or if the standard
/// error is no terminal.
std::string progress_bar(std::size_t done, std::size_t all);
std::function<void(std::size_t done)> progress_on(const Session& session, std::size_t all);

}  // namespace scef::ctl
