package org.millrace.console;

import java.util.List;
import java.util.Optional;

/** The documents of a message as its page shows them. */
final class DocumentsView {
  private DocumentsView() {}

  /**
   * What was filed of a document.
   *
   * @param resource at Cerner; empty until it is known
   * @param content type, size and digest of what was sent; empty if that is not on record
   */
  record Filed(Mark mark, String resource, String content) {}

  /**
   * One of them.
   *
   * @param number from 1 on, in the order of the message
   * @param href where it is shown; empty while it is covered
   * @param shown what it is by its bytes
   * @param declared what the sender says it is
   * @param label how the two compare; empty where there is nothing to compare
   * @param sha256 of its bytes
   */
  record Row(
      int number,
      String href,
      String place,
      String shown,
      String declared,
      Optional<Mark> label,
      String size,
      String sha256,
      Optional<Filed> filed,
      boolean here) {}

  /**
   * A page of a document as a picture.
   *
   * @param previous the page before, and so on; empty if there is none
   */
  record Paged(String src, int page, int pages, String previous, String next) {}

  /**
   * The one that is looked at.
   *
   * @param without why nothing of it is shown; empty if something is
   * @param cautions what the picture or text may not show as it is
   * @param text of it, or its source; empty if it is shown as a picture
   * @param file whether there are bytes to download
   */
  record Open(
      int number,
      String place,
      String shown,
      String without,
      List<String> cautions,
      List<String> notes,
      String text,
      Optional<Paged> picture,
      boolean file) {}

  /**
   * All of it.
   *
   * @param none why there is no list; empty if there is
   */
  record Part(String none, List<Row> rows, Optional<Open> opened) {
    boolean hasRows() {
      return !rows.isEmpty();
    }
  }
}
