package org.millrace.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SenderNamesTest {
  @Test
  void aStarStandsForAnyOfEither() {
    SenderNames names = SenderNames.read("LAB@NORTH, RIS@*, *@EAST");
    assertThat(names.name("LAB@NORTH")).isTrue();
    assertThat(names.name("RIS@SOUTH")).isTrue();
    assertThat(names.name("ADT@EAST")).isTrue();
    assertThat(names.name("LAB@SOUTH")).isFalse();
    assertThat(names.name("lab@NORTH")).isFalse();
    assertThat(SenderNames.ANY.name("LAB@NORTH")).isFalse();
    assertThat(names.written()).isEqualTo("LAB@NORTH, RIS@*, *@EAST");
    assertThat(SenderNames.read("LAB@").name("LAB@")).isTrue();
  }

  @Test
  void twoThatWouldTakeTheSameSenderAreNotToldApart() {
    SenderNames lab = SenderNames.read("LAB@NORTH");
    assertThat(lab.shared(SenderNames.read("LAB@SOUTH"))).isEmpty();
    assertThat(lab.shared(SenderNames.read("*@NORTH"))).contains("LAB@NORTH");
    assertThat(lab.shared(SenderNames.ANY)).isEmpty();
    assertThat(SenderNames.ANY.shared(SenderNames.ANY)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"LAB", "LAB@NORTH@X", "*@*", "@", "L*@NORTH", "LAB@NORTH,"})
  void whatNamesNobodyIsAFault(String text) {
    assertThatThrownBy(() -> SenderNames.read(text)).hasMessageContaining("MSH-3@MSH-4");
  }

  @Test
  void tenantAndSendersStayWithTheFeedInTheJournal() {
    FeedParameters parameters =
        new FeedParameters(
            Map.of("messages", "ORU^R01", "tenant", "north", "senders", "LAB@NORTH"));
    FeedSettings settings = Feed.read("results", parameters, ZoneOffset.UTC).settings();
    assertThat(parameters.faults()).isEmpty();
    assertThat(FeedSettings.read(new FeedParameters(settings.written()))).isEqualTo(settings);
    assertThat(settings.tenancy().tenant()).isEqualTo("north");
    assertThat(FeedSettings.DEFAULT.written()).doesNotContainKeys("tenant", "senders");

    FeedParameters wrong = new FeedParameters(Map.of("messages", "ORU^R01", "tenant", "North!"));
    assertThat(Feed.read("results", wrong, ZoneOffset.UTC).settings().tenancy().tenant()).isEmpty();
    assertThat(wrong.faults()).singleElement().asString().contains("no name of a tenant");
  }
}
