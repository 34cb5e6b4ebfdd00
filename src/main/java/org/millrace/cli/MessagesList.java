package org.millrace.cli;

import picocli.CommandLine.Command;

@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "The newest messages, one line each, without patient data.")
final class MessagesList extends MessageListing {}
