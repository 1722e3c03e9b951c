#pragma once

#include <optional>
#include <string>
#include <vector>

namespace scef::ctl {

/// A command as a shell has to know it.
struct CommandWord {
    std::string name;
    std::string what;  ///< one line
    struct Option {
        std::string name;  ///< `--ttl`
        std::string what;
        bool takes_value = false;
        bool takes_file = false;
    };
    std::vector<Option> options;
    std::vector<std::string> argument_choices;  ///< of its first argument; empty: free text
    bool takes_file = false;                    ///< its argument is a file
    std::vector<CommandWord> commands;
};

/// A script for that shell (`bash`, `zsh`, `fish`) that completes the commands and options of the
/// tree, whose root is the program; nothing for another shell. Pure.
std::optional<std::string> completion_script(const CommandWord& program, const std::string& shell);

}  // namespace scef::ctl
