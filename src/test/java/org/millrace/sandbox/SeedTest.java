package org.millrace.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A hospital of one's own beside the one that is built in. */
class SeedTest {
  private static Sandbox with(String seed) throws IOException {
    return Sandbox.start(SandboxOptions.defaults().withSeed(seed.replace('\'', '"')));
  }

  @Test
  void whatASeedHoldsIsThereFromTheStartAndAfterEachReset() throws IOException {
    try (Sandbox sandbox =
        with(
            "{'resourceType':'Bundle','entry':[{'resource':{'resourceType':'Patient','id':'777',"
                + "'birthDate':'1980-01-02'}},{'resource':{'resourceType':'Patient',"
                + "'id':'12990001','birthDate':'1981-01-02'}}]}")) {
      Caller caller = new Caller(sandbox).signedIn();
      for (int i = 0; i < 2; i++) {
        assertThat(caller.get("Patient/777").body()).contains("1980-01-02");
        assertThat(caller.get("Patient/12990001").body()).contains("1981-01-02");
        assertThat(caller.read("Patient/777").at("/meta/versionId").asText()).isEqualTo("1");
        assertThat(caller.get("Patient?identifier=900-00-0101").body())
            .as("a number of whom it replaced")
            .doesNotContain("\"entry\"");
        assertThat(caller.get("Patient/12990002").statusCode()).isEqualTo(200);
        caller.control("POST", "/reset", "");
      }
    }
  }

  @Test
  void aPlaceWithAPatientsIdTakesNothingFromThePatient() throws IOException {
    try (Sandbox sandbox = with("[{'resourceType':'Location','id':'12990001'}]")) {
      assertThat(new Caller(sandbox).signedIn().get("Patient?identifier=900-00-0101").body())
          .contains("Patient/12990001");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{'resourceType':'Patient','id':'1'}", "[{'id':'1'}]", "[", "[1]"})
  void aSeedThatIsNoneIsRefusedAtTheStart(String seed) {
    assertThatThrownBy(() -> with(seed)).isInstanceOf(IllegalArgumentException.class);
  }
}
