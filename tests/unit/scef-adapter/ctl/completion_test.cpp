#include "scef-adapter/ctl/completion.h"

#include <array>
#include <cstdio>
#include <fstream>
#include <set>
#include <sstream>

#include <gtest/gtest.h>
#include <unistd.h>

namespace scef::ctl {
namespace {

CommandWord some_program() {
    CommandWord program{
        "scef-adapterctl", "operates", {{"--url", "where", true, false}}, {}, false, {}};
    CommandWord send{"send",
                     "it's sent",
                     {{"--ttl", "how long", true, false},
                      {"--batch", "file", true, true},
                      {"--wait", "waits", false, false}},
                     {},
                     false,
                     {}};
    CommandWord import{"import", "a file", {}, {}, true, {}};
    program.commands.push_back({"messages", "of devices", {}, {}, false, {send}});
    program.commands.push_back({"devices", "themselves", {}, {}, false, {import}});
    program.commands.push_back({"completion", "this", {}, {"bash", "zsh"}, false, {}});
    return program;
}

/// What bash itself would offer for the words, the last of which is being typed.
std::set<std::string> offered_by_bash(const std::string& words) {
    const std::string file = testing::TempDir() + "completion." + std::to_string(getpid());
    std::ofstream(file) << *completion_script(some_program(), "bash")
                        << "COMP_WORDS=(scef-adapterctl " << words << ")\n"
                        << "COMP_CWORD=$((${#COMP_WORDS[@]}-1))\n_scef_adapterctl\n"
                        << "printf '%s\\n' \"${COMPREPLY[@]}\"\n";
    FILE* pipe = popen(("bash --norc " + file + " 2>&1").c_str(), "r");
    std::set<std::string> offers;
    std::array<char, 256> line{};
    while (std::fgets(line.data(), line.size(), pipe) != nullptr) {
        std::string text = line.data();
        text.pop_back();
        if (!text.empty()) offers.insert(text);
    }
    EXPECT_EQ(pclose(pipe), 0);
    std::remove(file.c_str());
    return offers;
}

TEST(Completion, bash_offers_commands_where_commands_are) {
    EXPECT_EQ(offered_by_bash("''"), (std::set<std::string>{"messages", "devices", "completion"}));
    EXPECT_EQ(offered_by_bash("mess"), (std::set<std::string>{"messages"}));
    EXPECT_EQ(offered_by_bash("messages ''"), (std::set<std::string>{"send"}));
    EXPECT_EQ(offered_by_bash("--url http://x messages ''"), (std::set<std::string>{"send"}));
    EXPECT_EQ(offered_by_bash("completion ''"), (std::set<std::string>{"bash", "zsh"}));
}

TEST(Completion, bash_offers_the_options_of_the_command_and_of_the_program) {
    EXPECT_EQ(offered_by_bash("messages send --"),
              (std::set<std::string>{"--ttl", "--batch", "--wait", "--url"}));
    EXPECT_EQ(offered_by_bash("messages send meter-1@x --w"), (std::set<std::string>{"--wait"}));
    EXPECT_TRUE(offered_by_bash("messages send --ttl ''").empty()) << "a value is typed";
}

TEST(Completion, bash_offers_files_where_files_are) {
    const std::string file = testing::TempDir() + "fleet." + std::to_string(getpid());
    std::ofstream(file) << '\n';
    EXPECT_EQ(offered_by_bash("devices import " + file), (std::set<std::string>{file}));
    EXPECT_EQ(offered_by_bash("messages send --batch " + file), (std::set<std::string>{file}));
    std::remove(file.c_str());
}

TEST(Completion, the_other_shells_have_theirs) {
    EXPECT_NE(completion_script(some_program(), "zsh")->find("bashcompinit"), std::string::npos);
    const std::string fish = *completion_script(some_program(), "fish");
    EXPECT_NE(fish.find("-a send -d 'it'\\''s sent'"), std::string::npos) << fish;
    EXPECT_NE(fish.find("-l batch -r -F"), std::string::npos) << fish;
    EXPECT_FALSE(completion_script(some_program(), "tcsh"));
}

}  // namespace
}  // namespace scef::ctl
