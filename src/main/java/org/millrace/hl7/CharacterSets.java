package org.millrace.hl7;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the names in MSH-18 mean in Java.
 *
 * <p>Source: HL7 v2.5.1 table 0211, with the names senders use beside it ({@code UTF-8}, {@code
 * CP1250}, {@code windows-1252}). UTF-16 and UTF-32 are left out: their bytes collide with the
 * framing characters of MLLP, and whoever declares them sends something else.
 */
final class CharacterSets {
  private static final byte ISO_2022_ESCAPE = 0x1B;

  /** What may follow the escape where it names a charset; printers' commands are others. */
  private static final String DESIGNATIONS = "$()*+-./!";

  private static final Pattern ISO_8859 = Pattern.compile("(?:ISO)?8859(\\d{1,2})");
  private static final Pattern CODE_PAGE = Pattern.compile("(?:CP|WINDOWS|WIN|MS)(125\\d|874|932)");
  private static final Pattern DOS = Pattern.compile("(?:CP|IBM|DOS)(437|850|852|858|866)");

  private static final Map<String, String> BY_NAME =
      Map.ofEntries(
          Map.entry("ASCII", "US-ASCII"),
          Map.entry("USASCII", "US-ASCII"),
          Map.entry("ISOIR6", "US-ASCII"),
          Map.entry("UTF8", "UTF-8"),
          Map.entry("UNICODE", "UTF-8"),
          Map.entry("UNICODEUTF8", "UTF-8"),
          Map.entry("ISO10646UTF8", "UTF-8"),
          Map.entry("LATIN1", "ISO-8859-1"),
          Map.entry("ISOIR100", "ISO-8859-1"),
          Map.entry("ISOIR101", "ISO-8859-2"),
          Map.entry("ISOIR14", "JIS_X0201"),
          Map.entry("ISOIR13", "JIS_X0201"),
          Map.entry("ISOIR87", "ISO-2022-JP"),
          Map.entry("ISOIR159", "ISO-2022-JP-2"),
          Map.entry("GB180302000", "GB18030"),
          Map.entry("GB18030", "GB18030"),
          Map.entry("GBK", "GBK"),
          Map.entry("GB2312", "GB2312"),
          Map.entry("KSX1001", "EUC-KR"),
          Map.entry("EUCKR", "EUC-KR"),
          Map.entry("CNS116431992", "x-EUC-TW"),
          Map.entry("BIG5", "Big5"));

  private CharacterSets() {}

  /**
   * The charset MSH-18 names; empty if it names none that is known.
   *
   * @param field MSH-18 as received; of its repetitions the first is the default and the others are
   *     alternates that ISO 2022 escapes switch to
   */
  static Optional<Charset> named(String field, byte[] message) {
    if (field.indexOf('~') < 0 && field.indexOf('^') < 0) {
      return one(field);
    }
    String[] names = field.split("[~^]", -1);
    Optional<Charset> first = one(names[0]);
    for (int i = 1; i < Math.min(names.length, 8); i++) {
      Optional<Charset> alternate = one(names[i]);
      if (alternate.isPresent()
          && alternate.get().name().startsWith("ISO-2022-JP")
          && holdsEscape(message)) {
        return alternate;
      }
    }
    return first;
  }

  /**
   * Whether the message changes its charset on the way, by the alternates that its MSH-18 names, in
   * a manner that {@code chosen} does not read. A sender that merely lists alternates does not.
   *
   * <p>Source: HL7 v2.5.1 ch. 2.7.2 (escape sequences supporting multiple character sets), ch.
   * 2.14.9.18 (MSH-18).
   */
  static boolean switches(byte[] message, Charset chosen, char escape) {
    if (Msh.characterSet(message).indexOf('~') < 0) {
      return false;
    }
    boolean reads = chosen.name().startsWith("ISO-2022");
    for (int at = 0; at < message.length - 1; at++) {
      if (message[at] == ISO_2022_ESCAPE && !reads && DESIGNATIONS.indexOf(message[at + 1]) >= 0) {
        return true;
      }
      if (message[at] == escape && switchesAt(message, at, escape)) {
        return true;
      }
    }
    return false;
  }

  /** {@code \Cxxyy\}, {@code \Mxxyy\} or {@code \Mxxyyzz\}. */
  private static boolean switchesAt(byte[] message, int at, char escape) {
    boolean several = message[at + 1] == 'M';
    if (!several && message[at + 1] != 'C') {
      return false;
    }
    int digits = at + 2;
    while (digits < message.length
        && digits < at + 8
        && Character.digit(message[digits], 16) >= 0) {
      digits++;
    }
    int count = digits - at - 2;
    return (count == 4 || (several && count == 6))
        && digits < message.length
        && message[digits] == escape;
  }

  private static boolean holdsEscape(byte[] message) {
    for (byte each : message) {
      if (each == ISO_2022_ESCAPE) {
        return true;
      }
    }
    return false;
  }

  private static Optional<Charset> one(String written) {
    if (written.length() > 40) {
      return Optional.empty();
    }
    String name = lettersAndDigits(written.toUpperCase(Locale.ROOT));
    String java = BY_NAME.get(name);
    if (java != null || name.isEmpty()) {
      return java == null ? Optional.empty() : supported(java);
    }
    Matcher iso = ISO_8859.matcher(name);
    if (iso.matches()) {
      return supported("ISO-8859-" + Integer.parseInt(iso.group(1)));
    }
    Matcher page = CODE_PAGE.matcher(name);
    if (page.matches()) {
      return supported(page.group(1).equals("932") ? "windows-31j" : "windows-" + page.group(1));
    }
    Matcher dos = DOS.matcher(name);
    if (dos.matches()) {
      return supported("IBM" + (dos.group(1).equals("858") ? "00858" : dos.group(1)));
    }
    return Optional.empty();
  }

  private static String lettersAndDigits(String text) {
    StringBuilder kept = new StringBuilder(text.length());
    for (int at = 0; at < text.length(); at++) {
      char each = text.charAt(at);
      if ((each >= 'A' && each <= 'Z') || (each >= '0' && each <= '9')) {
        kept.append(each);
      }
    }
    return kept.toString();
  }

  private static Optional<Charset> supported(String java) {
    if (java.equals("ISO-8859-1")) {
      return Optional.of(StandardCharsets.ISO_8859_1);
    }
    if (java.equals("UTF-8")) {
      return Optional.of(StandardCharsets.UTF_8);
    }
    // A Java runtime cut to size may lack the Asian charsets; the message is then read without
    // them.
    return Charset.isSupported(java) ? Optional.of(Charset.forName(java)) : Optional.empty();
  }
}
