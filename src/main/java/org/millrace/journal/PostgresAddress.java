package org.millrace.journal;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a PostgreSQL database is, and as whom it is entered.
 *
 * @param servers host and port, several with commas between; as written
 * @param database its name
 * @param options what follows the question mark, as the PostgreSQL JDBC driver takes it; may be
 *     empty
 * @param user empty means the user that runs the engine
 * @param password empty if none is needed
 */
public record PostgresAddress(
    String servers, String database, String options, String user, String password) {
  private static final Pattern URL =
      Pattern.compile(
          "(?:jdbc:)?postgres(?:ql)?://(?:([^:@/?]*)(?::([^@/?]*))?@)?([^@/?]+)/([^/?]+)(?:\\?(.*))?");
  private static final Pattern SECRET_OPTION =
      Pattern.compile("(?i)(?:^|&)(user|password|sslpassword)=");

  /**
   * Reads {@code postgresql://user:password@host:port/database?options}, or the same as a JDBC
   * driver writes it; what user and password hold of special characters is written with percent
   * signs.
   *
   * @param user stands in the place of the one in the URL, if present
   * @param password likewise
   * @throws IllegalArgumentException with a sentence that quotes nothing of it
   */
  public static PostgresAddress read(String url, Optional<String> user, Optional<String> password) {
    Matcher parts = URL.matcher(url.strip());
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "is no address of a PostgreSQL database, for example postgresql://host:5432/millrace");
    }
    String options = parts.group(5) == null ? "" : parts.group(5);
    if (SECRET_OPTION.matcher(options).find()) {
      throw new IllegalArgumentException(
          "must not name user or password behind the question mark; they have settings of their"
              + " own");
    }
    return new PostgresAddress(
        parts.group(3),
        decoded(parts.group(4)),
        options,
        user.orElse(decoded(parts.group(1))),
        password.orElse(decoded(parts.group(2))));
  }

  private static String decoded(@Nullable String part) {
    if (part == null) {
      return "";
    }
    // A plus sign is itself here: only forms of the web write blanks so.
    return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** As it may be shown: without user and password. */
  public String shown() {
    return "postgresql://" + servers + "/" + database;
  }

  /** Without what is secret. */
  @Override
  public String toString() {
    return shown();
  }
}
