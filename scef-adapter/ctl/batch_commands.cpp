#include "scef-adapter/ctl/batch_commands.h"

#include <ostream>

#include "nidd/types/strict_json.h"
#include "scef-adapter/ctl/message_file.h"

namespace scef::ctl {
namespace {

using nlohmann::json;

constexpr std::size_t items_max = 1000;
/// The API takes 4 MiB; what is around an item needs little.
constexpr std::size_t octets_max = std::size_t{3} * 1024 * 1024;

struct Summary {
    std::size_t created = 0, unchanged = 0;
    std::vector<LineMistake> failed;
};

/// The next items, as many as fit one request.
json next_items(const std::vector<MessageLine>& messages, std::size_t from) {
    json items = json::array();
    std::size_t octets = 0;
    for (std::size_t i = from; i < messages.size() && items.size() < items_max; ++i) {
        octets += nidd::dump(messages[i].item).size();
        if (octets > octets_max && !items.empty()) break;
        items.push_back(messages[i].item);
    }
    return items;
}

Status note(const json& answer, const std::vector<MessageLine>& messages, std::size_t from,
            std::size_t count, Summary& summary) {
    const auto results = answer.find("items");
    if (results == answer.end() || !results->is_array() || results->size() != count) {
        return fail(Errc::malformed, "the answer does not tell of each message");
    }
    for (std::size_t i = 0; i < count; ++i) {
        const json& result = (*results)[i];
        const int status = result.value("status", 0);
        if (status == 201) {
            ++summary.created;
        } else if (status == 200) {
            ++summary.unchanged;
        } else {
            const json problem = result.value("problem", json::object());
            summary.failed.push_back(
                {messages[from + i].line,
                 cell(messages[from + i].item, "externalId") + ": " + cell(problem, "detail")});
        }
    }
    return {};
}

int finish(const Session& session, const std::string& file, const Summary& summary) {
    if (session.json) {
        session.print({{"created", summary.created},
                       {"unchanged", summary.unchanged},
                       {"failed", summary.failed.size()},
                       {"failures", mistakes_json(summary.failed)}});
    } else {
        report(session, file, summary.failed);
        session.out << "enqueued " << summary.created << " / sent before " << summary.unchanged
                    << " / failed " << summary.failed.size() << '\n';
    }
    return summary.failed.empty() ? 0 : 1;
}

}  // namespace

int messages_send_batch(const Session& session, const std::string& file, const std::string& batch) {
    const auto text = read_all(file);
    if (!text) return session.complain(text.error().message);
    MessageFile read = read_messages(*text);
    if (!read.mistakes.empty()) {
        if (session.json) session.print({{"mistakes", mistakes_json(read.mistakes)}});
        if (!session.json) report(session, file, read.mistakes);
        return session.complain("nothing was sent: " + std::to_string(read.mistakes.size()) +
                                " line(s) with a mistake");
    }
    give_keys(read, *text, batch);
    auto client = ApiClient::open(session.address);
    if (!client) return session.complain(client.error().message);
    const auto progress = progress_on(session, read.messages.size());
    Summary summary;
    for (std::size_t done = 0; done < read.messages.size();) {
        json items = next_items(read.messages, done);
        const std::size_t count = items.size();
        const auto answer =
            (*client)->post("/api/v1/messages:batch", {{"items", std::move(items)}});
        Status noted;
        if (!answer) {
            noted = tl::unexpected<Error>(answer.error());
        } else if (!answer->is_success()) {
            noted = fail(Errc::unavailable, sentence_of(*answer));
        } else {
            noted = note(answer->body, read.messages, done, count, summary);
        }
        if (!noted) {
            (void)finish(session, file, summary);
            return session.complain(
                "stopped before line " + std::to_string(read.messages[done].line) + ": " +
                noted.error().message + "; the same file may be sent again, nothing goes twice");
        }
        done += count;
        progress(done);
    }
    return finish(session, file, summary);
}

}  // namespace scef::ctl
