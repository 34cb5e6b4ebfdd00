package org.millrace.mapping;

import java.util.List;

/**
 * A document that stands in a message, as its bytes are, whether or not it can be filed.
 *
 * @param place where its bytes stand: {@code OBX[2]-5}, {@code OBX[2]-5[3]} where OBX-5 holds
 *     several; {@code OBR[1]} for the text of a report
 * @param anchor what it is filed as: {@code OBR[1]/OBX[2]}
 * @param form what can be made of it for a reader
 * @param declared type and subtype as the sender wrote them, {@code AP/PDF}; empty if they are no
 *     codes
 * @param shown what the bytes are, in words: {@code PDF}, {@code a JPEG image}
 * @param label whether the two agree
 * @param data the bytes as the sender meant them, decoded; UTF-8 where they came as characters of
 *     the message. The array is kept, not copied, and not to be changed; empty if there are none
 * @param text the same as characters; empty if it is no text
 * @param pointer of a reference (RP), where the sender keeps the file; patient data
 * @param without why there are no bytes, as a sentence; empty if there are
 * @param notes what was taken otherwise than labelled
 */
@SuppressWarnings("ArrayRecordComponent") // read, never compared
public record MessageDocument(
    String place,
    String anchor,
    Form form,
    String declared,
    String shown,
    Label label,
    byte[] data,
    String text,
    String pointer,
    String without,
    List<String> notes) {
  public MessageDocument {
    notes = List.copyOf(notes);
  }

  /** What kind of thing it is to a reader. */
  public enum Form {
    PDF,
    IMAGE,
    /** Text that means what it says. */
    TEXT,
    /** Text that a program would have to interpret: HTML, XML, RTF. */
    SOURCE,
    /** Bytes of a kind that the engine cannot show. */
    OTHER,
    /** A file that stays with the sender. */
    POINTER,
    /** Announced and not there, or damaged. */
    NOTHING
  }

  /** How the label compares with the bytes. */
  public enum Label {
    FITS,
    /** It names no type. */
    SAYS_NOTHING,
    /** The bytes are something else. */
    DOES_NOT_FIT
  }

  /** Whether there are bytes with a label of their own: text of a report has none. */
  public boolean labelled() {
    return data.length > 0 && !place.equals(anchor);
  }

  /** Place and form only: the rest is a patient's. */
  @Override
  public String toString() {
    return place + " " + form;
  }
}
