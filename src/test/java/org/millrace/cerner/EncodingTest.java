package org.millrace.cerner;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class EncodingTest {
  private static final URI ROOT = URI.create("https://fhir.example.org/r4/t");
  private final FhirAddresses addresses = new FhirAddresses(ROOT);

  @Provide
  Arbitrary<String> anyText() {
    return Arbitraries.oneOf(
        Arbitraries.strings().all().ofMinLength(1).ofMaxLength(40),
        Arbitraries.strings().withChars("&=?#%+/\\|,$ ;:@'\"<>\u0130ı\r\n\t").ofMinLength(1));
  }

  @Property(tries = 2000)
  void anyNumberArrivesAsOneParameterWithThatValue(@ForAll("anyText") String mrn) {
    if (!FhirAddresses.isText(mrn)) {
      return; // half a surrogate pair is refused before an address is made
    }
    URI uri = addresses.search("Patient", List.of(Parameter.token("identifier", "urn:s", mrn)));
    assertThat(uri.getRawPath()).isEqualTo("/r4/t/Patient");
    assertThat(uri.getRawFragment()).isNull();
    assertThat(uri.toASCIIString()).isEqualTo(uri.toString());

    ScriptedServer.Request arrived =
        new ScriptedServer.Request("GET", uri.getRawPath() + "?" + uri.getRawQuery(), Map.of(), "");
    assertThat(arrived.parameters()).hasSize(1);
    assertThat(arrived.parameters().get(0).getKey()).isEqualTo("identifier");
    assertThat(unescaped(arrived.parameters().get(0).getValue())).isEqualTo("urn:s|" + mrn);
  }

  @Property(tries = 2000)
  void whateverIsTakenForAnIdStaysOneStepOfThePath(@ForAll("anyText") String id) {
    if (FhirAddresses.isId(id)) {
      URI uri = addresses.read("Patient", id).normalize();
      assertThat(uri.getPath()).isEqualTo("/r4/t/Patient/" + id);
    } else {
      assertThat(id)
          .satisfiesAnyOf(
              text -> assertThat(text).matches("(?s).*[^A-Za-z0-9.-].*"),
              text -> assertThat(text.getBytes(StandardCharsets.UTF_8)).hasSizeGreaterThan(64),
              text -> assertThat(text).matches("\\.+"));
    }
  }

  /** The value as a server reads it: only the first bar that is not escaped divides. */
  private static String unescaped(String value) {
    StringBuilder text = new StringBuilder();
    int bars = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\\') {
        i++;
        assertThat(i).as("nothing follows an escape").isLessThan(value.length());
        assertThat("\\,|$").contains(String.valueOf(value.charAt(i)));
        text.append(value.charAt(i));
      } else {
        assertThat(c).isNotIn(',', '$');
        bars += c == '|' ? 1 : 0;
        text.append(c);
      }
    }
    assertThat(bars).isEqualTo(1);
    return text.toString();
  }
}
