package org.millrace.mapping;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Assigning authorities: HD (local name, universal id, type) to URI and back, by {@code
 * tables/namespaces.csv}; universal ids of type ISO, UUID and URI make a URI by themselves.
 * Immutable.
 */
public final class Namespaces {
  private static final Pattern OID = Pattern.compile("[0-2](\\.(0|[1-9]\\d*))+");
  private static final Pattern UUID =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  /** The registry's file name without {@code .csv}. */
  static final String TABLE = "namespaces";

  private static final String OURS = "urn:id:";
  private final Map<String, Entry> byName = new HashMap<>();
  private final Map<String, Entry> byUniversalId = new HashMap<>();
  private final Map<String, Entry> byUri = new HashMap<>();

  /** One line of the registry. */
  record Entry(String namespaceId, String universalId, String universalIdType, String uri) {}

  /** HD.1, .2 and .3; empty strings where absent. */
  record Authority(String namespaceId, String universalId, String universalIdType) {}

  Namespaces(List<Entry> entries) {
    for (Entry entry : entries) {
      byName.putIfAbsent(entry.namespaceId(), entry);
      byUri.putIfAbsent(entry.uri(), entry);
      if (!entry.universalId().isEmpty()) {
        byUniversalId.putIfAbsent(entry.universalId(), entry);
      }
    }
  }

  /**
   * The URI of an authority as HD.1, .2, .3 name it; empty if it is not known. All three may be
   * empty strings.
   */
  public Optional<String> uri(String namespaceId, String universalId, String universalIdType) {
    if (!universalId.isEmpty()) {
      Entry known = byUniversalId.get(universalId);
      if (known != null) {
        return Optional.of(known.uri());
      }
      Optional<String> own = ownUri(universalId, universalIdType.toUpperCase(Locale.ROOT));
      if (own.isPresent()) {
        return own;
      }
    }
    return Optional.ofNullable(byName.get(namespaceId)).map(Entry::uri);
  }

  /** The URI that a universal id makes by itself: type ISO, UUID, GUID or URI. */
  static Optional<String> ownUri(String id, String type) {
    return switch (type) {
      case "ISO" -> OID.matcher(id).matches() ? Optional.of("urn:oid:" + id) : Optional.empty();
      case "UUID", "GUID" ->
          UUID.matcher(id).matches()
              ? Optional.of("urn:uuid:" + id.toLowerCase(Locale.ROOT))
              : Optional.empty();
      case "URI" -> id.indexOf(':') > 0 && id.indexOf(' ') < 0 ? Optional.of(id) : Optional.empty();
      default -> Optional.empty();
    };
  }

  /**
   * Whether a line names this authority.
   *
   * @param name HD.1, or HD.2 where that is empty
   * @param universalId HD.2
   */
  boolean knows(String name, String universalId) {
    return (!name.isEmpty() && (byName.containsKey(name) || byUniversalId.containsKey(name)))
        || (!universalId.isEmpty() && byUniversalId.containsKey(universalId));
  }

  /** The local name of a system URI, if the registry has one. */
  public Optional<String> namespaceId(String uri) {
    return Optional.ofNullable(byUri.get(uri)).map(Entry::namespaceId);
  }

  /** The URI of a local name. */
  Optional<String> named(String namespaceId) {
    return Optional.ofNullable(byName.get(namespaceId)).map(Entry::uri);
  }

  /** A URI of our own for a name that only its sender knows; {@link #authority} reads it back. */
  static String local(String sender, String name) {
    return OURS + encode(sender.isEmpty() ? "unknown" : sender) + ":" + encode(name);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** The name inside a URI that {@link #local} made. */
  static Optional<String> localName(String uri) {
    int colon = uri.lastIndexOf(':');
    if (!uri.startsWith(OURS) || colon < OURS.length()) {
      return Optional.empty();
    }
    try {
      return Optional.of(URLDecoder.decode(uri.substring(colon + 1), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** A system URI as HD writes it. */
  Authority authority(String uri) {
    Entry known = byUri.get(uri);
    if (known != null) {
      return new Authority(known.namespaceId(), known.universalId(), known.universalIdType());
    }
    Optional<String> local = localName(uri);
    if (local.isPresent()) {
      return new Authority(local.get(), "", "");
    }
    if (uri.startsWith("urn:oid:")) {
      return new Authority("", uri.substring(8), "ISO");
    }
    if (uri.startsWith("urn:uuid:")) {
      return new Authority("", uri.substring(9), "UUID");
    }
    return new Authority("", uri, "URI");
  }
}
