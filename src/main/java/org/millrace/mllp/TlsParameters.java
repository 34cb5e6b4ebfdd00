package org.millrace.mllp;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509ExtendedKeyManager;
import org.apache.camel.CamelContext;
import org.apache.camel.support.jsse.KeyManagersParameters;
import org.apache.camel.support.jsse.KeyStoreParameters;
import org.apache.camel.support.jsse.SSLContextParameters;

/** {@link Tls} where Camel wants parameters: routes name it, and its HTTP server starts with it. */
public final class TlsParameters extends SSLContextParameters {
  private final Tls tls;

  TlsParameters(Tls tls) {
    this.tls = tls;
    // The HTTP server asks for a store, and nothing else, before it opens.
    String ofMemory = UUID.randomUUID().toString();
    KeyManagersParameters keys = new KeyManagersParameters();
    keys.setKeyPassword(ofMemory);
    keys.setKeyStore(
        new KeyStoreParameters() {
          @Override
          public KeyStore createKeyStore() throws GeneralSecurityException {
            return store(tls.keys(), ofMemory.toCharArray());
          }
        });
    setKeyManagers(keys);
  }

  private static KeyStore store(X509ExtendedKeyManager keys, char[] password)
      throws GeneralSecurityException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, password);
      for (String alias : Tls.aliases(keys)) {
        store.setKeyEntry(
            alias, keys.getPrivateKey(alias), password, keys.getCertificateChain(alias));
      }
      return store;
    } catch (IOException never) {
      throw new GeneralSecurityException("an empty store could not be made", never);
    }
  }

  Tls tls() {
    return tls;
  }

  @Override
  public SSLContext createSSLContext(CamelContext context) {
    return tls.factory().getSslContext();
  }
}
