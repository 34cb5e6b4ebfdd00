package org.millrace.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.guard.PlayedProvider;
import org.millrace.guard.Role;

/**
 * The way to the provider and back in a real browser: cookies, redirects and the rules of pages
 * between two sites.
 */
@Timeout(180)
final class ProviderInABrowserTest {
  @TempDir private Path folder;
  private PlayedProvider provider;
  private ConsoleBench bench;
  private Chromium chromium;

  @BeforeEach
  void open() throws Exception {
    Assumptions.assumeTrue(
        Chromium.installed(), "chromium and chromedriver are not installed (apt: chromium-driver)");
    provider = new PlayedProvider();
    bench = ConsoleBench.withProvider(folder.resolve("journal"), provider.settings());
    chromium = Chromium.start(folder);
  }

  @AfterEach
  void close() throws Exception {
    if (bench != null) {
      chromium.close();
      bench.close();
      provider.close();
    }
  }

  private void go(String path) throws Exception {
    chromium.go(bench.browser.root() + path);
  }

  private String text(String selector) throws Exception {
    return chromium
        .run("return (document.querySelector('" + selector + "') || {}).textContent || ''")
        .asText();
  }

  @Test
  void theWholeWayIsGoneByKeyboardAndBack() throws Exception {
    bench.accept("C1");
    go("/messages?state=RECEIVED");
    await().until(() -> chromium.address().contains("/log-in?to="));
    chromium.run("document.querySelector('a.strong').focus()");
    chromium.press("\uE007");
    await().until(() -> chromium.address().startsWith(provider.issuer() + "/authorize"));
    chromium.click("#yes");
    await().until(() -> chromium.address().endsWith("/messages?state=RECEIVED"));
    await().until(() -> text("form.who a").equals("oidc:ana admin"));
    assertThat(chromium.complaints()).isEmpty();

    // What is asked for later is still sent by whom it was.
    go("/audit");
    assertThat(text("h1")).isEqualTo("Audit trail");
    chromium.submit("form.who button");
    assertThat(text("h1")).isEqualTo("You are logged out here");
    assertThat(chromium.complaints()).isEmpty();
    chromium.submit("a.strong");
    assertThat(chromium.address()).startsWith(provider.issuer() + "/end?client_id=millrace");
    go("/messages");
    await().until(() -> chromium.address().endsWith("/log-in?to=%2Fmessages"));
  }

  /** As one in a mail that is read in a browser. */
  @Test
  void aLinkOfAnotherSiteLogsNobodyOut() throws Exception {
    go("/");
    chromium.submit("a.strong");
    chromium.submit("#yes");
    await().until(() -> text("form.who a").equals("oidc:ana admin"));
    chromium.go(provider.issuer() + "/end");

    chromium.run("location.assign('" + bench.browser.root() + "/audit?who=oidc:ana')");

    await().until(() -> text("h1").equals("Audit trail"));
    assertThat(chromium.address()).endsWith("/audit?who=oidc:ana");
    assertThat(text("form.who a")).isEqualTo("oidc:ana admin");
    assertThat(chromium.complaints()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"light, 1280", "dark, 390"})
  void itsPagesCanBeUsedByEverybody(String theme, int width) throws Exception {
    Axe axe = new Axe();
    bench.account("ana", Role.ADMIN);
    chromium.size(width, 900);
    go("/log-in");
    chromium.run("localStorage.setItem('theme', '" + theme + "')");
    List<String> findings = new ArrayList<>();
    go("/log-in?to=/codes");
    findings.addAll(axe.findings(chromium));
    narrowEnough("log-in");
    provider.claims(set -> set.claim("groups", List.of("staff")));
    chromium.submit("a.strong");
    chromium.submit("#yes");
    await().until(() -> text(".fault").contains("gives you no role"));
    findings.addAll(axe.findings(chromium));
    provider.claims(set -> set);
    chromium.submit("a.strong");
    chromium.submit("#yes");
    await().until(() -> text("form.who a").contains("oidc:ana"));
    chromium.submit("form.who a");
    await().until(() -> text("main").contains("which keeps your password"));
    findings.addAll(axe.findings(chromium));
    narrowEnough("account");
    chromium.submit("form.who button");
    findings.addAll(axe.findings(chromium));
    narrowEnough("logged out");
    assertThat(findings).isEmpty();
  }

  private void narrowEnough(String page) {
    await()
        .untilAsserted(
            () ->
                assertThat(
                        chromium
                            .run("return document.documentElement.scrollWidth - innerWidth")
                            .asInt())
                    .as(page)
                    .isLessThanOrEqualTo(0));
  }
}
