package org.millrace.cli;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.millrace.journal.BusinessKey;
import org.millrace.journal.BusinessKey.Kind;
import org.millrace.journal.MessageFilter;
import picocli.CommandLine.Option;

/** By which numbers messages are asked for. What is typed is not printed again. */
final class NumberOptions {
  @Option(
      names = "--patient",
      paramLabel = "NUMBER",
      description = "Only with this number of a patient: PID-3, MRG-1, QRD-8.")
  private Optional<String> patient = Optional.empty();

  @Option(names = "--visit", paramLabel = "NUMBER", description = "Only with this PV1-19.")
  private Optional<String> visit = Optional.empty();

  @Option(
      names = "--order",
      paramLabel = "NUMBER",
      description = "Only with this placer's number: ORC-2, OBR-2.")
  private Optional<String> order = Optional.empty();

  @Option(
      names = "--filler",
      paramLabel = "NUMBER",
      description = "Only with this filler's number: ORC-3, OBR-3.")
  private Optional<String> filler = Optional.empty();

  @Option(
      names = "--accession",
      paramLabel = "NUMBER",
      description = "Only with this accession number: OBR-18, IPC-1, SPM-30.")
  private Optional<String> accession = Optional.empty();

  @Option(
      names = "--document",
      paramLabel = "NUMBER",
      description = "Only with this number of a document: TXA-12, TXA-13.")
  private Optional<String> document = Optional.empty();

  /** The same filter, narrowed. */
  MessageFilter narrow(MessageFilter filter) {
    Map<Kind, Optional<String>> asked = new HashMap<>();
    asked.put(Kind.PATIENT, patient);
    asked.put(Kind.VISIT, visit);
    asked.put(Kind.ORDER, order);
    asked.put(Kind.FILLER, filler);
    asked.put(Kind.ACCESSION, accession);
    asked.put(Kind.DOCUMENT, document);
    MessageFilter narrowed = filter;
    for (Map.Entry<Kind, Optional<String>> each : asked.entrySet()) {
      if (each.getValue().isPresent()) {
        narrowed = narrowed.with(new BusinessKey(each.getKey(), each.getValue().get()));
      }
    }
    return narrowed;
  }
}
