package org.millrace.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a route file may say of its feed, and how it is told what is wrong. */
class FeedParametersTest {

  private static FeedParameters of(String... namesAndValues) {
    Map<String, String> written = new HashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      written.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return new FeedParameters(written);
  }

  private static Feed read(FeedParameters parameters) {
    return Feed.read("results", parameters, ZoneOffset.UTC);
  }

  @Test
  void whatIsNotSaidHasItsDefault() {
    FeedParameters parameters = of("messages", "ORU^R01, ORU^R40");

    Feed feed = read(parameters);

    assertThat(parameters.faults()).isEmpty();
    assertThat(feed.messageTypes()).containsExactlyInAnyOrder("ORU^R01", "ORU^R40");
    assertThat(feed.zone()).isEqualTo(ZoneOffset.UTC);
    assertThat(feed.charset()).isEmpty();
    assertThat(feed.settings()).isEqualTo(FeedSettings.DEFAULT);
  }

  @Test
  void noRouteFileTakesTheNameOfAnHttpFace() {
    FeedParameters parameters = of("messages", "ORU^R01");
    Feed.read("/fhir/r4", parameters, ZoneOffset.UTC);
    assertThat(parameters.faults()).singleElement().asString().contains("begins with a slash");
  }

  @Test
  void whatIsSaidHolds() {
    FeedParameters parameters =
        of(
            "messages",
            "ORU^R01",
            "zone",
            "America/Denver",
            "charset",
            "windows-1252",
            "reused-control-id",
            "refuse");

    Feed feed = read(parameters);

    assertThat(parameters.faults()).isEmpty();
    assertThat(feed.zone()).isEqualTo(ZoneId.of("America/Denver"));
    assertThat(feed.charset()).contains(Charset.forName("windows-1252"));
    assertThat(feed.settings().acceptance().reusedControlId())
        .isEqualTo(FeedSettings.ReusedControlId.REFUSE);
  }

  @Test
  void timesToKeepMessagesForAreDaysOrForever() {
    FeedParameters parameters =
        of("messages", "ORU^R01", "keep-content", "30d", "keep-metadata", "forever");
    FeedSettings settings = read(parameters).settings();

    assertThat(parameters.faults()).isEmpty();
    assertThat(settings.keeping().content()).contains(Duration.ofDays(30));
    assertThat(settings.keeping().metadata()).contains(Retention.FOREVER);
    assertThat(FeedSettings.read(new FeedParameters(settings.written()))).isEqualTo(settings);

    FeedParameters wrong =
        of("messages", "ORU^R01", "keep-content", "a month", "keep-metadata", "2d");
    read(wrong);
    assertThat(wrong.faults())
        .anySatisfy(fault -> assertThat(fault).startsWith("keep-content is no time to keep"))
        .anySatisfy(
            fault -> assertThat(fault).isEqualTo("keep-metadata is out of bounds: at least 7d"));
    FeedParameters turned = of("messages", "ORU^R01", "keep-content", "30d", "keep-metadata", "7d");
    read(turned);
    assertThat(turned.faults())
        .singleElement()
        .asString()
        .startsWith("keep-metadata is shorter than keep-content");
  }

  @Test
  void whatStaysInOrderIsOneOfFewWords() {
    FeedSettings settings = FeedSettings.read(of("lane", "visit", "held", "same-report"));

    assertThat(settings.ordering().lane()).isEqualTo(FeedSettings.LaneOf.VISIT);
    assertThat(settings.ordering().held()).isEqualTo(FeedSettings.Held.SAME_REPORT);
    assertThat(FeedSettings.read(new FeedParameters(settings.written()))).isEqualTo(settings);
    assertThat(FeedSettings.DEFAULT.ordering())
        .isEqualTo(
            new FeedSettings.Ordering(FeedSettings.LaneOf.PATIENT, FeedSettings.Held.SAME_REPORT));

    FeedParameters wrong = of("messages", "ORU^R01", "lane", "ward", "held", "wait");
    read(wrong);
    assertThat(wrong.faults())
        .containsExactly(
            "lane must be one of patient, visit, order, connection, none",
            "held must be one of same-report, block, pass");
  }

