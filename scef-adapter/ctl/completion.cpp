#include "scef-adapter/ctl/completion.h"

#include <functional>

namespace scef::ctl {
namespace {

/// Every command with the words that lead to it: `messages send`.
void for_each_command(const CommandWord& command, const std::string& path,
                      const std::function<void(const CommandWord&, const std::string&)>& each) {
    each(command, path);
    for (const CommandWord& sub : command.commands) {
        for_each_command(sub, path.empty() ? sub.name : path + ' ' + sub.name, each);
    }
}

std::string join(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
    return text;
}

/// Within single quotes of a shell.
std::string shell_text(const std::string& text) {
    std::string safe;
    for (const char c : text) safe += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return '\'' + safe + '\'';
}

std::vector<std::string> words_of(const CommandWord& command) {
    std::vector<std::string> words;
    for (const CommandWord& sub : command.commands) words.push_back(sub.name);
    for (const std::string& choice : command.argument_choices) words.push_back(choice);
    return words;
}

std::vector<std::string> option_names(const CommandWord& command, const CommandWord& program) {
    std::vector<std::string> names;
    for (const auto& option : command.options) names.push_back(option.name);
    if (&command == &program) return names;
    for (const auto& option : program.options) {
        if (option.name != "--version" && option.name != "--help") names.push_back(option.name);
    }
    return names;
}

/// A function that finds the command in the words so far, by two tables: what follows a command,
/// and which options have a value.
std::string bash_script(const CommandWord& program) {
    std::string words, options, files, valued, valued_files;
    for_each_command(program, "", [&](const CommandWord& command, const std::string& path) {
        const std::string label = shell_text(path) + ") ";
        words += "        " + label + "words=" + shell_text(join(words_of(command))) + ";;\n";
        options += "        " + label +
                   "words=" + shell_text(join(option_names(command, program))) + ";;\n";
        if (command.takes_file) files += "        " + label + "takes_file=1;;\n";
        for (const auto& option : command.options) {
            if (option.takes_value) valued += ' ' + option.name;
            if (option.takes_file) valued_files += ' ' + option.name;
        }
    });
    return R"(# bash completion of scef-adapterctl: source <(scef-adapterctl completion bash)
_scef_adapterctl() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
    local valued=")" +
           valued + R"( " valued_files=")" + valued_files + R"( "
    local path='' word words='' takes_file='' i known
    COMPREPLY=()
    if [[ $valued_files == *" $previous "* ]]; then
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
        return
    fi
    [[ $valued == *" $previous "* ]] && return
    for ((i = 1; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if [[ $word == -* ]]; then
            [[ $valued == *" $word "* ]] && ((i++))
            continue
        fi
        case "${path:+$path }$word" in
)" +
           [&] {
               std::string paths;
               for_each_command(program, "", [&](const CommandWord&, const std::string& path) {
                   if (!path.empty())
                       paths += "            " + shell_text(path) + ") path=" + shell_text(path) +
                                ";;\n";
               });
               return paths;
           }() +
           R"(        esac
    done
    if [[ $current == -* ]]; then
        case "$path" in
)" + options +
           R"(        esac
    else
        case "$path" in
)" + words +
           R"(        esac
        case "$path" in
)" + files +
           R"(        esac
    fi
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
    if [[ -n $takes_file && $current != -* ]]; then
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
    fi
}
complete -F _scef_adapterctl scef-adapterctl
)";
}

std::string zsh_script(const CommandWord& program) {
    std::string script =
        "#compdef scef-adapterctl\n# zsh completion: source <(scef-adapterctl completion zsh)\n"
        "autoload -U +X bashcompinit && bashcompinit\n";
    return script + bash_script(program);
}

std::string fish_script(const CommandWord& program) {
    std::string script =
        "# fish completion: scef-adapterctl completion fish | source\n"
        "complete -c scef-adapterctl -f\n";
    for_each_command(program, "", [&](const CommandWord& command, const std::string& path) {
        std::string seen;
        for (std::size_t at = 0; at < path.size();) {
            const std::size_t end = std::min(path.find(' ', at), path.size());
            seen += "__fish_seen_subcommand_from " + path.substr(at, end - at);
            at = end + 1;
            if (at < path.size()) seen += "; and ";
        }
        std::string none;
        for (const CommandWord& sub : command.commands) none += ' ' + sub.name;
        const std::string here = seen.empty() ? "__fish_use_subcommand" : seen;
        for (const CommandWord& sub : command.commands) {
            const std::string condition =
                seen.empty() ? here : seen + "; and not __fish_seen_subcommand_from" + none;
            script += "complete -c scef-adapterctl -n " + shell_text(condition) + " -a " +
                      sub.name + " -d " + shell_text(sub.what) + '\n';
        }
        for (const std::string& choice : command.argument_choices) {
            script += "complete -c scef-adapterctl -n " + shell_text(here) + " -a " + choice + '\n';
        }
        if (command.takes_file) {
            script += "complete -c scef-adapterctl -n " + shell_text(here) + " -F\n";
        }
        for (const auto& option : command.options) {
            script += "complete -c scef-adapterctl" +
                      (seen.empty() ? std::string() : " -n " + shell_text(seen)) + " -l " +
                      option.name.substr(2) + (option.takes_value ? " -r" : "") +
                      (option.takes_file ? " -F" : "") + " -d " + shell_text(option.what) + '\n';
        }
    });
    return script;
}

}  // namespace

std::optional<std::string> completion_script(const CommandWord& program, const std::string& shell) {
    if (shell == "bash") return bash_script(program);
    if (shell == "zsh") return zsh_script(program);
    if (shell == "fish") return fish_script(program);
    return std::nullopt;
}

}  // namespace scef::ctl
