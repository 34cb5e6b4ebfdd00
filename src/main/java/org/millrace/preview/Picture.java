package org.millrace.preview;

/**
 * What came of drawing a page.
 *
 * @param png the page; empty if it could not be drawn
 * @param pages how many the document has; 0 if that is not known
 * @param without why there is no picture, as a sentence; empty if there is one
 * @param otherFonts whether letters are drawn in a font that is not the document's own
 * @param incomplete whether something on the page could not be drawn
 */
@SuppressWarnings("ArrayRecordComponent") // shown, never compared
public record Picture(
    byte[] png, int pages, String without, boolean otherFonts, boolean incomplete) {

  static Picture none(String why) {
    return none(why, 0);
  }

  static Picture none(String why, int pages) {
    return new Picture(new byte[0], pages, why, false, false);
  }

  /** Whether there is something to see. */
  public boolean drawn() {
    return png.length > 0;
  }

  /** Numbers only: the rest is a patient's. */
  @Override
  public String toString() {
    return png.length + " bytes of PNG, of " + pages + " pages";
  }
}