  @Test
  void everythingThatIsWrongIsToldAtOnce() {
    FeedParameters parameters =
        of(
            "messages",
            "ORU-R01,ORU^R01",
            "zone",
            "Denver",
            "charset",
            "cp1252x",
            "reused-control-id",
            "never",
            "mesages",
            "x",
            "colour",
            "red");

    Feed feed = read(parameters);

    assertThat(feed.messageTypes()).containsExactly("ORU^R01");
    assertThat(parameters.faults())
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .isEqualTo("messages holds no message type in 'ORU-R01'; write ORU^R01"),
            line -> assertThat(line).startsWith("zone is no time zone"),
            line -> assertThat(line).startsWith("charset is no charset"),
            line -> assertThat(line).isEqualTo("reused-control-id must be one of deliver, refuse"),
            line -> assertThat(line).startsWith("colour is no parameter of a feed; there are "),
            line ->
                assertThat(line)
                    .isEqualTo("mesages is no parameter of a feed; is messages meant?"));
  }

  @Test
  void aFeedWithoutTypesIsAFault() {
    FeedParameters parameters = of("zone", "Z");

    assertThat(read(parameters).messageTypes()).isEmpty();
    assertThat(parameters.faults()).singleElement().asString().startsWith("messages is missing");
  }

  @Test
  void aPlaceholderIsLeftToTheStart() {
    FeedParameters parameters = of("messages", "{{types}}", "zone", "{{millrace.zone}}");

    assertThat(read(parameters).zone()).isEqualTo(ZoneOffset.UTC);
    assertThat(parameters.faults()).isEmpty();
  }

  @Test
  void namesAreTheSameWithDashesAndInCamelCase() {
    FeedParameters parameters = of("messages", "ORU^R01", "reusedControlId", "refuse");

    assertThat(read(parameters).settings().acceptance().reusedControlId())
        .isEqualTo(FeedSettings.ReusedControlId.REFUSE);
    assertThat(parameters.faults()).isEmpty();
  }

  @Test
  void durationsHaveLimits() {
    FeedParameters parameters = of("a", "5s", "b", "5", "c", "5m");
    Duration most = Duration.ofMinutes(1);

    assertThat(parameters.duration("a", most, Duration.ZERO, most)).hasSeconds(5);
    assertThat(parameters.duration("b", most, Duration.ZERO, most)).isEqualTo(most);
    assertThat(parameters.duration("c", most, Duration.ZERO, most)).isEqualTo(most);
    assertThat(parameters.faults())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("b is no duration"),
            line -> assertThat(line).isEqualTo("c is out of bounds: 0s to 1m"));
  }

  @Test
  void whatIsWrittenIsReadBackTheSame() {
    Map<String, String> written = FeedSettings.DEFAULT.written();
    assertThat(written).isNotEmpty();
    assertThat(SettingsJson.read(SettingsJson.write(FeedSettings.DEFAULT)))
        .isEqualTo(FeedSettings.DEFAULT);
    FeedSettings other =
        FeedSettings.read(
            of(
                "reused-control-id",
                "refuse",
                "ack",
                "delivered",
                "ack-within",
                "1500ms",
                "ack-late",
                "AE",
                "strict",
                "true"));
    assertThat(other.written())
        .containsEntry("ack-within", "1500ms")
        .containsEntry("ack-late", "ae");
    assertThat(other).isNotEqualTo(FeedSettings.DEFAULT);
    assertThat(SettingsJson.read(SettingsJson.write(other))).isEqualTo(other);
  }

  @Test
  void settingsThatMeanNothingWithoutAnotherAreFaults() {
    FeedParameters parameters = of("messages", "ORU^R01", "ack-within", "5s");

    assertThat(read(parameters).settings().acknowledging().mode())
        .isEqualTo(FeedSettings.Acknowledge.STORED);
    assertThat(parameters.faults()).singleElement().asString().startsWith("ack must be delivered");
  }

  @Test
  void howLongAMessageIsTriedIsATimeOrWithoutEnd() {
    assertThat(FeedSettings.DEFAULT.retrying().retryFor()).isEmpty();
    FeedSettings bounded = FeedSettings.read(of("retry-for", "4h"));
    assertThat(bounded.retrying().retryFor()).contains(Duration.ofHours(4));
    assertThat(SettingsJson.read(SettingsJson.write(bounded))).isEqualTo(bounded);
    assertThat(FeedSettings.read(of("retry-for", "without-end"))).isEqualTo(FeedSettings.DEFAULT);

    FeedParameters wrong = of("messages", "ORU^R01", "retry-for", "1s");
    read(wrong);
    assertThat(wrong.faults()).containsExactly("retry-for is out of bounds: 1m to 30d");
  }

  @Test
  void theJournalOfANewerEngineIsReadWithoutWhatThisOneDoesNotKnow() {
    assertThat(SettingsJson.read("{\"reused-control-id\":\"refuse\",\"later\":\"x\"}"))
        .isEqualTo(FeedSettings.read(of("reused-control-id", "refuse")));
  }
}
