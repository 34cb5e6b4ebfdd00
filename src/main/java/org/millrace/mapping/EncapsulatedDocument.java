package org.millrace.mapping;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import org.millrace.hl7.V2Value;

/**
 * Makes one document of one ED repetition: the content as Cerner takes it, or the reason why a
 * person must look.
 *
 * <p>Where label and bytes disagree the bytes decide: a reader who opens a PDF labelled as XML sees
 * nothing, and a label costs the sender nothing. Sources: HL7 v2.5.1 ch. 2A (ED, RP); Cerner
 * Millennium R4, DocumentReference, Create (content types).
 */
final class EncapsulatedDocument {

  private final String anchor;
  private final String path;
  private final Charset otherwise;
  private final List<CoverageNote> notes;

  /**
   * @param anchor where the document stands: {@code OBR[1]/OBX[3]}
   * @param path what it is read from: {@code OBX[3]-5}
   * @param otherwise the charset of text that is not UTF-8 and names none
   * @param noted what was noted of the observation before its data was looked at
   */
  EncapsulatedDocument(String anchor, String path, Charset otherwise, List<CoverageNote> noted) {
    this.anchor = anchor;
    this.path = path;
    this.otherwise = otherwise;
    this.notes = new ArrayList<>(noted);
  }

  /** The document of one repetition of OBX-5; what was repaired is in its notes. */
  ReportPart of(V2Value value) {
    return of(EncapsulatedData.of(value), EncapsulatedData.labelOf(value));
  }

  /** What stands for a document that was announced and not sent. */
  ReportPart ofNothing() {
    return of(EncapsulatedData.none(), "");
  }

  private ReportPart of(EncapsulatedData data, String label) {
    if (!data.damage().isEmpty()) {
      return damaged(data.damage());
    }
    data.repairs().forEach(this::repaired);
    EncapsulatedType shown = EncapsulatedType.shownBy(data.bytes());
    EncapsulatedType declared = data.declared();
    if (shown == EncapsulatedType.NOT_TAKEN) {
      return notTaken("the data is " + EncapsulatedType.nameOf(data.bytes()));
    }
    if (shown == EncapsulatedType.IMAGE) {
      return image(data.bytes());
    }
    if (shown != EncapsulatedType.UNSAID) {
      return inUtf8(shownType(declared, shown), data);
    }
    if (declared.canBe(data.bytes())) {
      return inUtf8(declared, data);
    }
    return switch (declared) {
      case PDF, RTF, XML, XHTML -> damaged("it is labelled " + declared.words() + " and is none");
      case IMAGE, NOT_TAKEN ->
          notTaken(label.isEmpty() ? "its label is no code" : "it is labelled " + label);
      case PLAIN, RICHTEXT, HTML -> notTaken("it is labelled as text and is binary data");
      case UNSAID -> unlabelled(data);
    };
  }

  /** Cerner takes no images: one becomes the page of a PDF. */
  private ReportPart image(byte[] image) {
    String name = EncapsulatedType.nameOf(image);
    try {
      ImageAsPdf.Pages pages = ImageAsPdf.of(image);
      repaired("the data is " + name + "; it was put on a page of PDF, nothing of it changed");
      if (pages.leftOut() > 0) {
        notes.add(
            new CoverageNote(
                CoverageNote.Kind.FIRST_OF_MANY,
                path,
                "the image moves; its first picture was taken, " + pages.leftOut() + " left out"));
      }
      return part(EncapsulatedType.IMAGE.contentType(), pages.pdf(), Verdict.file("content"));
    } catch (ImageAsPdf.UnreadableException e) {
      return damaged("it is " + name + ", and " + e.getMessage());
    }
  }

  /** The type of data that shows its own type, with a note where the label said another. */
  private EncapsulatedType shownType(EncapsulatedType declared, EncapsulatedType shown) {
    if (declared == shown) {
      return shown;
    }
    // XHTML labelled as HTML is both; as HTML it need not be well formed to be taken.
    if (shown == EncapsulatedType.XHTML && declared == EncapsulatedType.HTML) {
      return declared;
    }
    if (declared == EncapsulatedType.UNSAID) {
      repaired("the label names no type; the data is " + shown.words());
    } else {
      repaired(
          "it is labelled "
              + declared.words()
              + " and is "
              + shown.words()
              + "; filed as what it is");
    }
    return shown;
  }

  private ReportPart unlabelled(EncapsulatedData data) {
    if (!EncapsulatedType.looksLikeText(data.bytes())) {
      return notTaken("the label names no type and the data is of none that is known");
    }
    repaired("the label names no type; the data is plain text");
    return inUtf8(EncapsulatedType.PLAIN, data);
  }

  private ReportPart inUtf8(EncapsulatedType type, EncapsulatedData data) {
    if (type == EncapsulatedType.PDF && !EncapsulatedType.endsLikePdf(data.bytes())) {
      notes.add(
          new CoverageNote(
              CoverageNote.Kind.UNREADABLE,
              path,
              "the PDF has no end mark (%%EOF); it may have been cut off before it was sent"));
    }
    try {
      EncapsulatedText.InUtf8 text =
          EncapsulatedText.of(type, data.bytes(), data.characters(), otherwise);
      if (!text.repair().isEmpty()) {
        repaired(text.repair());
      }
      return part(type.contentType(), text.data(), Verdict.file("content"));
    } catch (EncapsulatedText.UnknownCharsetException e) {
      return damaged(e.getMessage() == null ? "its charset is not known" : e.getMessage());
    }
  }

  private ReportPart damaged(String why) {
    return held(
        Verdict.hold(
            "ed-damaged",
            path,
            "The encapsulated document cannot be used: " + why + ".",
            "Ask the sender to send the report again with the whole document."));
  }

  private ReportPart notTaken(String why) {
    return held(
        Verdict.hold(
            "content-type-not-taken",
            path,
            "Cerner takes no document of this type: " + why + ".",
            "Ask the sender for PDF, RTF, HTML, XML or text, or file the document by hand."));
  }

  /** A reference pointer: the file it names is on a system of the sender's. */
  ReportPart pointer() {
    return held(
        Verdict.hold(
            "reference-pointer",
            path,
            "OBX-5 points to a file (RP) instead of holding it; files are not fetched.",
            "Ask the sender to send the document itself in OBX-5 (ED), or file it by hand."));
  }

  /** A document whose observation status says that it must not stand in the chart. */
  ReportPart unfiled(Verdict verdict) {
    return held(verdict);
  }

  private ReportPart held(Verdict verdict) {
    return part("", new byte[0], verdict);
  }

  private ReportPart part(String contentType, byte[] data, Verdict verdict) {
    return new ReportPart(anchor, contentType, data, verdict, List.of(path), List.copyOf(notes));
  }

  private void repaired(String sentence) {
    notes.add(new CoverageNote(CoverageNote.Kind.DEFAULTED, path, sentence));
  }
}
