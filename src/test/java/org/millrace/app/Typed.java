package org.millrace.app;

/** HL7 v2 messages as a person types them, and fields read off replies by eye. */
public final class Typed {
  public static final String MRN_AUTHORITY = "&2.16.840.1.113883.6.1000&ISO";

  private Typed() {}

  private static String msh(String type, String controlId) {
    return "MSH|^~\\&|LABSYS|NORTH|MILLRACE|CERNER|20261120090000-0600||"
        + type
        + "|"
        + controlId
        + "|D|2.5.1|||||USA|UNICODE UTF-8\r";
  }

  public static String query(String controlId, String mrn) {
    return msh("QRY^A19^QRY_A19", controlId)
        + "QRD|20261120090000|R|I|T0001|||1^RD|"
        + mrn
        + "^^^^^^^^"
        + MRN_AUTHORITY
        + "^^^^MR|DEM|\r"
        + "QRF|MPI||||\r";
  }

  public static String unsupported(String controlId) {
    return msh("BAR^P01^BAR_P01", controlId) + "EVN||20261120090000\r";
  }

  /** A final result about ANNA MARIE ZZTESTMILLER, MRN 9900101. */
  public static String result(String controlId, String fillerNumber) {
    return result(controlId, fillerNumber, "9900101", "F");
  }

  /**
   * @param status OBR-25 and OBX-11
   */
  public static String result(String controlId, String fillerNumber, String mrn, String status) {
    return msh("ORU^R01^ORU_R01", controlId)
        + "PID|1||"
        + mrn
        + "^^^"
        + MRN_AUTHORITY
        + "^MR||ZZTESTMILLER^ANNA||19610314|F\r"
        + "OBR|1|P1^LABSYS|"
        + fillerNumber
        + "^LABSYS|11506-3^Progress note^LN|||20261119143000|||||||||||||||20261119151500|||"
        + status
        + "\r"
        + "OBX|1|TX|11506-3^Progress note^LN||Seen on the ward.||||||"
        + status
        + "\r";
  }

  /** A field of the first segment of this name: {@code field(reply, "MSA", 2)}. */
  public static String field(String message, String segment, int number) {
    for (String line : message.split("\r", -1)) {
      if (line.startsWith(segment + "|")) {
        String[] fields = line.split("\\|", -1);
        int at = segment.equals("MSH") ? number - 1 : number;
        return at < fields.length ? fields[at] : "";
      }
    }
    return "";
  }
}
