package org.millrace.mapping;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.apache.pdfbox.pdfwriter.compress.CompressParameters;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.PDPageContentStream.AppendMode;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.graphics.image.JPEGFactory;
import org.apache.pdfbox.pdmodel.graphics.image.LosslessFactory;
import org.apache.pdfbox.pdmodel.graphics.image.PDImageXObject;

/**
 * Puts an image on pages of PDF, nothing of it changed: Cerner takes PDF and no images. A JPEG goes
 * in as it is, others pixel by pixel without loss; each page of a TIFF is a page. The same image
 * makes the same bytes.
 *
 * <p>Source: ISO 32000-1 §8.9 (images); Cerner Millennium R4, DocumentReference, Create.
 */
final class ImageAsPdf {
  /** Scanned pages come at 150 to 300 dots an inch; on paper of this size they can be read. */
  private static final float POINTS_OF_A_DOT = 72f / 150;

  /** What a reader of PDF must be able to show, ISO 32000-1 annex C. */
  private static final float LONGEST_SIDE = 14_400;

  /** An A4 page at 600 dots an inch has 35 million; a few bytes may claim to be any number. */
  private static final long MOST_DOTS = 40_000_000;

  private static final int MOST_PAGES = 500;

  /** Of all pages: 500 of a fax, or 50 at 600 dots an inch; read within a minute. */
  private static final long MOST_DOTS_IN_ALL = 2_000_000_000;

  /** Decoded images are large: of all workers one has one in memory. */
  private static final Object ONE_AT_A_TIME = new Object();

  static {
    // Else copies of patients' images would lie in the folder for temporary files.
    ImageIO.setUseCache(false);
  }

  private ImageAsPdf() {}

  /** The image cannot be read, or is larger than any page. */
  static final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1L;

    UnreadableException(String sentence) {
      super(sentence);
    }
  }

  /**
   * A document.
   *
   * @param leftOut images behind the first one that are not pages, as of an animation
   */
  record Pages(byte[] pdf, int leftOut) {}

  /**
   * @param image JPEG, PNG, GIF or TIFF
   */
  static Pages of(byte[] image) throws UnreadableException {
    return of(image, MOST_DOTS_IN_ALL);
  }

  /**
   * @param mostDots of all pages
   */
  static Pages of(byte[] image, long mostDots) throws UnreadableException {
    synchronized (ONE_AT_A_TIME) {
      try (MemoryCacheImageInputStream in =
              new MemoryCacheImageInputStream(new ByteArrayInputStream(image));
          PDDocument document = new PDDocument()) {
        ImageReader reader = reader(in);
        try {
          reader.setInput(in);
          int leftOut = pages(reader, image, document, mostDots);
          // Else the time would be in it, and no two documents of one image were the same.
          document.setDocumentId(0L);
          ByteArrayOutputStream out = new ByteArrayOutputStream(image.length + 2048);
          document.save(out, CompressParameters.NO_COMPRESSION);
          return new Pages(out.toByteArray(), leftOut);
        } finally {
          reader.dispose();
        }
      } catch (IOException | RuntimeException damaged) {
        throw new UnreadableException("the image cannot be read; it may have been cut off");
      }
    }
  }

  private static ImageReader reader(MemoryCacheImageInputStream in) throws UnreadableException {
    Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
    if (!readers.hasNext()) {
      throw new UnreadableException("the image cannot be read; it may have been cut off");
    }
    return readers.next();
  }

  private static int pages(ImageReader reader, byte[] image, PDDocument document, long mostDots)
      throws IOException, UnreadableException {
    String format = reader.getFormatName().toLowerCase(Locale.ROOT);
    int count = reader.getNumImages(true);
    if (count < 1 || count > MOST_PAGES) {
      throw new UnreadableException("the image has more than " + MOST_PAGES + " pages, or none");
    }
    int pages = format.startsWith("tif") ? count : 1;
    long inAll = 0;
    for (int i = 0; i < pages; i++) {
      long dots = (long) reader.getWidth(i) * reader.getHeight(i);
      inAll += dots;
      if (dots > MOST_DOTS || inAll > mostDots) {
        throw new UnreadableException(
            "the image has more than " + (dots > MOST_DOTS ? MOST_DOTS : mostDots) + " dots");
      }
      page(picture(reader, i, format, image, document), document);
    }
    return count - pages;
  }

  private static PDImageXObject picture(
      ImageReader reader, int page, String format, byte[] image, PDDocument document)
      throws IOException {
    if (format.startsWith("jp")) {
      return JPEGFactory.createFromByteArray(document, image);
    }
    BufferedImage decoded = reader.read(page);
    return LosslessFactory.createFromImage(document, decoded);
  }

  private static void page(PDImageXObject picture, PDDocument document) throws IOException {
    float longest = Math.max(picture.getWidth(), picture.getHeight()) * POINTS_OF_A_DOT;
    float scale = POINTS_OF_A_DOT * Math.min(1, LONGEST_SIDE / longest);
    float width = Math.max(1, picture.getWidth() * scale);
    float height = Math.max(1, picture.getHeight() * scale);
    PDPage page = new PDPage(new PDRectangle(width, height));
    document.addPage(page);
    try (PDPageContentStream content =
        new PDPageContentStream(document, page, AppendMode.OVERWRITE, false)) {
      content.drawImage(picture, 0, 0, width, height);
    }
  }
}
