package org.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TraceSettingsTest {
  private static TraceSettings read(Map<String, String> values) throws SettingsFaultsException {
    SettingsReader reader = new SettingsReader(SettingsSource.of(values));
    TraceSettings settings = TraceSettings.read(reader);
    reader.finishPart();
    return settings;
  }

  @Test
  void withACollectorEachIsTracedUnlessAShareIsSaid() throws Exception {
    String url = "http://127.0.0.1:4318";

    assertThat(read(Map.of("MILLRACE_OTLP_URL", url)).oneIn()).isEqualTo(1);
    TraceSettings share = read(Map.of("MILLRACE_OTLP_URL", url, "MILLRACE_TRACE_ONE_IN", "100"));
    assertThat(share.oneIn()).isEqualTo(100);
    assertThat(share.collector()).contains(URI.create(url));
  }

  @Test
  void aShareOfNothingIsAFault() {
    assertThatThrownBy(() -> read(Map.of("MILLRACE_TRACE_ONE_IN", "100")))
        .isInstanceOf(SettingsFaultsException.class)
        .hasMessageContaining("MILLRACE_OTLP_URL is not");
  }

  @Test
  void aShareIsAWholeNumberFromOne() {
    assertThatThrownBy(
            () ->
                read(
                    Map.of(
                        "MILLRACE_OTLP_URL", "http://127.0.0.1:4318",
                        "MILLRACE_TRACE_ONE_IN", "0")))
        .isInstanceOf(SettingsFaultsException.class)
        .hasMessageContaining("MILLRACE_TRACE_ONE_IN");
  }
}
