package org.millrace.cerner;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Addresses below the service root, and nothing else: no id and no value can reach another path or
 * parameter. Immutable.
 */
final class FhirAddresses {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9\\-.]{1,64}");
  private static final Pattern DOTS = Pattern.compile("\\.+");
  private static final Pattern TYPE = Pattern.compile("[A-Z][A-Za-z]{2,40}");

  /** What may stand in an address as it is; everything else in a page link gets encoded. */
  private static final Pattern NOT_OF_A_URI =
      Pattern.compile("[^A-Za-z0-9\\-._~:/?#@!$&'()*+,;=%]");

  private final URI root;

  FhirAddresses(URI fhirBaseUrl) {
    String text = fhirBaseUrl.toString();
    root = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
  }

  URI root() {
    return root;
  }

  /** Whether it can be the id of a resource; {@code ..} fits the letters and would be a path. */
  static boolean isId(String id) {
    return ID.matcher(id).matches() && !DOTS.matcher(id).matches();
  }

  /**
   * Whether it can be written in an address: half a surrogate pair would arrive as another text.
   */
  static boolean isText(String value) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(value);
  }

  URI type(String type) {
    return URI.create(root + "/" + type);
  }

  URI read(String type, String id) {
    if (!isId(id)) {
      throw new IllegalArgumentException("no id of a resource");
    }
    return URI.create(root + "/" + type + "/" + id);
  }

  URI search(String type, List<Parameter> parameters) {
    String query =
        parameters.stream()
            .map(parameter -> encoded(parameter.name()) + "=" + encoded(parameter.value()))
            .collect(Collectors.joining("&"));
    return URI.create(root + "/" + type + "?" + query);
  }

  URI below(String path) {
    return URI.create(root + "/" + path);
  }

  /** A search without its values: {@code Patient?family&given}. */
  static String searchTemplate(String type, List<Parameter> parameters) {
    return type
        + "?"
        + parameters.stream()
            .map(Parameter::name)
            .filter(name -> !name.equals("_count"))
            .distinct()
            .collect(Collectors.joining("&"));
  }

  /**
   * As form and query values are written, a blank as {@code %20}: Cerner's token server asks so.
   */
  static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /**
   * A page link as an address of ours; empty if it leads to another origin or out of the service
   * root, where the token must not go.
   */
  Optional<URI> page(String link) {
    Matcher odd = NOT_OF_A_URI.matcher(link);
    URI target;
    try {
      target = URI.create(root + "/").resolve(odd.replaceAll(found -> encoded(found.group())));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    return sameOrigin(target) && belowRoot(target) ? Optional.of(target) : Optional.empty();
  }

  /** Whether an address of ours is {@code Binary/$operation}, with parameters or without. */
  boolean isOperationOnBinary(URI address) {
    return path(address).substring(path(root).length()).matches("/Binary/(\\$|%24)[a-z-]{1,60}");
  }

  /** {@code Encounter?page}; only {@code page} where the link does not say the type. */
  String pageTemplate(URI page) {
    return pageType(page).map(type -> type + "?page").orElse("page");
  }

  Optional<String> pageType(URI page) {
    String rest = path(page).substring(path(root).length());
    String type = rest.startsWith("/") ? rest.substring(1) : rest;
    return TYPE.matcher(type).matches() ? Optional.of(type) : Optional.empty();
  }

  private boolean sameOrigin(URI target) {
    return target.getRawUserInfo() == null
        && target.getRawFragment() == null
        && lower(target.getScheme()).equals(lower(root.getScheme()))
        && !lower(target.getHost()).isEmpty()
        && lower(target.getHost()).equals(lower(root.getHost()))
        && port(target) == port(root);
  }

  private boolean belowRoot(URI target) {
    String path = path(target);
    String lower = lower(path);
    boolean wanders =
        path.contains("/../")
            || path.endsWith("/..")
            || path.contains("/./")
            || lower.contains("%2e")
            || lower.contains("%2f")
            || lower.contains("%5c");
    return !wanders && (path.equals(path(root)) || path.startsWith(path(root) + "/"));
  }

  private static String path(URI uri) {
    String path = uri.getRawPath();
    return path == null ? "" : path;
  }

  private static String lower(@Nullable String text) {
    return text == null ? "" : text.toLowerCase(Locale.ROOT);
  }

  private static int port(URI uri) {
    if (uri.getPort() != -1) {
      return uri.getPort();
    }
    return lower(uri.getScheme()).equals("https") ? 443 : 80;
  }
}
