package org.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.healtheintent.HealtheIntentSettings;
import org.millrace.healtheintent.HealtheIntentSettings.Account;

class IntentReadingTest {
  private static final String PREFIX = "MILLRACE_HEALTHEINTENT_";

  private static Optional<HealtheIntentSettings> read(Map<String, String> set)
      throws SettingsFaultsException {
    Map<String, String> values = new TreeMap<>();
    values.put("MILLRACE_TENANT_ID", "tenant");
    values.put("MILLRACE_CLIENT_ID", "client");
    values.put("MILLRACE_CLIENT_SECRET", "secret");
    values.put("MILLRACE_JOURNAL_KEY", "none");
    set.forEach((name, value) -> values.put(PREFIX + name, value));
    return Settings.read(SettingsSource.of(values), Path.of("home-of-a-test")).healtheIntent();
  }

  private static Map<String, String> complete() {
    Map<String, String> set = new TreeMap<>();
    set.put("URL", "https://hospital.api.us-1.healtheintent.com/");
    set.put("POPULATION", "population-1");
    set.put("DATA_PARTITION", "partition-1");
    set.put("TOKEN", "word-of-secrecy");
    return set;
  }

  @Test
  void withoutAnAddressItIsNotAsked() throws Exception {
    assertThat(read(Map.of())).isEmpty();
  }

  @Test
  void aTokenOrAConsumerKeyProvesWhoWeAre() throws Exception {
    HealtheIntentSettings bearer = read(complete()).orElseThrow();
    assertThat(bearer.baseUrl()).hasToString("https://hospital.api.us-1.healtheintent.com");
    assertThat(bearer.account()).isEqualTo(new Account.Bearer("word-of-secrecy"));
    assertThat(bearer.limits().lookUpWithin()).isEqualTo(Duration.ofSeconds(4));
    assertThat(bearer.toString()).doesNotContain("word-of-secrecy");

    Map<String, String> signing = complete();
    signing.remove("TOKEN");
    signing.put("CONSUMER_KEY", "key");
    signing.put("CONSUMER_SECRET", "word-of-secrecy");
    signing.put("WITHIN", "2s");
    HealtheIntentSettings consumer = read(signing).orElseThrow();
    assertThat(consumer.account())
        .isEqualTo(
            new Account.Consumer(
                "key", "word-of-secrecy", URI.create("https://api.cernercare.com/oauth/access")));
    assertThat(consumer.limits().lookUpWithin()).isEqualTo(Duration.ofSeconds(2));
    assertThat(consumer.toString()).doesNotContain("word-of-secrecy");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "URL~~TOKEN~is set, but MILLRACE_HEALTHEINTENT_URL is not",
        "URL~http://hospital.example~URL~must be https",
        "URL~https://hospital.example/x?y=1~URL~no question mark",
        "POPULATION~~POPULATION~is not set",
        "DATA_PARTITION~a/b~DATA_PARTITION~is no id",
        "TOKEN~~TOKEN~is not set; set it or MILLRACE_HEALTHEINTENT_TOKEN_FILE",
        "CONSUMER_KEY~key~TOKEN~stands beside a consumer key",
        "CONNECTIONS~0~CONNECTIONS~1 to 256",
        "ACCESS_URL~http://hospital.example/access~ACCESS_URL~must be https"
      })
  void whatIsAtFaultIsToldAtTheStart(String name, String value, String told, String said) {
    Map<String, String> set = complete();
    set.put(name, value == null ? "" : value);
    assertThatThrownBy(() -> read(set))
        .isInstanceOfSatisfying(
            SettingsFaultsException.class,
            fault ->
                assertThat(String.join("\n", fault.faults()))
                    .contains(PREFIX + told)
                    .contains(said)
                    .doesNotContain("word-of-secrecy"));
  }
}
