package org.millrace.app;

import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.millrace.mllp.Tls;
import org.millrace.mllp.TlsOut;
import org.millrace.trace.Metric;

/** Opens the certificates of the engine, and says which setting is at fault. */
final class OwnTls {

  private OwnTls() {}

  /** What we show to who connects to us; empty where everything is plain text. */
  static Optional<Tls> open(Listeners listeners, MeterRegistry metrics, Clock clock)
      throws StartException {
    try {
      Optional<Tls> tls = listeners.tls().map(Tls::open);
      tls.ifPresent(
          open ->
              Metric.TLS_CERTIFICATE_LEFT.shows(
                  metrics, () -> Duration.between(clock.instant(), open.expires()).toSeconds()));
      return tls;
    } catch (IllegalArgumentException faulty) {
      throw new StartException("MILLRACE_TLS_CERTIFICATE: " + faulty.getMessage(), faulty);
    }
  }

  /**
   * What we believe of, and show to, whom we connect to.
   *
   * @param authorities a file of certificates; those of the JVM if empty
   */
  static TlsOut out(Optional<Tls> own, Optional<Path> authorities) throws StartException {
    try {
      return TlsOut.as(own, authorities);
    } catch (IllegalArgumentException faulty) {
      throw new StartException(Settings.SERVER_AUTHORITIES + ": " + faulty.getMessage(), faulty);
    }
  }
}
