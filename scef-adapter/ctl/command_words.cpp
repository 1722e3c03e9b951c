#include "scef-adapter/ctl/command_line.h"

namespace scef::ctl {

CLI::App* add(CLI::App& parent, const std::string& name, const std::string& what,
              const std::string& example, Choice& choice,
              const std::function<int(const Session&)>& command) {
    CLI::App* sub = parent.add_subcommand(name, what);
    sub->footer("Example:\n  scef-adapterctl " + example);
    sub->callback([&choice, command] { choice.command = command; });
    return sub;
}

void ask_for_device(CLI::App* app, std::string& external_id) {
    app->add_option("EXTID", external_id, "External Identifier, local-part@domain")->required();
}

/// Names of arguments and options say whether they want a file.
CommandWord words_of(const CLI::App& app) {
    CommandWord word;
    word.name = app.get_name();
    word.what = app.get_description();
    for (const CLI::Option* option : app.get_options()) {
        const bool is_argument = option->get_positional();
        const std::string name = option->get_name();
        if (is_argument) {
            word.takes_file = word.takes_file || name == "FILE";
            continue;
        }
        for (const std::string& one : option->get_lnames()) {
            const bool takes_value = option->get_items_expected_max() > 0;
            const bool takes_file = one == "batch" || one == "output" || one.ends_with("-file");
            word.options.push_back(
                {"--" + one, option->get_description(), takes_value, takes_value && takes_file});
        }
    }
    for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
        word.commands.push_back(words_of(*sub));
    }
    if (word.name == "completion") word.argument_choices = {"bash", "zsh", "fish"};
    return word;
}

void add_completion(CLI::App& app, Choice& choice) {
    CLI::App* completion = add(app, "completion", "Write a script for tab completion", "", choice,
                               [&app, &choice](const Session& s) {
                                   const auto script =
                                       completion_script(words_of(app), choice.shell);
                                   if (!script) return s.complain("use bash, zsh or fish");
                                   s.out << *script;
                                   return 0;
                               });
    completion->footer(
        "Examples:\n  source <(scef-adapterctl completion bash)\n"
        "  scef-adapterctl completion fish | source");
    completion->add_option("SHELL", choice.shell, "bash, zsh or fish")->required();
}

}  // namespace scef::ctl
