#include "scef-adapter/runtime/build_commit.h"

namespace scef::adapter {

std::string_view build_commit() { return SCEF_COMMIT; }

}  // namespace scef::adapter
