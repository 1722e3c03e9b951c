#include "scef-adapter/ctl/session.h"

#include <algorithm>
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

Result<Json> Session::fetch_all(ApiClient& client, const std::string& path,
                                const std::string& query, std::size_t limit) const {
    auto items = Json::array();
    std::string cursor;
    for (;;) {
        const std::size_t missing = limit == 0 ? page_max : limit - items.size();
        std::string target = path + "?limit=" + std::to_string(std::min(missing, page_max));
        if (!query.empty()) target += '&' + query;
        if (!cursor.empty()) target += "&cursor=" + cursor;
        auto answer = client.get(target);
        if (!answer) return tl::unexpected<Error>(std::move(answer.error()));
        if (!answer->is_success()) return fail(Errc::unavailable, sentence_of(*answer));
        if (!answer->body.is_object() || !answer->body["items"].is_array()) {
            return fail(Errc::malformed, "the answer is no list");
        }
        for (auto& item : answer->body["items"]) items.push_back(std::move(item));
        const auto& next = answer->body["next"];
        if (!next.is_string() || (limit != 0 && items.size() >= limit)) return items;
        cursor = next.get<std::string>();
    }
}

std::string cell(const Json& document, const char* name) {
    if (!document.is_object()) return "-";
    const auto member = document.find(name);
    if (member == document.end() || member->is_null()) return "-";
    return printable(member->is_string() ? member->get<std::string>() : nidd::dump(*member));
}

}  // namespace scef::ctl
