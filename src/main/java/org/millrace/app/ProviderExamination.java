package org.millrace.app;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.millrace.app.Finding.Who;
import org.millrace.guard.ProviderCheck;
import org.millrace.guard.ProviderSettings;

/** Whether people can be sent to the OpenID provider by which they log in at the console. */
final class ProviderExamination {
  private static final Duration WITHIN = Duration.ofSeconds(10);

  private ProviderExamination() {}

  /** One finding for each step; its name begins with {@code log-in}. */
  static List<Finding> of(ProviderSettings provider, Clock clock) {
    List<Finding> findings = new ArrayList<>(new HostCheck(WITHIN, clock).check(provider.issuer()));
    boolean reached = findings.stream().noneMatch(each -> each.verdict() == Finding.Verdict.BAD);
    findings.add(
        reached
            ? document(provider)
            : Finding.skipped("discovery", "Not tried: the provider cannot be reached."));
    return findings.stream().map(each -> each.of("log-in")).toList();
  }

  private static Finding document(ProviderSettings provider) {
    try {
      return Finding.good(
          "discovery",
          "People can be sent to " + ProviderCheck.look(provider) + "; its keys can be read.");
    } catch (IOException bad) {
      return Finding.bad(
          "discovery",
          "Nobody can log in by " + provider.title() + ": " + bad.getMessage(),
          Who.SITE,
          "check MILLRACE_CONSOLE_OIDC_ISSUER: it is written as the provider's document names it;"
              + " accounts of the journal let people in meanwhile");
    }
  }
}
