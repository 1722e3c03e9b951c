#include "scef-adapter/ctl/text_file.h"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <sstream>

#include <unistd.h>

#include "scef-adapter/ctl/session.h"
#include "scef-adapter/ctl/table.h"

namespace scef::ctl {
namespace {

constexpr std::size_t mistakes_shown_max = 20;
constexpr std::size_t bar_width = 30;

}  // namespace

Result<std::string> read_all(const std::string& file) {
    std::ostringstream text;
    if (file == "-") {
        text << std::cin.rdbuf();
        return text.str();
    }
    std::ifstream stream(file);
    if (stream) text << stream.rdbuf();
    if (!stream) return fail(Errc::invalid_argument, file + " cannot be read or is empty");
    return text.str();
}

void for_each_line(std::string_view text,
                   const std::function<void(std::size_t number, std::string_view line)>& each) {
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);  // spreadsheets write one
    for (std::size_t number = 1; !text.empty(); ++number) {
        std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
        if (!line.empty() && !line.starts_with('#')) each(number, line);
    }
}

void report(const Session& session, const std::string& file,
            const std::vector<LineMistake>& mistakes) {
    for (std::size_t i = 0; i < mistakes.size(); ++i) {
        if (i == mistakes_shown_max) {
            session.err << "… and " << mistakes.size() - i << " more\n";
            break;
        }
        session.err << file << ':' << mistakes[i].line << ": " << printable(mistakes[i].sentence)
                    << '\n';
    }
}

nlohmann::json mistakes_json(const std::vector<LineMistake>& mistakes) {
    auto list = nlohmann::json::array();
    for (const LineMistake& mistake : mistakes) {
        list.push_back({{"line", mistake.line}, {"sentence", mistake.sentence}});
    }
    return list;
}

std::string progress_bar(std::size_t done, std::size_t all) {
    const std::size_t filled = all == 0 ? bar_width : bar_width * done / all;
    const std::size_t percent = all == 0 ? 100 : 100 * done / all;
    std::string number = std::to_string(percent);
    number.insert(0, 3 - number.size(), ' ');
    return '[' + std::string(filled, '#') + std::string(bar_width - filled, '-') + "] " + number +
           " % " + std::to_string(done) + '/' + std::to_string(all);
}

std::function<void(std::size_t done)> progress_on(const Session& session, std::size_t all) {
    if (session.json || isatty(STDERR_FILENO) == 0) return [](std::size_t) {};
    return [&session, all](std::size_t done) {
        const bool due = done == all || done % (all / 200 + 1) == 0;
        if (due) session.err << '\r' << progress_bar(done, all) << std::flush;
        if (done == all) session.err << '\n';
    };
}

}  // namespace scef::ctl
