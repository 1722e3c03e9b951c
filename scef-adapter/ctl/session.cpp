#include "scef-adapter/ctl/session.h"

#include <algorithm>
#include <chrono>
#include <ostream>

#include "nidd/types/strict_json.h"
#include "scef-adapter/ctl/table.h"

namespace scef::ctl {

using Json = nlohmann::json;

namespace {

constexpr std::size_t page_max = 1000;

}  // namespace

int Session::complain(const std::string& sentence) const {
    err << "scef-adapterctl: " << printable(sentence) << '\n';
    return 1;
}

void Session::print(const Json& document) const { out << nidd::dump(document) << '\n'; }

int Session::run(const Call& call, const std::function<void(const Json&)>& people) const {
    auto client = ApiClient::open(address);
    if (!client) return complain(client.error().message);
    const auto answer = call(**client);
    if (!answer) return complain(answer.error().message);
    if (!answer->is_success()) return complain(sentence_of(*answer));
    if (!json) {
        people(answer->body);
    } else if (!answer->body.is_null()) {
        print(answer->body);
    }
    return 0;
}

Status Session::for_each_page(ApiClient& client, const std::string& path, const std::string& query,
                              std::size_t limit, const Page& each) const {
    std::size_t have = 0;
    std::string cursor;
    for (;;) {
        const std::size_t missing = limit == 0 ? page_max : limit - have;
        std::string target = path + "?limit=" + std::to_string(std::min(missing, page_max));
        if (!query.empty()) target += '&' + query;
        if (!cursor.empty()) target += "&cursor=" + cursor;
        auto answer = client.get(target);
        if (!answer) return tl::unexpected<Error>(std::move(answer.error()));
        if (!answer->is_success()) return fail(Errc::unavailable, sentence_of(*answer));
        if (!answer->body.is_object() || !answer->body["items"].is_array()) {
            return fail(Errc::malformed, "the answer is no list");
        }
        have += answer->body["items"].size();
        const Json next = answer->body["next"];
        if (!each(std::move(answer->body["items"]))) return {};
        if (!next.is_string() || (limit != 0 && have >= limit)) return {};
        cursor = next.get<std::string>();
    }
}

Result<Json> Session::fetch_all(ApiClient& client, const std::string& path,
                                const std::string& query, std::size_t limit) const {
    auto items = Json::array();
    auto done = for_each_page(client, path, query, limit, [&](Json page) {
        for (auto& item : page) items.push_back(std::move(item));
        return true;
    });
    if (!done) return tl::unexpected<Error>(std::move(done.error()));
    return items;
}

WallTime wall_now() {
    return WallTime(
        std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch()));
}

std::string cell(const Json& document, const char* name) {
    if (!document.is_object()) return "-";
    const auto member = document.find(name);
    if (member == document.end() || member->is_null()) return "-";
    const auto is_text = [](const Json& item) { return item.is_string(); };
    if (member->is_array() && std::all_of(member->begin(), member->end(), is_text)) {
        std::string text;
        for (const Json& item : *member) {
            text.append(text.empty() ? "" : ", ").append(printable(item.get<std::string>()));
        }
        return text.empty() ? "-" : text;
    }
    return printable(member->is_string() ? member->get<std::string>() : nidd::dump(*member));
}

}  // namespace scef::ctl
