package org.millrace.console;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.millrace.delivery.DryRun;
import org.millrace.delivery.MessageMapping;
import org.millrace.hl7.PreScan;
import org.millrace.hl7.V2Fault;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;
import org.millrace.journal.DamagedContentException;
import org.millrace.mapping.Mapper;
import org.millrace.mapping.MappingContext;
import org.millrace.mapping.MappingRun;
import org.millrace.mapping.Mappings;
import org.millrace.mapping.RuleFault;
import org.millrace.mapping.RuleFaultsException;
import org.millrace.mapping.RuleFiles;

/**
 * Maps one message by the rules in force and by those on the workbench, with the code that delivery
 * and {@code ./millrace map} run. Nothing is sent, kept or logged. Thread-safe.
 */
final class RuleTrial {
  private static final Pattern HEAD = Pattern.compile("(?m)^\\s*MSH");

  private final ConsoleSources sources;
  private final RuleFiles inForce;
  private final PreScan preScan;

  /**
   * @param inForce the files that the engine compiled
   */
  RuleTrial(ConsoleSources sources, RuleFiles inForce) {
    this.sources = sources;
    this.inForce = inForce;
    this.preScan = new PreScan(sources.rules().limits());
  }

  /**
   * What came of it.
   *
   * @param problem why there is no result, without what was typed; empty if there is one, or if the
   *     rules have faults
   * @param faults of the rules on the workbench
   * @param warnings what asks to be looked at in the files that were changed
   * @param both empty if there is no result
   */
  record Outcome(
      String problem, List<RuleFault> faults, List<RuleFault> warnings, Optional<Both> both) {
    static Outcome none(String problem) {
      return new Outcome(problem, List.of(), List.of(), Optional.empty());
    }
  }

  /**
   * The two runs.
   *
   * @param message as it was read for the rules on the workbench
   * @param inForce empty if the rules in force have no message file for its type
   */
  record Both(V2Message message, Optional<MappingRun> inForce, MappingRun now) {}

  /** A message that is ready to be mapped. */
  private record Ready(V2Message message, MappingContext context) {}

  /** Says no more than a sentence. */
  private static final class Unready extends Exception {
    private static final long serialVersionUID = 1L;

    Unready(String sentence) {
      super(sentence, null, false, false);
    }
  }

  /** Compiles the rules of the workbench and maps the message by them, and by those in force. */
  Outcome of(Scratch scratch, RuleFiles files) {
    RuleFiles tried = files.with(scratch.changed());
    Mappings mappings;
    try {
      mappings = tried.equals(inForce) ? sources.rules().mapper().mappings() : tried.compiled();
    } catch (RuleFaultsException e) {
      return new Outcome("", e.faults(), List.of(), Optional.empty());
    }
    List<RuleFault> warnings =
        mappings.warnings().stream()
            .filter(each -> scratch.changed().containsKey(each.file()))
            .toList();
    try {
      Mapper now = sources.rules().mapper().by(mappings);
      Ready ready = ready(scratch, now);
      Optional<MappingRun> run = run(now, ready);
      if (run.isEmpty()) {
        throw new Unready(
            "There is no message file for "
                + ready.message().header().type()
                + "; there are "
                + String.join(", ", new TreeSet<>(mappings.messageTypes()))
                + ".");
      }
      Mapper before = sources.rules().mapper();
      return new Outcome(
          "",
          List.of(),
          warnings,
          Optional.of(new Both(ready.message(), run(before, ready(scratch, before)), run.get())));
    } catch (Unready sentence) {
      return new Outcome(
          String.valueOf(sentence.getMessage()), List.of(), warnings, Optional.empty());
    }
  }

  private static Optional<MappingRun> run(Mapper mapper, Ready ready) {
    return mapper.mappings().isMapped(ready.message().header().type(), "")
        ? Optional.of(mapper.map(ready.message(), ready.context()))
        : Optional.empty();
  }

  private Ready ready(Scratch scratch, Mapper mapper) throws Unready {
    boolean typed = !scratch.pasted().isBlank();
    if (!scratch.message().isEmpty() && typed) {
      throw new Unready("Paste a message or name one of the journal, not both.");
    }
    if (scratch.message().isEmpty() && !typed) {
      throw new Unready("");
    }
    try {
      return typed ? pasted(scratch.pasted()) : ofJournal(scratch.message(), mapper);
    } catch (V2FormatException e) {
      throw new Unready("It is no message that can be read: " + e.getMessage());
    }
  }

  private Ready ofJournal(String number, Mapper mapper) throws Unready, V2FormatException {
    long id =
        Scratch.number(number)
            .orElseThrow(() -> new Unready("A message of the journal is named by its number."));
    try {
      DryRun dry =
          new DryRun(sources.journal(), MessageMapping.of(mapper), sources.rules().given());
      DryRun.Prepared prepared =
          dry.prepared(id)
              .orElseThrow(
                  () ->
                      new Unready(
                          "There is no such message that is delivered, or its content is not kept"
                              + " any more."));
      return new Ready(prepared.message(), prepared.context());
    } catch (DamagedContentException e) {
      throw new Unready("It cannot be decrypted: its row was changed, or is another's.");
    }
  }

  /** A browser gives characters, so that it does not matter what MSH-18 says of bytes. */
  private Ready pasted(String text) throws Unready, V2FormatException {
    if (HEAD.matcher(text).results().count() > 1) {
      throw new Unready("Paste one message; this is more than one.");
    }
    byte[] bytes =
        text.strip().replace("\r\n", "\r").replace('\n', '\r').getBytes(StandardCharsets.UTF_8);
    Optional<V2Fault> limit = preScan.check(bytes);
    if (limit.isPresent()) {
      throw new Unready("It passes a limit: " + limit.get().sentence());
    }
    V2Message message = V2Message.read(bytes, Optional.of(StandardCharsets.UTF_8));
    Map<String, String> given = new HashMap<>(sources.rules().given());
    given.putAll(MappingContext.LOOKED_UP);
    return new Ready(message, new MappingContext(sources.zone(), message.header().sender(), given));
  }
}
