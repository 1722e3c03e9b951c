#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace scef::ctl {

/// One sentence about words of the command line that nothing takes. Where options are among them it
/// names these alone, without what follows them: who writes `--token TOKEN` finds no token in the
/// answer.
std::string refusal_of(const std::vector<std::string>& words);

}  // namespace scef::ctl
