package org.millrace.preview;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages through the other process, as the console has them drawn. */
final class PagePicturesTest {
  private static final PagePictures PICTURES = new PagePictures(Duration.ofSeconds(60));

  private static Picture pdf(byte[] document, int page) throws InterruptedException {
    return PICTURES.page(PagePictures.Form.PDF, document, page);
  }

  private static BufferedImage drawn(Picture picture) throws Exception {
    assertThat(picture.without()).isEmpty();
    return ImageIO.read(new ByteArrayInputStream(picture.png()));
  }

  @Test
  void aPageOfAReportIsDrawn() throws Exception {
    Picture picture = pdf(HostilePdf.report("Sodium 140"), 1);

    BufferedImage image = drawn(picture);
    assertThat(image.getWidth()).isEqualTo(892);
    assertThat(image.getRGB(150, 180)).as("the bar below the text").isEqualTo(0xFF000000);
    assertThat(image.getRGB(500, 180)).as("paper").isEqualTo(0xFFFFFFFF);
    assertThat(dark(image, 80, 90, 300, 140)).as("letters").isPositive();
    assertThat(picture.pages()).isEqualTo(1);
    assertThat(picture.otherFonts()).isTrue();
    assertThat(picture.incomplete()).isFalse();
  }

  private static int dark(BufferedImage image, int left, int top, int right, int bottom) {
    int dark = 0;
    for (int x = left; x < right; x++) {
      for (int y = top; y < bottom; y++) {
        dark += (image.getRGB(x, y) & 0xFF) < 128 ? 1 : 0;
      }
    }
    return dark;
  }

