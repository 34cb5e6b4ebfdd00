package org.millrace.preview;

import java.awt.image.BufferedImage;

/** A page as it was drawn; see {@link Picture}. */
record DrawnPage(BufferedImage image, int pages, boolean otherFonts, boolean incomplete) {

  /** More dots than that are more than a screen shows, and more than is kept in memory at once. */
  static final int LONGEST_SIDE = 2_000;

  static final int MOST_DOTS = 3_000_000;

  /** How much smaller something of this size must be drawn to be within the bounds; 1 at most. */
  static double shrink(double width, double height) {
    double bySide = LONGEST_SIDE / Math.max(width, height);
    double byDots = Math.sqrt(MOST_DOTS / (width * height));
    return Math.min(1, Math.min(bySide, byDots));
  }
}
