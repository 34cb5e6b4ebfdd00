package org.millrace.preview;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Draws a JPEG, PNG or GIF, or a page of a TIFF, anew: of its bytes nothing is handed on. */
final class ImagePage {

  /** More are read every second or third, since what is decoded stands in memory whole. */
  private static final double MOST_DECODED = 12_000_000;

  private static final long MOST_DOTS = 400_000_000;
  private static final int MOST_PAGES = 500;

  private ImagePage() {}

  /**
   * @param page from 1 on
   */
  static DrawnPage draw(byte[] bytes, int page) throws NotDrawnException, IOException {
    try (MemoryCacheImageInputStream in =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new NotDrawnException("The image is of no kind that can be read.", 0);
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in);
        boolean several = reader.getFormatName().toLowerCase(Locale.ROOT).startsWith("tif");
        int pages = several ? reader.getNumImages(true) : 1;
        if (page > Math.min(pages, MOST_PAGES)) {
          throw new NotDrawnException("The image has no such page, or too many.", pages);
        }
        return new DrawnPage(fitting(decoded(reader, page - 1, pages)), pages, false, false);
      } finally {
        reader.dispose();
      }
    }
  }

  private static BufferedImage decoded(ImageReader reader, int index, int pages)
      throws NotDrawnException, IOException {
    long dots = (long) reader.getWidth(index) * reader.getHeight(index);
    if (dots < 1 || dots > MOST_DOTS) {
      throw new NotDrawnException(
          "The image has more than " + MOST_DOTS / 1_000_000 + " million dots.", pages);
    }
    ImageReadParam param = reader.getDefaultReadParam();
    int every = (int) Math.ceil(Math.sqrt(dots / MOST_DECODED));
    param.setSourceSubsampling(every, every, 0, 0);
    return reader.read(index, param);
  }

  /** On white, halved as long as it is twice too large, so that thin lines stay. */
  private static BufferedImage fitting(BufferedImage image) {
    double shrink = DrawnPage.shrink(image.getWidth(), image.getHeight());
    int width = Math.max(1, (int) (image.getWidth() * shrink));
    int height = Math.max(1, (int) (image.getHeight() * shrink));
    BufferedImage from = image;
    while (from.getWidth() >= 2 * width && from.getHeight() >= 2 * height) {
      from = scaled(from, from.getWidth() / 2, from.getHeight() / 2);
    }
    return scaled(from, width, height);
  }

  private static BufferedImage scaled(BufferedImage image, int width, int height) {
    BufferedImage scaled = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = scaled.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    graphics.drawImage(image, 0, 0, width, height, Color.WHITE, null);
    graphics.dispose();
    return scaled;
  }
}
