package org.millrace.journal;

import java.util.Optional;

/** What a document was last sent as: what a later message may find in its place. */
public enum FiledAs {
  /** Never sent, or by an engine that did not keep this. */
  UNKNOWN(""),
  FINAL("final"),
  /** Marked as preliminary in its title; Cerner has no such status, so it is stored as final. */
  PRELIMINARY("final"),
  AMENDED("amended"),
  ENTERED_IN_ERROR("entered-in-error");

  private final String docStatus;

  FiledAs(String docStatus) {
    this.docStatus = docStatus;
  }

  /** The docStatus that Cerner has for it; empty if it is not known. */
  public Optional<String> docStatus() {
    return docStatus.isEmpty() ? Optional.empty() : Optional.of(docStatus);
  }
}
