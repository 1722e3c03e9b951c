#pragma once

#include <string>

#include "scef-adapter/ctl/session.h"

/// `scef-adapterctl messages send --batch FILE`.
namespace scef::ctl {

/// Sends all messages of a file, 1000 at a time; nothing if a line has a mistake. Status 1 if any
/// was not taken. `batch` names the file for the keys (`give_keys`).
int messages_send_batch(const Session& session, const std::string& file, const std::string& batch);

}  // namespace scef::ctl
