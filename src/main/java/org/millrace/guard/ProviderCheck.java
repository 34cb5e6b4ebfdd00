package org.millrace.guard;

import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import java.io.IOException;
import java.net.URI;

/** Looks whether people could log in by a provider, without sending anybody there. */
public final class ProviderCheck {
  private ProviderCheck() {}

  /**
   * Reads what the provider says of itself, and its keys.
   *
   * @return where people would be sent
   * @throws IOException with a sentence that says what is wrong
   */
  public static URI look(ProviderSettings settings) throws IOException {
    IssuerDocuments documents = new IssuerDocuments();
    IssuerDocuments.Described said = documents.described(settings.issuer());
    OIDCProviderMetadata read = Provider.read(settings.issuer(), said.text());
    boolean none =
        documents.keys(said.server().keys()).getKeys().stream().noneMatch(Provider::isStrong);
    if (none) {
      throw new IOException("there is no key of 2048 bits or a curve at " + said.server().keys());
    }
    return read.getAuthorizationEndpointURI();
  }
}
