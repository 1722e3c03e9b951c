#include "scef-adapter/ctl/batch_commands.h"
#include "scef-adapter/ctl/command_line.h"

namespace scef::ctl {

void add_message_options(CLI::App* send, SendOptions& options) {
    auto* coap = send->add_option("--coap", options.coap,
                                  "CoAP request as METHOD PATH [PAYLOAD]; OBSERVE is a method too");
    send->add_option("--payload-base64", options.payload_base64, "Octets to send, in base64")
        ->excludes(coap);
    send->add_flag("--opaque", options.opaque, "The payload is not CoAP and is not looked into")
        ->excludes(coap);
    send->add_option("--ttl", options.ttl, "How long it is worth delivering: 90s, 10m, 24h, 7d");
    send->add_option("--priority", options.priority, "low, normal, high or emergency");
    send->add_option("--not-before", options.not_before, "Earliest time, 2030-01-31T12:00:00Z");
    send->add_option("--max-attempts", options.attempts_max, "Attempts at most");
    send->add_option("--correlation-id", options.correlation_id, "Comes back with the message");
    send->add_option("--collapse-key", options.collapse_key,
                     "Take the place of what waits with the same key");
    send->add_flag("--now", options.now, "Hand it to the SCEF without waiting for a window");
}

namespace {

/// Shared by what sends it and what only asks.
void add_message(CLI::App* send, SendOptions& options) {
    ask_for_device(send, options.external_id);
    add_message_options(send, options);
}

void add_send(CLI::App* send, SendOptions& options) {
    add_message(send, options);
    send->add_option("--idempotency-key", options.idempotency_key,
                     "Sent again with the same key, it is not enqueued again");
    send->add_flag("--wait", options.wait,
                   "Wait until it has ended; exit 1 unless it was delivered");
    send->add_option("--wait-max", options.wait_max, "Longest wait")->capture_default_str();
}

template <typename Command>
CLI::App* on(CLI::App& messages, Choice& choice, const char* name, const char* what,
             const char* example, Command command) {
    return add(messages, name, what, example, choice,
               [&choice, command](const Session& session) { return command(session, choice); });
}

void ask_for_message(Choice& choice, CLI::App* sub) {
    sub->add_option("ID", choice.message_id, "Message id")->required();
}

void add_send_command(CLI::App& messages, Choice& choice) {
    CLI::App* send =
        on(messages, choice, "send", "Enqueue a message for a device, or those of a file",
           "messages send meter-1@iot.example --coap \"PUT /1/0/1 300\" --ttl 24h --wait\n"
           "  scef-adapterctl messages send --batch commands.csv\n\nA batch is CSV with a header, "
           "or JSON lines; columns or members: externalId, coap or payload,\ncontentFormat, ttl, "
           "notBefore, priority, maxAttempts, correlationId, collapseKey, sendMode,\n"
           "idempotencyKey; rds in JSON only. Sent again within 24 h the same file enqueues "
           "nothing twice.\nCSV:\n  externalId,coap,ttl\n  meter-1@iot.example,PUT /1/0/1 300,24h",
           [](const Session& s, const Choice& c) {
               if (!c.batch_file.empty()) {
                   return messages_send_batch(s, c.batch_file, c.batch_name);
               }
               if (!c.send.external_id.empty()) return messages_send(s, c.send);
               return s.complain("give EXTID, or --batch FILE");
           });
    add_send(send, choice.send);
    send->get_option("EXTID")->required(false);
    auto* batch = send->add_option("--batch", choice.batch_file,
                                   "File of messages to send instead; - is the standard input")
                      ->excludes(send->get_option("EXTID"));
    send->add_option("--batch-id", choice.batch_name,
                     "Name of the batch (default: of the file's content): under another one the "
                     "same file is sent anew")
        ->needs(batch);
}

void add_replace_and_dry_run(CLI::App& messages, Choice& choice) {
    add_send(on(messages, choice, "replace",
                "Enqueue a message in the place of all that wait for the device",
                "messages replace meter-1@iot.example --coap \"PUT /1/0/1 300\" --ttl 24h",
                [](const Session& s, const Choice& c) {
                    SendOptions options = c.send;
                    options.replaces = true;
                    return messages_send(s, options);
                }),
             choice.send);
    add_message(
        on(messages, choice, "dry-run", "Say what would become of a message, without sending it",
           "messages dry-run meter-1@iot.example --coap \"GET /3/0/0\" --priority high\n\n"
           "Exit status: 0 it would be taken, 1 it would be refused.",
           [](const Session& s, const Choice& c) { return messages_dry_run(s, c.send); }),
        choice.send);
}

void add_views(CLI::App& messages, Choice& choice) {
    CLI::App* list = on(messages, choice, "list", "List messages: open ones first, then ended ones",
                        "messages list meter-1@iot.example --state QUEUED\n"
                        "  scef-adapterctl messages list --all --state DEAD",
                        [](const Session& s, const Choice& c) {
                            if (c.all == c.device.external_id.empty()) {
                                return messages_list(s, c.device.external_id, c.state, c.limit);
                            }
                            return s.complain("give EXTID, or --all for those of all devices");
                        });
    ask_for_device(list, choice.device.external_id);
    list->get_option("EXTID")->required(false);
    list->add_flag("--all", choice.all, "Of all devices, page by page");
    list->add_option("--state", choice.state, "Only those in this state, such as QUEUED");
    list->add_option("--limit", choice.limit, "At most so many (default: all that are kept)");
    ask_for_message(choice, on(messages, choice, "show", "Show a message and what happened to it",
                               "messages show 019b8f3a-7c40-7000-8000-0123456789ab",
                               [](const Session& s, const Choice& c) {
                                   return messages_show(s, c.message_id);
                               }));
    ask_for_message(
        choice,
        on(messages, choice, "timeline", "Tell what happened to a message, in words",
           "messages timeline 019b8f3a-7c40-7000-8000-0123456789ab",
           [](const Session& s, const Choice& c) { return messages_timeline(s, c.message_id); }));
    CLI::App* find = on(
        messages, choice, "find", "Find a message by what is known of it",
        "messages find meter-1@iot.example\n  scef-adapterctl messages find order-4711\n\n"
        "By its id, by its device (the last ones), by the id of the message to a group that it is\n"
        "part of, or by a piece of its correlation id, collapse key, request or device; these "
        "look\n"
        "at all messages that are kept.",
        [](const Session& s, const Choice& c) {
            return messages_find(s, c.text, c.limit == 0 ? 20 : c.limit);
        });
    find->add_option("WHAT", choice.text, "Id, External Identifier, or a piece of something")
        ->required();
    find->add_option("--limit", choice.limit, "At most so many (default: 20)");
}

void add_ends(CLI::App& messages, Choice& choice) {
    ask_for_message(choice, on(messages, choice, "cancel", "Cancel a message that has not left yet",
                               "messages cancel 019b8f3a-7c40-7000-8000-0123456789ab",
                               [](const Session& s, const Choice& c) {
                                   return messages_cancel(s, c.message_id);
                               }));
    ask_for_device(
        on(messages, choice, "purge", "Cancel all messages of a device that have not left yet",
           "messages purge meter-1@iot.example",
           [](const Session& s, const Choice& c) {
               return messages_purge(s, c.device.external_id);
           }),
        choice.device.external_id);
}

}  // namespace

void add_messages(CLI::App& app, Choice& choice) {
    CLI::App& messages =
        *app.add_subcommand("messages", "Send to devices and see what became of it");
    messages.require_subcommand(1);
    messages.footer(
        "Example:\n  scef-adapterctl messages send meter-1@iot.example --coap \"GET /3/0/0\" "
        "--wait");
    add_send_command(messages, choice);
    add_replace_and_dry_run(messages, choice);
    add_views(messages, choice);
    add_ends(messages, choice);
}

}  // namespace scef::ctl
