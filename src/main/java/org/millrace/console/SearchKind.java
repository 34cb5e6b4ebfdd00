package org.millrace.console;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.millrace.journal.BusinessKey;

/** What the search box can look for, by the words that the command line has. */
enum SearchKind {
  ANY("any", "Any number", Optional.empty()),
  PATIENT("patient", "Patient (PID-3, MRG-1, QRD-8)", Optional.of(BusinessKey.Kind.PATIENT)),
  VISIT("visit", "Visit (PV1-19)", Optional.of(BusinessKey.Kind.VISIT)),
  ORDER("order", "Placer order (ORC-2, OBR-2)", Optional.of(BusinessKey.Kind.ORDER)),
  FILLER("filler", "Filler order (ORC-3, OBR-3)", Optional.of(BusinessKey.Kind.FILLER)),
  ACCESSION("accession", "Accession (OBR-18, IPC-1)", Optional.of(BusinessKey.Kind.ACCESSION)),
  DOCUMENT("document", "Document (TXA-12)", Optional.of(BusinessKey.Kind.DOCUMENT)),
  CONTROL_ID("control-id", "Control id (MSH-10)", Optional.empty());

  private final String word;
  private final String title;
  private final Optional<BusinessKey.Kind> key;

  SearchKind(String word, String title, Optional<BusinessKey.Kind> key) {
    this.word = word;
    this.title = title;
    this.key = key;
  }

  /** As forms and options of commands have it. */
  String word() {
    return word;
  }

  /** As people read it. */
  String title() {
    return title;
  }

  /** By which index of the journal; empty if it is any of them, or none. */
  Optional<BusinessKey.Kind> key() {
    return key;
  }

  /** The one of a word; whatever is no word of ours means any number. */
  static SearchKind of(String word) {
    return Arrays.stream(values()).filter(each -> each.word.equals(word)).findFirst().orElse(ANY);
  }

  static List<SearchKind> all() {
    return List.of(values());
  }
}
