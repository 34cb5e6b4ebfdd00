package org.millrace.cli;

import picocli.CommandLine.Command;

/** Without a subcommand it is the list, options and all. */
@Command(
    name = "messages",
    mixinStandardHelpOptions = true,
    description = "Look into the journal; decide what becomes of messages.",
    subcommands = {
      MessagesList.class,
      MessagesViews.class,
      MessagesShow.class,
      MessagesRetry.class,
      MessagesDiscard.class,
      MessagesSettle.class,
      MessagesEdit.class,
      MessagesResend.class,
      MessagesDryRun.class
    })
final class MessagesCommand extends MessageListing {}
