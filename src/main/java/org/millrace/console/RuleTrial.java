package org.millrace.console;

import java.util.List;
import java.util.Optional;
import org.millrace.delivery.DryRun;
import org.millrace.delivery.MessageMapping;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;
import org.millrace.journal.DamagedContentException;
import org.millrace.mapping.Mapper;
import org.millrace.mapping.MappingRun;
import org.millrace.mapping.Mappings;
import org.millrace.mapping.RuleFault;
import org.millrace.mapping.RuleFaultsException;
import org.millrace.mapping.RuleFiles;
import org.millrace.mapping.UnfitMappingsException;

/**
 * Maps one message by the rules in force and by those on the workbench, with the code that delivery
 * and {@code ./millrace map} run. Nothing is sent, kept or logged. Thread-safe.
 */
final class RuleTrial {
  private final ConsoleSources sources;
  private final RuleFiles inForce;

  /**
   * @param inForce the files that the engine compiled
   */
  RuleTrial(ConsoleSources sources, RuleFiles inForce) {
    this.sources = sources;
    this.inForce = inForce;
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
   * @param inForce empty if the rules in force make nothing of it
   */
  record Both(V2Message message, Optional<MappingRun> inForce, MappingRun now) {}

  /** Compiles the rules of the workbench and maps the message by them, and by those in force. */
  Outcome of(Scratch scratch, RuleFiles files) {
    Mappings mappings;
    try {
      mappings = compiled(files.with(scratch.changed()));
    } catch (RuleFaultsException e) {
      return new Outcome("", e.faults(), List.of(), Optional.empty());
    }
    List<RuleFault> warnings =
        mappings.warnings().stream()
            .filter(each -> scratch.changed().containsKey(each.file()))
            .toList();
    try {
      Mapper now = sources.rules().mapper().by(mappings);
      TriedMessage ready = ready(scratch, now);
      Optional<MappingRun> run = ready.map(now);
      if (run.isEmpty()) {
        throw ready.unmapped(mappings);
      }
      Mapper before = sources.rules().mapper();
      return new Outcome(
          "",
          List.of(),
          warnings,
          Optional.of(new Both(ready.message(), inForce(scratch, before), run.get())));
    } catch (UnfitMappingsException unfit) {
      return new Outcome("", unfit.faults(), warnings, Optional.empty());
    } catch (TriedMessage.Unready sentence) {
      return new Outcome(
          String.valueOf(sentence.getMessage()), List.of(), warnings, Optional.empty());
    }
  }

  /** Empty also if their files do not fit together, which may be what is being mended. */
  private Optional<MappingRun> inForce(Scratch scratch, Mapper mapper) throws TriedMessage.Unready {
    try {
      return ready(scratch, mapper).map(mapper);
    } catch (UnfitMappingsException unfit) {
      return Optional.empty();
    }
  }

  /** Compiles rules, unless they are those in force. */
  Mappings compiled(RuleFiles tried) throws RuleFaultsException {
    if (tried.equals(inForce)) {
      return sources.rules().mapper().mappings();
    }
    List<RuleFault> strange = ofNobody(tried);
    if (!strange.isEmpty()) {
      throw new RuleFaultsException(strange);
    }
    Mappings compiled = tried.compiled();
    compiled.check(sources.rules().feeds()::take);
    return compiled;
  }

  /** Files of a tenant that the settings do not name: the engine would not start with them. */
  private List<RuleFault> ofNobody(RuleFiles tried) {
    List<String> known =
        sources.engine().status().upstreams().stream().map(EngineStatus.Upstream::tenant).toList();
    return tried.texts().keySet().stream()
        .filter(file -> file.startsWith("tenants/") && !inForce.texts().containsKey(file))
        .filter(file -> !known.contains(file.split("/", 3)[1]))
        .map(file -> new RuleFault(file, 1, "MILLRACE_TENANTS does not name this tenant."))
        .toList();
  }

  private TriedMessage ready(Scratch scratch, Mapper mapper) throws TriedMessage.Unready {
    boolean typed = !scratch.pasted().isBlank();
    if (!scratch.message().isEmpty() && typed) {
      throw new TriedMessage.Unready("Paste a message or name one of the journal, not both.");
    }
    if (scratch.message().isEmpty() && !typed) {
      throw new TriedMessage.Unready("");
    }
    try {
      return typed
          ? TriedMessage.typed(scratch.pasted(), sources)
          : ofJournal(scratch.message(), mapper);
    } catch (V2FormatException e) {
      throw new TriedMessage.Unready("It is no message that can be read: " + e.getMessage());
    }
  }

  private TriedMessage ofJournal(String number, Mapper mapper)
      throws TriedMessage.Unready, V2FormatException {
    long id =
        Scratch.number(number)
            .orElseThrow(
                () -> new TriedMessage.Unready("A message of the journal is named by its number."));
    try {
      DryRun dry =
          new DryRun(sources.journal(), MessageMapping.of(mapper), sources.rules().given());
      DryRun.Prepared prepared =
          dry.prepared(id)
              .orElseThrow(
                  () ->
                      new TriedMessage.Unready(
                          "There is no such message that is delivered, or its content is not kept"
                              + " any more."));
      return new TriedMessage(prepared.message(), prepared.context(), prepared.tenant());
    } catch (DamagedContentException e) {
      throw new TriedMessage.Unready(
          "It cannot be decrypted: its row was changed, or is another's.");
    }
  }
}
