package org.millrace.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.millrace.mllp.TlsCheck;
import org.millrace.mllp.TlsOut;
import picocli.CommandLine.Option;

/** Whom a TLS client trusts, and as whom it comes. */
final class TlsOptions {
  @Option(
      names = "--authorities",
      paramLabel = "FILE",
      description = "PEM of the authorities that are trusted; the JDK's if absent.")
  private @Nullable Path authorities;

  @Option(
      names = "--certificate",
      paramLabel = "FILE",
      description = "PEM of our certificate, for servers that want one.")
  private @Nullable Path certificate;

  @Option(names = "--key", paramLabel = "FILE", description = "PEM of its private key.")
  private @Nullable Path key;

  Optional<Path> authorities() {
    return Optional.ofNullable(authorities);
  }

  Optional<TlsCheck.Identity> identity() throws PlainException {
    if (certificate == null && key == null) {
      return Optional.empty();
    }
    if (certificate == null || key == null) {
      throw new PlainException("--certificate and --key go together");
    }
    return Optional.of(new TlsCheck.Identity(certificate, key));
  }

  /**
   * What a connection is made with.
   *
   * @param wanted empty without it
   * @throws PlainException if a file cannot be used, or one is given without TLS
   */
  Optional<TlsOut> out(boolean wanted) throws PlainException {
    Optional<TlsCheck.Identity> identity = identity();
    if (!wanted) {
      if (identity.isPresent() || authorities().isPresent()) {
        throw new PlainException("--authorities, --certificate and --key go with --tls");
      }
      return Optional.empty();
    }
    try {
      return Optional.of(TlsOut.of(authorities(), identity));
    } catch (IllegalArgumentException faulty) {
      throw unreadable();
    }
  }

  static PlainException unreadable() {
    return new PlainException("a file of certificates or keys cannot be read; is it PEM?");
  }
}
