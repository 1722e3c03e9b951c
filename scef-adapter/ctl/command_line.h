#pragma once

#include <functional>
#include <string>

#include <CLI/CLI.hpp>

#include "scef-adapter/ctl/capture_command.h"
#include "scef-adapter/ctl/completion.h"
#include "scef-adapter/ctl/dead_letter_commands.h"
#include "scef-adapter/ctl/device_commands.h"
#include "scef-adapter/ctl/doctor_command.h"
#include "scef-adapter/ctl/group_commands.h"
#include "scef-adapter/ctl/message_commands.h"
#include "scef-adapter/ctl/quota_commands.h"
#include "scef-adapter/ctl/quota_settings.h"

/// The command line of scef-adapterctl, in several files.
namespace scef::ctl {

/// What the command line asked for.
struct Choice {
    std::string url = "http://127.0.0.1:9080";
    std::string token_file;
    bool json = false;
    std::function<int(const Session&)> command;

    std::string file;
    DeviceOptions device;
    CaptureOptions capture;
    bool bootstrap = false;
    std::string duration = "10m";
    bool off = false;
    SendOptions send;
    UsageOptions usage;
    QuotaOptions quota;
    DoctorOptions doctor;
    std::string message_id;
    std::string state;
    std::size_t limit = 0;

    std::string batch_file, batch_name;
    bool all = false;
    std::string text;
    DeadLetterOptions dead_letters;
    GroupOptions group;
    std::string shell;
};

/// A command with an example that its help ends with.
CLI::App* add(CLI::App& parent, const std::string& name, const std::string& what,
              const std::string& example, Choice& choice,
              const std::function<int(const Session&)>& command);
void ask_for_device(CLI::App* app, std::string& external_id);
/// What a message is, without the device it is for.
void add_message_options(CLI::App* send, SendOptions& options);

void add_messages(CLI::App& app, Choice& choice);
void add_dead_letters(CLI::App& app, Choice& choice);
void add_groups(CLI::App& app, Choice& choice);
void add_completion(CLI::App& app, Choice& choice);

/// The commands and options of an application, for `completion_script`.
CommandWord words_of(const CLI::App& app);

}  // namespace scef::ctl