  @Test
  void whatAPdfWouldRunIsNotRun() throws Exception {
    assertThat(drawn(pdf(HostilePdf.script(), 1)).getHeight()).isEqualTo(1263);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0 0 1000000000 1000000000", "0 0 1 1000000", "0 0 1000000 1", "-9e9 0 9e9 9e9"})
  void aPageOfAnySizeHasAPictureWithinBounds(String mediaBox) throws Exception {
    BufferedImage image = drawn(pdf(HostilePdf.ofSize(mediaBox), 1));

    assertThat(Math.max(image.getWidth(), image.getHeight()))
        .isLessThanOrEqualTo(DrawnPage.LONGEST_SIDE);
    assertThat(image.getWidth() * image.getHeight()).isLessThanOrEqualTo(DrawnPage.MOST_DOTS);
  }

  @Test
  void aPageWithoutSizeIsToldSo() throws Exception {
    assertThat(pdf(HostilePdf.ofSize("0 0 0 0"), 1).without()).isEqualTo("The page has no size.");
  }

  @Test
  void ofManyPagesTheFirstAreDrawn() throws Exception {
    byte[] many = HostilePdf.manyPages(20_000);

    assertThat(pdf(many, 500).drawn()).isTrue();
    assertThat(pdf(many, 501).without()).contains("500");
    assertThat(pdf(HostilePdf.report("A"), 2).without()).isEqualTo("The PDF has no such page.");
    assertThat(pdf(many, 20_001).without()).isEqualTo("The PDF has no such page.");
  }

  @Test
  void whatIsDamagedOrNestedWithoutEndIsToldSo() throws Exception {
    byte[] report = HostilePdf.report("Sodium 140");
    assertThat(pdf(HostilePdf.nested(100_000), 1).without()).contains("cannot be read");
    assertThat(pdf("%PDF-1.4 no more".getBytes(StandardCharsets.US_ASCII), 1).without())
        .contains("cannot be read");
    assertThat(PICTURES.page(PagePictures.Form.IMAGE, report, 1).without()).contains("no kind");
  }

  @Test
  void whatTakesAllMemoryTakesThatOfItsOwnProcessOnly() throws Exception {
    assertThat(pdf(HostilePdf.bomb(30_000), 1).without())
        .isEqualTo("It takes more memory than a preview may have.");
  }

  @Test
  void whatNeverEndsIsEnded() throws Exception {
    long before = children();

    Picture picture =
        new PagePictures(Duration.ofSeconds(3))
            .page(PagePictures.Form.PDF, HostilePdf.endless(), 1);

    assertThat(picture.without()).isEqualTo("It takes longer to draw than 3 seconds.");
    assertThat(children()).isEqualTo(before);
  }

  private static long children() {
    return ProcessHandle.current().children().filter(ProcessHandle::isAlive).count();
  }

  @Test
  void aPictureInsideThatCannotBeDecodedIsNoBlankPageWithoutAWord() throws Exception {
    assertThat(pdf(HostilePdf.withoutDecoder(), 1).incomplete()).isTrue();
  }

  /** The process has no folder for them: a decoder that wants a file would fail. */
  @Test
  void aScanIsDrawnWithoutAFileInBetween() throws Exception {
    Picture picture = pdf(HostilePdf.scan(image("jpg", 40, 30), 40, 30), 1);

    assertThat(picture.incomplete()).isFalse();
    assertThat(drawn(picture).getRGB(400, 600) & 0xFF).as("the black scan").isLessThan(20);
  }

  @Test
  void aScanOfAFaxMachineIsDrawn() throws Exception {
    Picture picture = pdf(HostilePdf.fax(), 1);

    assertThat(picture.incomplete()).isFalse();
    assertThat(drawn(picture).getRGB(200, 300) & 0xFF).as("what is white").isGreaterThan(240);
    assertThat(drawn(picture).getRGB(700, 300) & 0xFF).as("right of it").isLessThan(20);
    assertThat(drawn(picture).getRGB(200, 1000) & 0xFF).as("below it").isLessThan(20);
  }

  @Test
  void whatIsTooLongIsNotTried() throws Exception {
    assertThat(pdf(new byte[33 * 1024 * 1024], 1).without()).contains("32 megabytes");
  }

  private static byte[] image(String format, int width, int height) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, 0xFF0000);
    assertThat(ImageIO.write(image, format, out)).isTrue();
    return out.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"jpg", "png", "gif"})
  void imagesAreDrawnAnew(String format) throws Exception {
    byte[] with = image(format, 60, 40);
    byte[] tail = "<script>alert(1)</script>".getBytes(StandardCharsets.US_ASCII);
    byte[] both = Arrays.copyOf(with, with.length + tail.length);
    System.arraycopy(tail, 0, both, with.length, tail.length);

    Picture picture = PICTURES.page(PagePictures.Form.IMAGE, both, 1);

    assertThat(drawn(picture).getWidth()).isEqualTo(60);
    assertThat(new String(picture.png(), StandardCharsets.ISO_8859_1)).doesNotContain("script");
  }

  @Test
  void aLargeImageIsMadeSmaller() throws Exception {
    BufferedImage image =
        drawn(PICTURES.page(PagePictures.Form.IMAGE, image("png", 9_000, 4_000), 1));

    assertThat(image.getWidth()).isEqualTo(2_000);
    assertThat(image.getHeight()).isBetween(880, 890);
  }

  @Test
  void anImageThatClaimsToBeEnormousIsNotDecoded() throws Exception {
    byte[] png = image("png", 10, 10);
    // Width in IHDR; its checksum is not looked at before.
    png[16] = 0x00;
    png[17] = 0x7F;
    png[18] = (byte) 0xFF;

    assertThat(PICTURES.page(PagePictures.Form.IMAGE, png, 1).drawn()).isFalse();
  }

  @Test
  void eachPageOfATiffIsAPage() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName("tiff").next();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.prepareWriteSequence(null);
      for (int i = 1; i <= 3; i++) {
        BufferedImage page = new BufferedImage(10 * i, 20, BufferedImage.TYPE_BYTE_BINARY);
        writer.writeToSequence(new IIOImage(page, null, null), null);
      }
      writer.endWriteSequence();
    } finally {
      writer.dispose();
    }

    Picture third = PICTURES.page(PagePictures.Form.IMAGE, bytes.toByteArray(), 3);

    assertThat(third.pages()).isEqualTo(3);
    assertThat(drawn(third).getWidth()).isEqualTo(30);
    assertThat(PICTURES.page(PagePictures.Form.IMAGE, bytes.toByteArray(), 4).drawn()).isFalse();
  }
}
