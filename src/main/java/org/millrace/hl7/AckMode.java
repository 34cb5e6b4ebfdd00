package org.millrace.hl7;

import java.util.Locale;
import java.util.Optional;

/**
 * Which acknowledgments a sender asks for. In original mode there is one, an application
 * acknowledgment. In enhanced mode there may be two, and either may be left out: a commit
 * acknowledgment (CA, CE, CR) at once, and an application acknowledgment (AA, AE, AR) when it is
 * known what came of the message.
 *
 * <p>Source: HL7 v2.5.1 ch. 2.9.2 and 2.9.3, MSH-15, MSH-16, table 0155.
 *
 * @param enhanced MSH-15 or MSH-16 says something
 * @param commit of enhanced mode: when a commit acknowledgment is wanted
 * @param application of enhanced mode: when an application acknowledgment is wanted
 */
public record AckMode(boolean enhanced, When commit, When application) {

  /** One acknowledgment, whatever it says. */
  public static final AckMode ORIGINAL = new AckMode(false, When.NE, When.AL);

  /** None at all, whatever came of the message. */
  public static final AckMode SILENT = new AckMode(true, When.NE, When.NE);

  /** HL7 v2.5.1 table 0155. */
  public enum When {
    /** Always. */
    AL,
    /** Never. */
    NE,
    /** Only when the message was not accepted. */
    ER,
    /** Only when it was. */
    SU;

    /** Whether one is wanted that says this. */
    public boolean tells(boolean accepted) {
      return this == AL || this == (accepted ? SU : ER);
    }
  }

  /** As the header asks; original mode too where {@link #fault} finds something. */
  static AckMode of(V2Header header) {
    String commit = word(header.acceptAcknowledgment());
    String application = word(header.applicationAcknowledgment());
    if ((commit.isEmpty() && application.isEmpty()) || fault(header).isPresent()) {
      return ORIGINAL;
    }
    // An empty one beside one that is valued means never.
    return new AckMode(true, when(commit).orElse(When.NE), when(application).orElse(When.NE));
  }

  /** What is wrong with MSH-15 or MSH-16, if anything is. */
  public static Optional<V2Fault> fault(V2Header header) {
    return fault(15, header.acceptAcknowledgment())
        .or(() -> fault(16, header.applicationAcknowledgment()));
  }

  private static Optional<V2Fault> fault(int field, String value) {
    if (word(value).isEmpty() || when(word(value)).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        V2Fault.at(
            V2Location.field("MSH", 1, field),
            ErrorCode.TABLE_VALUE_NOT_FOUND,
            "MSH-" + field + " must be AL, NE, ER, SU or empty"));
  }

  private static String word(String value) {
    // The HL7 null says nothing about acknowledgments.
    return value.equals("\"\"") ? "" : value.toUpperCase(Locale.ROOT);
  }

  private static Optional<When> when(String word) {
    for (When each : When.values()) {
      if (each.name().equals(word)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }
}
