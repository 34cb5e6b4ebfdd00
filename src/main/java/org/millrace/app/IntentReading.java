package org.millrace.app;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.millrace.healtheintent.HealtheIntentSettings;
import org.millrace.healtheintent.HealtheIntentSettings.Account;
import org.millrace.healtheintent.HealtheIntentSettings.Limits;

/** Reads what reaches HealtheIntent; nothing is asked of it unless its address is set. */
final class IntentReading {
  private static final String URL = "MILLRACE_HEALTHEINTENT_URL";
  private static final String TOKEN = "MILLRACE_HEALTHEINTENT_TOKEN";
  private static final String KEY = "MILLRACE_HEALTHEINTENT_CONSUMER_KEY";
  private static final String SECRET = "MILLRACE_HEALTHEINTENT_CONSUMER_SECRET";
  private static final String ACCESS = "MILLRACE_HEALTHEINTENT_ACCESS_URL";
  private static final String POPULATION = "MILLRACE_HEALTHEINTENT_POPULATION";
  private static final String PARTITION = "MILLRACE_HEALTHEINTENT_DATA_PARTITION";
  private static final String FILE = "_FILE";
  private static final URI USUAL_ACCESS = URI.create("https://api.cernercare.com/oauth/access");

  private IntentReading() {}

  /**
   * @param mrnSystem of the site's record numbers
   */
  static Optional<HealtheIntentSettings> read(SettingsReader reader, String mrnSystem) {
    Optional<URI> url = reader.url(URL);
    String population = id(reader, POPULATION);
    String partition = id(reader, PARTITION);
    Optional<String> token = reader.secret(TOKEN);
    String key = reader.text(KEY, "");
    Optional<String> secret = reader.secret(SECRET);
    Optional<URI> access = reader.url(ACCESS);
    reader.known(ACCESS, "URL", USUAL_ACCESS.toString());
    Limits limits = limits(reader);
    if (url.isEmpty()) {
      if (reader.text(URL).isEmpty()) {
        List.of(POPULATION, PARTITION, TOKEN, TOKEN + FILE, KEY, SECRET, SECRET + FILE).stream()
            .filter(name -> reader.text(name).isPresent())
            .forEach(name -> reader.fault(name, "is set, but " + URL + " is not"));
      }
      return Optional.empty();
    }
    if (url.get().getRawQuery() != null) {
      reader.fault(URL, "is where the APIs begin, so it has no question mark");
    }
    secure(reader, URL, url.get());
    access.ifPresent(address -> secure(reader, ACCESS, address));
    needed(reader, POPULATION, "the id of the population that is asked");
    needed(reader, PARTITION, "the id of the data partition of Millennium's records");
    if (token.isPresent() && (!key.isEmpty() || secret.isPresent())) {
      reader.fault(
          TOKEN, "stands beside a consumer key or secret; set the token, or both of these");
    } else if (token.isEmpty() && (key.isEmpty() || secret.isEmpty())) {
      reader.fault(
          TOKEN, "is not set; set it or " + TOKEN + FILE + ", or " + KEY + " and " + SECRET);
    }
    Account account =
        token.isPresent()
            ? new Account.Bearer(token.get())
            : new Account.Consumer(key, secret.orElse(""), access.orElse(USUAL_ACCESS));
    return Optional.of(
        new HealtheIntentSettings(url.get(), population, partition, account, mrnSystem, limits));
  }

  /** The token goes along with each request. */
  private static void secure(SettingsReader reader, String name, URI url) {
    boolean loopback = List.of("127.0.0.1", "localhost", "[::1]").contains(url.getHost());
    if (!loopback && !url.getScheme().equals("https")) {
      reader.fault(name, "must be https; only on loopback http will do");
    }
  }

  private static void needed(SettingsReader reader, String name, String what) {
    if (reader.text(name).isEmpty()) {
      reader.fault(name, "is not set; it is " + what);
    }
  }

  private static String id(SettingsReader reader, String name) {
    return reader.shaped(
        name, "", "[A-Za-z0-9._-]{1,64}", "is no id; it holds letters, digits, dots and dashes");
  }

  private static Limits limits(SettingsReader reader) {
    Limits standard = Limits.DEFAULT;
    return new Limits(
        reader.duration(
            "MILLRACE_HEALTHEINTENT_WITHIN",
            standard.lookUpWithin(),
            Duration.ofMillis(100),
            Duration.ofMinutes(1)),
        standard.connectWithin(),
        (int)
            reader.number(
                "MILLRACE_HEALTHEINTENT_CONNECTIONS",
                standard.connections(),
                1,
                256,
                "is no number of connections, 1 to 256"),
        standard.mostItems(),
        standard.pageSize(),
        standard.answerBytes());
  }
}
