package org.millrace.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.graphics.image.PDImageXObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageAsPdfTest {

  /** A picture of coloured noise, the same every time. */
  private static BufferedImage picture(int width, int height) {
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(7);
    for (int x = 0; x < width; x++) {
      for (int y = 0; y < height; y++) {
        picture.setRGB(x, y, random.nextInt());
      }
    }
    return picture;
  }

  static byte[] image(String format, int width, int height) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(ImageIO.write(picture(width, height), format, out)).isTrue();
    return out.toByteArray();
  }

  private static byte[] sequence(String format, int count) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.prepareWriteSequence(null);
      for (int i = 1; i <= count; i++) {
        writer.writeToSequence(new IIOImage(picture(10 * i, 20), null, null), null);
      }
      writer.endWriteSequence();
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  private static List<PDImageXObject> pictures(PDDocument document) throws IOException {
    List<PDImageXObject> pictures = new ArrayList<>();
    for (PDPage page : document.getPages()) {
      for (COSName name : page.getResources().getXObjectNames()) {
        pictures.add((PDImageXObject) page.getResources().getXObject(name));
      }
    }
    return pictures;
  }

  @Test
  void aJpegIsInThePdfAsItWas() throws Exception {
    byte[] jpeg = image("jpg", 30, 20);
    try (PDDocument document = Loader.loadPDF(ImageAsPdf.of(jpeg).pdf())) {
      PDImageXObject picture = pictures(document).get(0);
      assertThat(picture.getCOSObject().createRawInputStream().readAllBytes()).isEqualTo(jpeg);
      assertThat(document.getPage(0).getMediaBox().getWidth()).isEqualTo(14.4f);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "tif"})
  void everyDotOfAnotherImageIsKept(String format) throws Exception {
    try (PDDocument document = Loader.loadPDF(ImageAsPdf.of(image(format, 31, 17)).pdf())) {
      BufferedImage shown = pictures(document).get(0).getImage();
      BufferedImage sent = picture(31, 17);
      for (int x = 0; x < 31; x++) {
        for (int y = 0; y < 17; y++) {
          assertThat(shown.getRGB(x, y) & 0xFFFFFF).isEqualTo(sent.getRGB(x, y) & 0xFFFFFF);
        }
      }
    }
  }

  @Test
  void eachPageOfATiffIsAPage() throws Exception {
    ImageAsPdf.Pages pages = ImageAsPdf.of(sequence("tiff", 3));
    try (PDDocument document = Loader.loadPDF(pages.pdf())) {
      assertThat(pictures(document))
          .extracting(PDImageXObject::getWidth)
          .containsExactly(10, 20, 30);
      assertThat(pages.leftOut()).isZero();
    }
  }

  @Test
  void ofAnImageThatMovesTheFirstPictureIsTakenAndTheOthersCounted() throws Exception {
    ImageAsPdf.Pages pages = ImageAsPdf.of(sequence("gif", 3));
    try (PDDocument document = Loader.loadPDF(pages.pdf())) {
      assertThat(document.getNumberOfPages()).isEqualTo(1);
      assertThat(pages.leftOut()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg", "gif", "tif"})
  void theSameImageMakesTheSameBytesAndLeavesNoFile(String format) throws Exception {
    byte[] image = image(format, 30, 20);
    assertThat(ImageAsPdf.of(image).pdf()).isEqualTo(ImageAsPdf.of(image).pdf());
    assertThat(ImageIO.getUseCache()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg", "gif", "tif"})
  void anImageCutInItsHeadIsUnreadable(String format) throws Exception {
    byte[] image = image(format, 30, 20);
    assertThatThrownBy(() -> ImageAsPdf.of(Arrays.copyOf(image, 12)))
        .isInstanceOf(ImageAsPdf.UnreadableException.class)
        .hasMessageContaining("cannot be read");
  }

  @Test
  void aFewBytesThatClaimToBeAHugeImageAreNotDecoded() throws Exception {
    byte[] png = image("png", 30, 20);
    ByteBuffer.wrap(png).putInt(16, 60_000).putInt(20, 60_000);
    CRC32 check = new CRC32();
    check.update(png, 12, 17);
    ByteBuffer.wrap(png).putInt(29, (int) check.getValue());
    assertThat(new String(png, 12, 4, StandardCharsets.US_ASCII)).isEqualTo("IHDR");

    assertThatThrownBy(() -> ImageAsPdf.of(png))
        .isInstanceOf(ImageAsPdf.UnreadableException.class)
        .hasMessageContaining("dots");
  }

  @Test
  void theDotsOfAllPagesAreCounted() throws Exception {
    byte[] pages = sequence("tiff", 3);
    assertThat(ImageAsPdf.of(pages, 1_200).leftOut()).isZero();
    assertThatThrownBy(() -> ImageAsPdf.of(pages, 1_199))
        .isInstanceOf(ImageAsPdf.UnreadableException.class)
        .hasMessageContaining("1199 dots");
  }
}
