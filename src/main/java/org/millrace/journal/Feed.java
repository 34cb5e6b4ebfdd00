package org.millrace.journal;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What holds for all messages that come in by one route.
 *
 * @param name as in its route file, for example {@code results}
 * @param messageTypes what it takes: {@code ORU^R01}
 * @param zone of times that carry no offset
 * @param charset decides instead of MSH-18, when present
 * @param settings what its route file says besides
 */
public record Feed(
    String name,
    Set<String> messageTypes,
    ZoneId zone,
    Optional<Charset> charset,
    FeedSettings settings) {
  private static final String MESSAGES = "messages";

  /** What the name of an HTTP face begins with; that of a route file cannot. */
  private static final String FACE = "/";

  /** MSH-9.1, and MSH-9.2 where the type has one. */
  private static final String TYPE = "[A-Z][A-Z0-9]{2}(\\^[A-Z0-9]{3})?";

  public Feed {
    messageTypes = Set.copyOf(messageTypes);
  }

  /** With the settings of a route file that says nothing of them. */
  public Feed(String name, Set<String> messageTypes, ZoneId zone, Optional<Charset> charset) {
    this(name, messageTypes, zone, charset, FeedSettings.DEFAULT);
  }

  /**
   * Reads a feed off its route file; what is wrong is gathered in the parameters, and a default
   * stands for it.
   *
   * @param zone where the route file names none
   */
  public static Feed read(String name, FeedParameters parameters, ZoneId zone) {
    if (isFace(name)) {
      parameters.fault("feed", "has a name that begins with a slash; those are for HTTP faces");
    }
    return new Feed(
        name,
        types(parameters),
        parameters.read("zone", zone, Feed::zoneOf),
        parameters.read("charset", Optional.<Charset>empty(), text -> Optional.of(charsetOf(text))),
        FeedSettings.read(parameters));
  }

  /**
   * What holds for creates that HTTP callers want delivered: no route file says it.
   *
   * @param path of the face they come to, {@code /fhir/r4}
   * @param types of resources, {@code DocumentReference}
   * @param tenant whose charts they are for; empty for the one without a name
   */
  public static Feed ofFace(String path, Set<String> types, String tenant, ZoneId zone) {
    return new Feed(
        path,
        types,
        zone,
        Optional.empty(),
        FeedSettings.read(new FeedParameters(Map.of("tenant", tenant))));
  }

  /** Whether what comes in by a feed of this name is FHIR resources, and no messages. */
  public static boolean isFace(String name) {
    return name.startsWith(FACE);
  }

  /** Whose charts its messages are for; empty for the tenant without a name. */
  public String tenant() {
    return settings.tenancy().tenant();
  }

  /** The same feed with other settings. */
  public Feed with(FeedSettings others) {
    return new Feed(name, messageTypes, zone, charset, others);
  }

  private static Set<String> types(FeedParameters parameters) {
    if (!parameters.given(MESSAGES)) {
      parameters.fault(MESSAGES, "is missing; it names the types taken, for example ORU^R01");
    }
    Set<String> types = new LinkedHashSet<>();
    for (String each : parameters.text(MESSAGES).orElse("").split(",", -1)) {
      String type = each.strip();
      if (!type.isEmpty() && !type.matches(TYPE)) {
        parameters.fault(
            MESSAGES, "holds no message type in '" + Printable.of(type) + "'; write ORU^R01");
      } else if (!type.isEmpty()) {
        types.add(type);
      }
    }
    return types;
  }

  private static ZoneId zoneOf(String text) {
    try {
      return ZoneId.of(text);
    } catch (DateTimeException unknown) {
      throw new IllegalArgumentException(
          "is no time zone; write a name of the IANA list, for example America/Chicago", unknown);
    }
  }

  private static Charset charsetOf(String text) {
    try {
      return Charset.forName(text);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
      throw new IllegalArgumentException(
          "is no charset that Java knows, for example windows-1252", unknown);
    }
  }
}
