package org.millrace.preview;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.apache.fontbox.FontBoxFont;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.io.RandomAccessReadBuffer;
import org.apache.pdfbox.pdmodel.font.CIDFontMapping;
import org.apache.pdfbox.pdmodel.font.FontMapper;
import org.apache.pdfbox.pdmodel.font.FontMapping;
import org.apache.pdfbox.pdmodel.font.PDCIDSystemInfo;
import org.apache.pdfbox.pdmodel.font.PDFontDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * The one font for all that a PDF does not bring along, Liberation Sans, which comes with PDFBox.
 * The machine's fonts are not looked for: that takes seconds, writes a file, and would draw a page
 * otherwise on each machine.
 */
final class OneFont implements FontMapper {
  private static final String FILE = "/org/apache/pdfbox/resources/ttf/LiberationSans-Regular.ttf";

  private @Nullable TrueTypeFont font;

  /** Whether it stood in for another. */
  boolean used() {
    return font != null;
  }

  private TrueTypeFont font() {
    TrueTypeFont known = font;
    if (known == null) {
      try (InputStream file = FontMapper.class.getResourceAsStream(FILE)) {
        if (file == null) {
          throw new IllegalStateException("PDFBox comes without its font");
        }
        known = new TTFParser().parse(new RandomAccessReadBuffer(file));
      } catch (IOException e) {
        throw new UncheckedIOException("a file of the program cannot be read", e);
      }
      font = known;
    }
    return known;
  }

  @Override
  public FontMapping<TrueTypeFont> getTrueTypeFont(
      String baseFont, PDFontDescriptor fontDescriptor) {
    return new FontMapping<>(font(), true);
  }

  @Override
  public FontMapping<FontBoxFont> getFontBoxFont(String baseFont, PDFontDescriptor fontDescriptor) {
    return new FontMapping<>(font(), true);
  }

  @Override
  public CIDFontMapping getCIDFont(
      String baseFont, PDFontDescriptor fontDescriptor, PDCIDSystemInfo cidSystemInfo) {
    return new CIDFontMapping(null, font(), true);
  }
}
