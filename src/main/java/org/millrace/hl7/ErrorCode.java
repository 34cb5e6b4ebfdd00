package org.millrace.hl7;

/** ERR-3, HL7 v2.5.1 table 0357 (message error condition codes). */
public enum ErrorCode {
  SEGMENT_SEQUENCE(100, "Segment sequence error"),
  REQUIRED_FIELD_MISSING(101, "Required field missing"),
  DATA_TYPE(102, "Data type error"),
  TABLE_VALUE_NOT_FOUND(103, "Table value not found"),
  UNSUPPORTED_MESSAGE_TYPE(200, "Unsupported message type"),
  UNSUPPORTED_EVENT_CODE(201, "Unsupported event code"),
  UNSUPPORTED_PROCESSING_ID(202, "Unsupported processing id"),
  UNSUPPORTED_VERSION_ID(203, "Unsupported version id"),
  UNKNOWN_KEY(204, "Unknown key identifier"),
  DUPLICATE_KEY(205, "Duplicate key identifier"),
  RECORD_LOCKED(206, "Application record locked"),
  INTERNAL(207, "Application internal error");

  private final int number;
  private final String text;

  ErrorCode(int number, String text) {
    this.number = number;
    this.text = text;
  }

  /** The number that ERR-3.1 carries, 100 to 207. */
  public int number() {
    return number;
  }

  /** The table's own wording, ERR-3.2. */
  public String text() {
    return text;
  }
}
