package org.millrace.cerner;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.millrace.cerner.Ask.Kind;

class AskTest {
  private static String action(Kind kind, String type) {
    URI address = URI.create("http://cerner.test/r4/Patient/9900101?family=ZZTEST");
    return new Ask(kind, type, HttpCall.get(address, "Patient/{id}", "*/*")).action();
  }

  @Test
  void anActionIsNamedByVerbAndTypeAndNothingElse() {
    assertThat(action(Kind.READ, "Patient")).isEqualTo("read Patient");
    assertThat(action(Kind.SEARCH, "Encounter")).isEqualTo("search Encounter");
    assertThat(action(Kind.SEARCH_BY_TRAITS, "Patient")).isEqualTo("search Patient");
    assertThat(action(Kind.CREATE, "DocumentReference")).isEqualTo("create DocumentReference");
    assertThat(action(Kind.UPDATE, "DocumentReference")).isEqualTo("update DocumentReference");
    assertThat(action(Kind.SEARCH, "")).isEqualTo("search");
  }
}
