package org.millrace.preview;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.contentstream.operator.Operator;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;
import org.apache.pdfbox.pdmodel.font.FontMappers;
import org.apache.pdfbox.rendering.ImageType;
import org.apache.pdfbox.rendering.PDFRenderer;
import org.apache.pdfbox.rendering.PageDrawer;
import org.apache.pdfbox.rendering.PageDrawerParameters;

/**
 * Draws a page of a PDF. Nothing of it is run or followed: no script, no link, no file that it
 * names.
 *
 * <p>Source: ISO 32000-1 §7.7.3 (page tree), §14.11.2 (page boundaries).
 */
final class PdfPage {
  static final int MOST_PAGES = 500;

  /** 108 dots an inch: a page of A4 is 893 dots wide. */
  private static final float DOTS_OF_A_POINT = 1.5f;

  private PdfPage() {}

  /**
   * @param page from 1 on
   */
  static DrawnPage draw(byte[] pdf, int page) throws NotDrawnException, IOException {
    OneFont font = new OneFont();
    FontMappers.set(font);
    try (PDDocument document = Loader.loadPDF(pdf)) {
      int pages = document.getNumberOfPages();
      if (pages < 1) {
        throw new NotDrawnException("The PDF has no pages.", 0);
      }
      if (page > Math.min(pages, MOST_PAGES)) {
        throw new NotDrawnException(
            page > pages
                ? "The PDF has no such page."
                : "Pages behind the " + MOST_PAGES + "th are not drawn; download the document.",
            pages);
      }
      PDRectangle box = document.getPage(page - 1).getCropBox();
      float width = box.getWidth();
      float height = box.getHeight();
      if (!(width > 0 && height > 0 && Float.isFinite(width) && Float.isFinite(height))) {
        throw new NotDrawnException("The page has no size.", pages);
      }
      double dots = DOTS_OF_A_POINT;
      float scale = (float) (dots * DrawnPage.shrink(width * dots, height * dots));
      Drawing drawing = new Drawing(document);
      BufferedImage image = drawing.renderImage(page - 1, scale, ImageType.RGB);
      return new DrawnPage(image, pages, font.used(), drawing.incomplete);
    } catch (InvalidPasswordException locked) {
      throw new NotDrawnException("The PDF is encrypted and opens with a password only.", 0);
    }
  }

  /** Notices what PDFBox leaves out with no more than a line in a log. */
  private static final class Drawing extends PDFRenderer {
    private boolean incomplete;

    Drawing(PDDocument document) {
      super(document);
      setSubsamplingAllowed(true);
    }

    @Override
    protected PageDrawer createPageDrawer(PageDrawerParameters parameters) throws IOException {
      return new PageDrawer(parameters) {
        @Override
        protected void operatorException(
            Operator operator, List<COSBase> operands, IOException fault) throws IOException {
          incomplete = true;
          super.operatorException(operator, operands, fault);
        }
      };
    }
  }
}
