package org.millrace.mllp;

import javax.net.ssl.SSLContext;
import org.apache.camel.CamelContext;
import org.apache.camel.support.jsse.SSLContextParameters;

/** {@link Tls} where Camel wants parameters: routes name it. */
public final class TlsParameters extends SSLContextParameters {
  private final Tls tls;

  TlsParameters(Tls tls) {
    this.tls = tls;
  }

  Tls tls() {
    return tls;
  }

  @Override
  public SSLContext createSSLContext(CamelContext context) {
    return tls.factory().getSslContext();
  }
}
