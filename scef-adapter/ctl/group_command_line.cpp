#include "scef-adapter/ctl/command_line.h"

namespace scef::ctl {
namespace {

void add_filter(CLI::App* sub, DeadLetterOptions& options) {
    sub->add_option("--device", options.external_id, "Only those of this device");
    sub->add_option("--group", options.group, "Only those of devices that are in this group");
}

void add_pacing(CLI::App* sub, GroupOptions& options) {
    sub->add_option("--per-second", options.per_second,
                    "Members in a second, such as 5 or 0.2 (default: all at once)");
    sub->add_option("--jitter", options.jitter,
                    "Each later by a random time of up to so much: 30s");
}

void ask_for_group(CLI::App* sub, GroupOptions& options) {
    sub->add_option("GROUP", options.group, "Name of the group")->required();
}

}  // namespace

void add_dead_letters(CLI::App& app, Choice& choice) {
    CLI::App& letters = *app.add_subcommand("deadletters", "Messages that could not be delivered");
    letters.require_subcommand(1);
    letters.footer("Example:\n  scef-adapterctl deadletters replay --device meter-1@iot.example");
    DeadLetterOptions& options = choice.dead_letters;
    CLI::App* list = add(letters, "list", "List messages whose attempts are exhausted",
                         "deadletters list --group north", choice,
                         [&options](const Session& s) { return deadletters_list(s, options); });
    add_filter(list, options);
    list->add_flag("--all", options.all, "Also those that were sent again");
    list->add_option("--limit", options.limit, "At most so many (default: all that are kept)");
    CLI::App* show =
        add(letters, "show", "Show one and what happened to it",
            "deadletters show 019b8f3a-7c40-7000-8000-0123456789ab", choice,
            [&choice](const Session& s) { return messages_show(s, choice.message_id); });
    show->add_option("ID", choice.message_id, "Message id")->required();
    CLI::App* replay =
        add(letters, "replay", "Send messages again that ended without delivery",
            "deadletters replay 019b8f3a-7c40-7000-8000-0123456789ab --ttl 24h\n"
            "  scef-adapterctl deadletters replay --group north\n  scef-adapterctl deadletters "
            "replay --all\n\nBy id also what FAILED, EXPIRED or was REJECTED. Repeated, nothing is "
            "sent twice.\nExit status: 0 all were sent again, 1 some were refused.",
            choice, [&options](const Session& s) { return deadletters_replay(s, options); });
    replay->add_option("ID", options.ids, "Message ids");
    add_filter(replay, options);
    replay->add_flag("--all", options.all, "All that were not sent again yet");
    replay->add_option("--ttl", options.ttl,
                       "How long it is worth delivering (default: as before)");
    replay->add_option("--priority", options.priority, "low, normal, high or emergency");
    replay->add_option("--not-before", options.not_before, "Earliest time, 2030-01-31T12:00:00Z");
}

void add_groups(CLI::App& app, Choice& choice) {
    CLI::App& groups = *app.add_subcommand("groups", "Groups of devices and messages to them");
    groups.require_subcommand(1);
    groups.footer("Example:\n  scef-adapterctl groups send north --coap \"PUT /1/0/1 300\"");
    GroupOptions& options = choice.group;
    CLI::App* show = add(groups, "show", "Show a group and its members", "groups show north",
                         choice, [&options](const Session& s) { return groups_show(s, options); });
    ask_for_group(show, options);
    show->add_option("--limit", options.limit, "At most so many members (default: all)");
    CLI::App* set =
        add(groups, "set", "Give a group exactly these members",
            "groups set north meter-1@iot.example meter-2@iot.example\n"
            "  scef-adapterctl groups set north --members-file north.txt --per-second 5",
            choice, [&options](const Session& s) { return groups_set(s, options); });
    ask_for_group(set, options);
    set->add_option("EXTID", options.members, "External Identifiers");
    set->add_option("--members-file", options.file,
                    "File with one External Identifier a line; - is the standard input");
    add_pacing(set, options);
    ask_for_group(add(groups, "delete", "Take all members out", "groups delete north", choice,
                      [&options](const Session& s) { return groups_delete(s, options); }),
                  options);
    CLI::App* send = add(groups, "send", "Enqueue a message for every member",
                         "groups send north --coap \"PUT /1/0/1 300\" --ttl 24h --per-second 5",
                         choice, [&options](const Session& s) { return groups_send(s, options); });
    ask_for_group(send, options);
    add_message_options(send, options.send);
    send->add_option("--idempotency-key", options.send.idempotency_key,
                     "Sent again with the same key, it is not sent again");
    add_pacing(send, options);
    CLI::App* cancel =
        add(groups, "cancel", "Cancel a message to a group for all that did not get it yet",
            "groups cancel north 019b8f3a-7c40-7000-8000-0123456789ab\n\nWhat waits is canceled; "
            "what is on its way to a device stays as it is.",
            choice, [&options](const Session& s) { return groups_cancel(s, options); });
    ask_for_group(cancel, options);
    cancel->add_option("ID", options.message_id, "Id that 'groups send' printed")->required();
    CLI::App* results =
        add(groups, "results", "Tell what became of a message to a group",
            "groups results north 019b8f3a-7c40-7000-8000-0123456789ab --state DEAD", choice,
            [&options](const Session& s) { return groups_results(s, options); });
    ask_for_group(results, options);
    results->add_option("ID", options.message_id, "Id that 'groups send' printed")->required();
    results->add_option("--state", options.state, "Only members in this state, such as REFUSED");
    results->add_option("--limit", options.limit, "At most so many members (default: all)");
}

}  // namespace scef::ctl
