package org.millrace;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What a test waits for comes within moments; a busy machine with a slow disk may hold it up for
 * longer than any moment. No wait tells how fast Millrace is, so none ends before this.
 */
public final class LongWaits implements BeforeAllCallback {
  private static final Duration LONGEST = Duration.ofSeconds(60);

  @Override
  public void beforeAll(ExtensionContext context) {
    Awaitility.setDefaultTimeout(LONGEST);
  }
}
