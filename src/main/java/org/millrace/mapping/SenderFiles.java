package org.millrace.mapping;

import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.millrace.hl7.AcknowledgmentHabits;
import org.millrace.hl7.QueryHabits;
import org.millrace.hl7.ReplyAddress;
import org.millrace.hl7.SenderProfile;
import org.millrace.hl7.Tolerance;
import org.millrace.hl7.V2Charset;

/** Reads the {@code sender.yaml} of a sender's folder: how its messages differ on the wire. */
final class SenderFiles {
  static final String NAME = "sender.yaml";
  private static final Set<String> KEYS =
      Set.of("source", "charset", "tolerate", "refuse", "acknowledge", "query");
  private static final Set<String> QUERY = Set.of("answer-within", "too-many", "deferred");
  private static final Set<String> ACKNOWLEDGE =
      Set.of("mode", "codes", "not-found", "reply-to", "sequence");

  private static final Pattern DURATION = Pattern.compile("([0-9]{1,6})(ms|s)");
  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofSeconds(60);

  private SenderFiles() {}

  /** The profile; what is wrong is a fault of the file, and counts as not said. */
  static SenderProfile read(RuleText text) {
    text.allow(KEYS);
    text.required("source");
    Set<Tolerance> tolerated = departures(text, "tolerate");
    Set<Tolerance> refused = departures(text, "refuse");
    for (Tolerance each : tolerated) {
      if (refused.contains(each)) {
        text.get("refuse")
            .ifPresent(at -> at.fault("'" + each.word() + "' stands under tolerate, too."));
      }
    }
    return new SenderProfile(
        charset(text),
        tolerated,
        refused,
        text.get("acknowledge").map(SenderFiles::acknowledge).orElse(AcknowledgmentHabits.STANDARD),
        text.get("query").map(SenderFiles::query).orElse(QueryHabits.STANDARD));
  }

  private static Set<Tolerance> departures(RuleText text, String key) {
    Set<Tolerance> departures = new LinkedHashSet<>();
    for (RuleText item : text.items(key)) {
      Tolerance.of(item.scalar())
          .ifPresentOrElse(
              departures::add,
              () ->
                  item.fault(
                      "There is no '"
                          + item.scalar()
                          + "' to tolerate or refuse; known are "
                          + Arrays.stream(Tolerance.values())
                              .map(Tolerance::word)
                              .collect(Collectors.joining(", "))
                          + "."));
    }
    return departures;
  }

  private static AcknowledgmentHabits acknowledge(RuleText text) {
    text.allow(ACKNOWLEDGE);
    Optional<RuleText> address = text.get("reply-to");
    if (address.filter(each -> !ReplyAddress.isOne(each.scalar())).isPresent()) {
      address
          .get()
          .fault("This is no address; write lab.hospital.example:6661, or tls:// before it.");
    }
    String mode = word(text, "mode", List.of("as-asked", "original", "none"));
    return new AcknowledgmentHabits(
        AcknowledgmentHabits.Mode.valueOf(mode.toUpperCase(Locale.ROOT).replace('-', '_')),
        word(text, "codes", List.of("standard", "swapped")).equals("swapped"),
        word(text, "not-found", List.of("AA", "AE")).equals("AE"),
        address.map(RuleText::scalar).filter(ReplyAddress::isOne).orElse(""),
        word(text, "sequence", List.of("ignore", "check")).equals("check"));
  }

  private static QueryHabits query(RuleText text) {
    text.allow(QUERY);
    return new QueryHabits(
        text.get("answer-within").flatMap(SenderFiles::duration),
        text.get("too-many")
            .map(said -> word(text, "too-many", List.of("pages", "refuse")).equals("refuse")),
        text.get("deferred")
            .map(said -> word(text, "deferred", List.of("at-once", "refuse")).equals("refuse")));
  }

  /** From 100ms to 60s, as of the setting for all senders. */
  private static Optional<Duration> duration(RuleText text) {
    Matcher said = DURATION.matcher(text.scalar());
    if (said.matches()) {
      long number = Long.parseLong(said.group(1));
      Duration duration =
          said.group(2).equals("s") ? Duration.ofSeconds(number) : Duration.ofMillis(number);
      if (duration.compareTo(SHORTEST) >= 0 && duration.compareTo(LONGEST) <= 0) {
        return Optional.of(duration);
      }
    }
    text.fault("This is no time from 100ms to 60s; write 4s or 800ms.");
    return Optional.empty();
  }

  /** The first word is what holds if the key is not there, or says something else. */
  private static String word(RuleText text, String key, List<String> words) {
    Optional<RuleText> said = text.get(key);
    if (said.isEmpty()) {
      return words.get(0);
    }
    String word = said.get().scalar();
    if (!words.contains(word)) {
      said.get().fault("This must be one of " + String.join(", ", words) + ".");
      return words.get(0);
    }
    return word;
  }

  private static Optional<Charset> charset(RuleText text) {
    Optional<RuleText> said = text.get("charset");
    Optional<Charset> charset = said.flatMap(name -> V2Charset.named(name.scalar()));
    if (said.isPresent() && charset.isEmpty()) {
      said.get()
          .fault(
              "This names no charset that can be read; write it as in MSH-18 (8859/1, UNICODE"
                  + " UTF-8), or as CP1252 or windows-1252.");
    }
    return charset;
  }
}
