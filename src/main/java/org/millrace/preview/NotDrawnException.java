package org.millrace.preview;

/** A page cannot be drawn, for a reason that holds nothing of the document. */
final class NotDrawnException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String sentence;
  private final int pages;

  NotDrawnException(String sentence, int pages) {
    super(sentence);
    this.sentence = sentence;
    this.pages = pages;
  }

  String sentence() {
    return sentence;
  }

  /** How many the document has; 0 if that is not known. */
  int pages() {
    return pages;
  }
}
