package org.millrace.app;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.millrace.alert.AlertSettings;
import org.millrace.alert.MailAccount;

/** Reads from when on something is the matter, and who is told. */
final class AlertReading {
  private static final String SERVER = "MILLRACE_ALERT_MAIL_SERVER";
  private static final String TLS = "MILLRACE_ALERT_MAIL_TLS";
  private static final String USER = "MILLRACE_ALERT_MAIL_USER";
  private static final String PASSWORD = "MILLRACE_ALERT_MAIL_PASSWORD";
  private static final String FROM = "MILLRACE_ALERT_MAIL_FROM";
  private static final String TO = "MILLRACE_ALERT_MAIL_TO";
  private static final String ADDRESS = "[^@\\s,;<>\"()]+@[^@\\s,;<>\"()]+";
  private static final int MOST = 1_000_000;
  private static final Duration WEEK = Duration.ofDays(7);

  private AlertReading() {}

  static AlertSettings read(SettingsReader reader) {
    AlertSettings.OfFeeds feeds = AlertSettings.DEFAULT.feeds();
    AlertSettings.OfEngine engine = AlertSettings.DEFAULT.engine();
    return new AlertSettings(
        new AlertSettings.OfFeeds(
            reader.duration("MILLRACE_ALERT_QUEUE_AGE", feeds.queueAge(), Duration.ZERO, WEEK),
            count(reader, "MILLRACE_ALERT_HELD", feeds.held(), 0, MOST),
            count(reader, "MILLRACE_ALERT_OUTCOME_UNKNOWN", feeds.unknown(), 0, MOST),
            new AlertSettings.Share(
                count(reader, "MILLRACE_ALERT_REFUSED_PERCENT", feeds.refused().percent(), 0, 100),
                count(reader, "MILLRACE_ALERT_REFUSED_LEAST", feeds.refused().least(), 1, MOST)),
            reader.duration(
                "MILLRACE_ALERT_SILENCE", feeds.silence(), Duration.ZERO, Duration.ofDays(1))),
        new AlertSettings.OfEngine(
            count(reader, "MILLRACE_ALERT_CERTIFICATE_DAYS", engine.certificateDays(), 0, 366),
            count(
                reader, "MILLRACE_ALERT_DISK_MB", Math.toIntExact(engine.diskMegabytes()), 0, MOST),
            reader.duration(
                "MILLRACE_ALERT_CERNER_PAUSED", engine.cernerPaused(), Duration.ZERO, WEEK)),
        reader.duration(
            "MILLRACE_ALERT_QUIET",
            AlertSettings.DEFAULT.quiet(),
            Duration.ofMinutes(1),
            Duration.ofDays(1)),
        reader.shaped(
            "MILLRACE_ALERT_RUN_BOOK",
            AlertSettings.DEFAULT.runBook(),
            "[^\\s#]+",
            "is no address: blanks and # cannot stand in it"),
        mail(reader));
  }

  private static int count(SettingsReader reader, String name, int byDefault, int least, int most) {
    return (int)
        reader.number(name, byDefault, least, most, "is no number, " + least + " to " + most);
  }

  private static Optional<MailAccount> mail(SettingsReader reader) {
    Optional<HostPort> place = reader.read(SERVER, AlertReading::place);
    MailAccount.Secrecy secrecy = reader.choice(TLS, MailAccount.Secrecy.STARTTLS);
    Optional<MailAccount.Login> login = login(reader, secrecy);
    Optional<String> from = reader.read(FROM, AlertReading::address);
    Optional<List<String>> to = reader.read(TO, AlertReading::addresses);
    if (reader.text(SERVER).isEmpty()) {
      for (String name : List.of(USER, FROM, TO)) {
        if (reader.text(name).isPresent()) {
          reader.fault(name, "is set, but " + SERVER + " is not");
        }
      }
      return Optional.empty();
    }
    for (String name : List.of(FROM, TO)) {
      if (reader.text(name).isEmpty()) {
        reader.fault(SERVER, "is set, but " + name + " is not");
      }
    }
    return place.map(
        at ->
            new MailAccount(
                new MailAccount.Server(at.host(), at.port(), secrecy),
                login,
                from.orElse(""),
                to.orElse(List.of())));
  }

  private static Optional<MailAccount.Login> login(
      SettingsReader reader, MailAccount.Secrecy secrecy) {
    Optional<String> user = reader.text(USER);
    Optional<String> password = reader.secret(PASSWORD);
    if (user.isPresent() != password.isPresent()) {
      reader.fault(
          user.isPresent() ? USER : PASSWORD,
          "is set, but " + (user.isPresent() ? PASSWORD : USER) + " is not");
    }
    if (password.isPresent() && secrecy == MailAccount.Secrecy.NONE) {
      reader.fault(TLS, "is none, and a password would go over the network in plain text");
    }
    return user.flatMap(name -> password.map(word -> new MailAccount.Login(name, word)));
  }

  private record HostPort(String host, int port) {}

  private static HostPort place(String text) {
    Matcher form = Pattern.compile("([A-Za-z0-9.-]+|\\[[0-9a-fA-F:]+]):(\\d{1,5})").matcher(text);
    if (!form.matches() || Integer.parseInt(form.group(2)) > 65535) {
      throw new IllegalArgumentException(
          "is no mail server; write host and port, for example mail.hospital.example:587");
    }
    return new HostPort(form.group(1), Integer.parseInt(form.group(2)));
  }

  private static String address(String text) {
    if (!text.matches(ADDRESS)) {
      throw new IllegalArgumentException(
          "is no e-mail address, for example millrace@hospital.example");
    }
    return text;
  }

  private static List<String> addresses(String text) {
    return Arrays.stream(text.split(",")).map(String::strip).map(AlertReading::address).toList();
  }
}
