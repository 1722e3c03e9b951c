#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "scef-adapter/ctl/text_file.h"

namespace scef::ctl {

/// One message of a batch file: an item for `POST /messages:batch`.
struct MessageLine {
    std::size_t line = 0;  ///< from 1
    nlohmann::json item;
};

struct MessageFile {
    std::vector<MessageLine> messages;
    std::vector<LineMistake> mistakes;
};

/// Reads a whole batch file: JSON lines if its first line that is not empty begins with `{`, else
/// CSV whose first line names the columns. Members are those of a message with `externalId`; `coap`
/// (`PUT /1/0/1 300`) stands for `payload`. What the API alone can judge is left to it.
MessageFile read_messages(std::string_view text);

/// Gives each message that has none an Idempotency-Key, so that a file that is sent again sends
/// nothing twice: of its line and of `batch`, or of the file's content if that is empty.
void give_keys(MessageFile& file, std::string_view text, const std::string& batch);

}  // namespace scef::ctl
