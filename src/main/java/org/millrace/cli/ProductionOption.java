package org.millrace.cli;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.millrace.app.FilingTargets;
import org.millrace.app.SettingsFaultsException;
import org.millrace.delivery.ManyTargets;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.MessageSummary;
import picocli.CommandLine.Option;

/**
 * {@code --production}: nothing is asked of many messages towards a server with real patients until
 * somebody has named it, as at the console.
 */
final class ProductionOption {
  @Option(
      names = "--production",
      paramLabel = "NAME",
      defaultValue = "",
      description =
          "Say that production is meant, by its name: the tenant, else the host of its FHIR"
              + " address. Asked for at the terminal if absent.")
  private String typed = "";

  private final Function<String, Optional<String>> terminal;

  ProductionOption() {
    this(Terminal::ask);
  }

  /**
   * @param terminal what somebody types as the answer to a question; empty if nobody can be asked
   */
  ProductionOption(Function<String, Optional<String>> terminal) {
    this.terminal = terminal;
  }

  /** Where what is filed of these messages goes. */
  static ManyTargets targets(
      List<MessageSummary> messages, JournalDatabase journal, SettingsOption settings)
      throws SettingsFaultsException {
    return ManyTargets.of(messages, journal, FilingTargets.read(settings.source())::of);
  }

  /**
   * Goes on if none of these is production, or if it was named.
   *
   * @throws PlainException else; nothing was done then
   */
  void confirm(ManyTargets targets) throws PlainException {
    Optional<String> missing = targets.notTyped(typed);
    if (missing.isEmpty()) {
      return;
    }
    String where = String.join("; ", targets.words());
    if (typed.isEmpty()) {
      missing =
          terminal
              .apply(where + ". Type " + missing.get() + " to say that it is meant: ")
              .map(targets::notTyped)
              .orElse(missing);
    }
    if (missing.isPresent()) {
      throw new PlainException(
          "nothing was done. "
              + where
              + ". Say that it is meant by --production "
              + argument(missing.get()));
    }
  }

  /** The option as it must be typed for these; empty if it need not be. */
  static String neededFor(ManyTargets targets) {
    return targets.toBeTyped().map(names -> " --production " + argument(names)).orElse("");
  }

  private static String argument(String names) {
    return names.contains(" ") ? "'" + names + "'" : names;
  }
}
