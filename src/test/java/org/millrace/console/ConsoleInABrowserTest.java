package org.millrace.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.delivery.FilingTarget;
import org.millrace.guard.Role;
import org.millrace.journal.AuditEvent;
import org.millrace.journal.Conclusion;
import org.millrace.journal.MappingReport;
import org.millrace.journal.MessageFilter;
import org.millrace.journal.MessageState;
import org.millrace.journal.Note;
import org.millrace.journal.QueryAnswer;
import org.millrace.journal.Reason;
import org.millrace.journal.SampleMessages;
import org.millrace.journal.Symptom;
import org.millrace.journal.UnmappedCode;
import org.millrace.mllp.TestCaptures;
import org.millrace.preview.HostilePdf;

/** The console in a real browser: what its script does, and what no message can have it do. */
@Timeout(180)
final class ConsoleInABrowserTest {
  private static final Symptom HELD = new Symptom("held", "results", "HELD: 2");

  @TempDir Path folder;
  private ConsoleBench bench;
  private Chromium chromium;

  @BeforeEach
  void open() throws Exception {
    Assumptions.assumeTrue(
        Chromium.installed(), "chromium and chromedriver are not installed (apt: chromium-driver)");
    bench = new ConsoleBench(folder.resolve("journal"));
    chromium = Chromium.start(folder);
  }

  @AfterEach
  void close() throws Exception {
    if (bench != null) {
      chromium.close();
      bench.close();
    }
  }

  private void go(String path) throws Exception {
    chromium.go(bench.browser.root() + path);
  }

  private int number(String script) throws Exception {
    return chromium.run("return " + script).asInt();
  }

  @Test
  void noNameOrReasonOpensADialogOrBreaksTheRulesOfThePage() throws Exception {
    for (String payload : Payloads.ALL) {
      long id = bench.acceptOf(payload, payload);
      bench.conclude(id, MessageState.HELD, new Reason("held", payload, payload, payload, payload));
    }
    go("/messages");
    assertQuiet("list");
    assertThat(number("document.querySelectorAll('tr[data-row]').length"))
        .isEqualTo(Payloads.ALL.size());
    for (int id : List.of(1, 7, 8, 13, 22, Payloads.ALL.size())) {
      go("/messages/" + id);
      assertQuiet("message");
      chromium.submit("form[action$='/show'] button");
      for (String tab :
          List.of("fields", "fhir", "documents", "raw", "re-encoded", "hex", "related")) {
        go("/messages/" + id + "?tab=" + tab);
        assertQuiet(tab);
      }
    }
  }

  @Test
  void noDocumentOfAMessageRunsAnything() throws Exception {
    StringBuilder html = new StringBuilder("<html>");
    StringBuilder svg = new StringBuilder("<svg xmlns='http://www.w3.org/2000/svg'>");
    for (String payload : Payloads.ALL) {
      html.append(payload);
      svg.append(payload);
    }
    long id =
        MessageFilesTest.accept(
            bench,
            "C1",
            "ED ^TEXT^HTML^Base64^" + MessageFilesTest.base64(html.toString()),
            "ED ^IM^SVG^Base64^" + MessageFilesTest.base64(svg.toString()),
            "ED ^AP^PDF^Base64^" + MessageFilesTest.base64(HostilePdf.script()),
            "ED ^IM^PNG^Base64^" + MessageFilesTest.base64(MessageFilesTest.png()),
            "RP <script>alert(1)</script>^<img src=x onerror=alert(2)>",
            "ED ^<b>^<script>alert(3)</script>^Base64^" + MessageFilesTest.base64("plain words"),
            "TX <script>alert(4)</script>");
    go("/messages/" + id + "?tab=documents");
    chromium.submit("form[action$='/show'] button");
    assertThat(number("document.querySelectorAll('tr[data-row]').length")).isEqualTo(7);
    for (int document = 1; document <= 7; document++) {
      go("/messages/" + id + "?tab=documents&document=" + document);
      assertQuiet("document " + document);
      assertThat(number("document.querySelectorAll('#document').length")).isEqualTo(1);
      boolean picture = document == 3 || document == 4;
      assertThat(number("document.querySelectorAll('#document img').length"))
          .isEqualTo(picture ? 1 : 0);
      if (picture) {
        await().until(() -> number("document.querySelector('#document img').naturalWidth") > 0);
      }
    }
    go("/messages/" + id + "?tab=re-encoded");
    assertQuiet("re-encoded");
  }

  @Test
  void theKeyboardOpensDocumentsAndTurnsTheirPages() throws Exception {
    MessageFilesTest.accept(
        bench, "C1", "ED ^AP^PDF^Base64^" + MessageFilesTest.base64(HostilePdf.threePages()));
    go("/messages/1");
    chromium.press("e");
    await().until(() -> chromium.address().endsWith("/messages/1?tab=re-encoded"));
    chromium.press("o");
    await().until(() -> chromium.address().endsWith("/messages/1?tab=documents"));
    chromium.submit("form[action$='/show'] button");
    chromium.press("j");
    chromium.press("\uE007");
    await().until(() -> chromium.address().endsWith("&document=1#document"));
    chromium.press("n");
    await().until(() -> chromium.address().endsWith("&page=2#document"));
    chromium.press("p");
    await().until(() -> chromium.address().endsWith("&document=1#document"));
    assertQuiet("documents");
  }

  @Test
  void noPastedMessageOrRuleRunsAnything() throws Exception {
    StringBuilder rules = new StringBuilder();
    for (String payload : Payloads.ALL) {
      rules.append(payload).append('\n');
    }
    go("/workbench?file=messages/ORU_R01.yaml");
    fill("#rules", rules.toString());
    fill(
        "#pasted",
        "MSH|^~\\&|LAB|NORTH|MILLRACE|HUB|20261120101500||ORU^R01|C1|D|2.5.1\n"
            + "PID|1||6931^^^MRN^MR||"
            + String.join("~", Payloads.ALL)
            + "||19760429|M\nOBR|1||F1|11506-3\n");
    chromium.submit("#bench button.strong");
    assertQuiet("faults");
    assertThat(number("document.querySelectorAll('#result li').length")).isPositive();
    chromium.submit("button[name=undo]");
    assertQuiet("result");
    assertThat(chromium.run("return document.getElementById('result').textContent").asText())
        .contains("Nothing is different.");
  }

  @Test
  void noMessageThatIsRunDryRunsAnything() throws Exception {
    StringBuilder messages = new StringBuilder();
    for (String payload : Payloads.ALL) {
      messages.append("MSH|^~\\&|LAB|NORTH|MILLRACE|HUB|20261120101500||ORU^R01|");
      messages.append(payload).append("|D|2.5.1\nPID|1||6931^^^MRN^MR||").append(payload);
      messages.append("||19760429|M\nOBR|1||F1|11506-3\n");
    }
    go("/replay");
    fill("#pasted", messages.toString());
    chromium.submit("form.bench button.strong");
    assertQuiet("result");
    assertThat(number("document.querySelectorAll('tr[data-row]').length"))
        .isEqualTo(Payloads.ALL.size());
    chromium.run("document.querySelectorAll('details').forEach((each) => (each.open = true))");
    assertQuiet("differences");
    chromium.submit("tr[data-row] button.link");
    await().until(() -> chromium.address().endsWith("/workbench"));
    assertQuiet("workbench");
    assertThat(chromium.run("return document.getElementById('pasted').value").asText())
        .startsWith("MSH|")
        .contains("OBR|1||F1");
  }

  private void fill(String selector, String text) throws Exception {
    chromium.run(
        "document.querySelector('"
            + selector
            + "').value = decodeURIComponent('"
            + URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20")
            + "')");
  }

  @Test
  void theWorkbenchFollowsWhatIsTyped() throws Exception {
    bench.accept("C1");
    go("/workbench?message=1&file=messages/ORU_R01.yaml");
    chromium.type("#rules", "\nno rule: [");
    await()
        .until(() -> number("document.querySelectorAll('#result a[data-rule-line]').length") > 0);
    chromium.click("#result a[data-rule-line]");
    assertThat(chromium.run("return document.activeElement.id").asText()).isEqualTo("rules");
    assertThat(chromium.complaints()).isEmpty();
  }

  @Test
  void aRuleOfOneSenderIsWrittenIntoAFileOfItsOwn() throws Exception {
    Axe axe = new Axe();
    go("/workbench?file=segments/OBR.yaml");
    fill("#pasted", new String(SampleMessages.oru("C1", "x").bytes(), StandardCharsets.UTF_8));
    chromium.submit("#bench button.strong");
    chromium.submit("button[name=make][value='senders/LAB@NORTH/segments/OBR.yaml']");
    List<String> findings = new ArrayList<>(axe.findings(chromium));
    chromium.run("document.querySelector('details.under').open = true");
    findings.addAll(axe.findings(chromium));
    fill(
        "#rules",
        "segment: OBR\nresource: DocumentReference\nextends: segments/OBR.yaml\n"
            + "source: its manual\nrules:\n  - { v2: OBR-4, loss: 'Sent wrong by ");
    chromium.type("#rules", "the vendor.' }");
    await()
        .until(
            () ->
                chromium
                    .run("return document.getElementById('result').textContent")
                    .asText()
                    .contains("Sent wrong by the vendor."));
    chromium.run("document.querySelector('[name=new]').closest('details').open = true");
    chromium.type("[name=new]", "no such place");
    chromium.submit("button[name=make][value=typed]");
    assertThat(number("document.querySelectorAll('#new-fault').length")).isEqualTo(1);
    findings.addAll(axe.findings(chromium));
    assertThat(findings).isEmpty();
    assertThat(chromium.complaints()).isEmpty();
  }

  private void assertQuiet(String where) throws Exception {
    assertThat(chromium.dialog()).as(where).isFalse();
    assertThat(chromium.complaints()).as(where).isEmpty();
  }

  @Test
  void theKeyboardMovesThroughListsAndTabs() throws Exception {
    bench.accept("C1");
    bench.accept("C2");
    go("/messages");
    chromium.press("j");
    chromium.press("j");
    assertThat(chromium.run("return document.querySelector('[data-here] a').textContent").asText())
        .isEqualTo("1");
    chromium.press("k");
    // The line that is marked has the focus: Enter opens it.
    chromium.press("\uE007");
    await().until(() -> chromium.address().endsWith("/messages/2"));
    chromium.press("r");
    await().until(() -> chromium.address().endsWith("/messages/2?tab=raw"));
    chromium.press("d");
    await().until(() -> chromium.address().endsWith("/messages/2?tab=fhir"));
    chromium.press("/");
    assertThat(chromium.run("return document.activeElement.id").asText()).isEqualTo("search");
    chromium.press("jk");
    assertThat(chromium.run("return document.activeElement.value").asText()).isEqualTo("jk");
    chromium.press("\uE00C?");
    assertThat(chromium.run("return document.getElementById('help').open").asBoolean()).isTrue();
    assertThat(chromium.complaints()).isEmpty();
  }

  @Test
  void linesAreChosenByKeysAndClicksAndTheListStaysAsItIsMeanwhile() throws Exception {
    for (int i = 1; i <= 5; i++) {
      held("C" + i);
    }
    go("/messages");
    assertThat(chromium.run("return document.getElementById('many').hidden").asBoolean()).isTrue();
    chromium.press("jjxjx");
    assertThat(ticked()).isEqualTo("4,3");
    assertThat(chromium.run("return document.getElementById('chosen').textContent").asText())
        .isEqualTo("2 messages chosen:");
    chromium.press("x");
    assertThat(ticked()).isEqualTo("4");
    // What came is told, and shown when nothing is chosen any more.
    held("C6");
    chromium.click("input[value='5']");
    chromium.run(
        "document.querySelector('input[value=\"2\"]')"
            + ".dispatchEvent(new MouseEvent('click', {shiftKey: true, bubbles: true}))");
    assertThat(ticked()).isEqualTo("5,4,3,2");
    chromium.click("#all");
    assertThat(ticked()).isEqualTo("5,4,3,2,1");
    chromium.click("#all");
    assertThat(ticked()).isEmpty();
    chromium.run("document.activeElement.blur()");
    await()
        .atMost(Duration.ofSeconds(15))
        .until(() -> number("document.querySelectorAll('tr[data-row]').length") == 6);
    chromium.run("document.getElementById('all').click()");
    assertThat(ticked()).isEqualTo("6,5,4,3,2,1");
    assertThat(chromium.complaints()).isEmpty();
  }

  /** A view of the messages of the feed. */
  private void keep(String owner, String name) throws Exception {
    bench
        .journal
        .savedViews()
        .keep(owner, name, MessageFilter.any().ofFeed("results"), AuditEvent.Actor.user("ana"))
        .get();
  }

  private void held(String controlId) throws Exception {
    bench.conclude(
        bench.accept(controlId),
        MessageState.HELD,
        new Reason("no-such-patient", "No patient has the number.", "Register.", "us"));
  }

  private String ticked() throws Exception {
    return chromium
        .run(
            "return [...document.querySelectorAll('input[name=number]:checked')]"
                + ".map((box) => box.value).join()")
        .asText();
  }

  @Test
  void manyAreDiscardedInAProductionWhoseNameIsTyped() throws Exception {
    bench.target(new FilingTarget("", "fhir.cerner.example", true));
    held("C1");
    held("C2");
    go("/messages");
    chromium.run("document.getElementById('all').click()");
    chromium.submit("#many button[value=discard]");
    assertThat(chromium.address()).endsWith("/messages/many?number=2&number=1&verb=discard");
    chromium.type("input[name=why]", "of a test patient");
    chromium.type("input[name=target]", "fhir.cerner.example");
    chromium.submit("form.doing button");
    assertThat(chromium.address()).endsWith("/messages/asked?requests=1-2");
    bench.journal.requests().done(1, "discarded").get();
    await()
        .atMost(Duration.ofSeconds(15))
        .until(() -> number("document.querySelectorAll('td .mark.good').length") == 1);
    assertQuiet("many");
  }

  @Test
  void namesOfViewsRunNothing() throws Exception {
    bench.accept("C1");
    for (String payload : Payloads.ALL) {
      keep("", payload);
    }
    go("/messages?feed=results");
    chromium.run("document.querySelectorAll('details').forEach((each) => (each.open = true))");
    assertQuiet("views");
    assertThat(number("document.querySelectorAll('nav[aria-label=\"Saved views\"] a').length"))
        .isEqualTo(Payloads.ALL.size());
    chromium.run("document.querySelector('form[action$=\"/remove\"] button').click()");
    await().until(() -> bench.journal.savedViews().all().size() == Payloads.ALL.size() - 1);
    assertQuiet("removed");
  }

  @Test
  void aListIsKeptByItsName() throws Exception {
    held("C1");
    go("/messages?state=HELD");
    // The list follows what happens, and takes away what a driver has found and not clicked yet.
    chromium.run("document.querySelector('details.name').open = true");
    chromium.run("document.querySelector('input[name=name]').focus()");
    chromium.press("Held");
    chromium.submit("button[formaction='/messages/shared-views/keep']");
    assertThat(chromium.address()).endsWith("/messages?state=HELD");
    assertThat(chromium.run("return document.querySelector('.told').textContent").asText())
        .isEqualTo("The view is kept.");
    held("C2");
    await().until(() -> number("document.querySelectorAll('tr[data-row]').length") == 2);
    assertThat(chromium.run("return document.querySelector('.told').textContent").asText())
        .as("still told after the list has followed")
        .isEqualTo("The view is kept.");
    go("/messages");
    chromium.run("document.querySelector('nav[aria-label=\"Saved views\"] a').click()");
    await().until(() -> chromium.address().endsWith("/messages?state=HELD"));
    assertQuiet("kept");
  }

  @Test
  void aSearchFindsAndItsAddressSaysNothing() throws Exception {
    bench.accept("C1");
    bench.accept("CSOUGHT");
    go("/");
    chromium.type("#search", "CSOUGHT\uE007");
    await().until(() -> chromium.address().contains("/messages?search="));
    assertThat(chromium.address()).doesNotContain("CSOUGHT");
    assertThat(number("document.querySelectorAll('tr[data-row]').length")).isEqualTo(1);
  }

  @Test
  void theListFollowsWhatComes() throws Exception {
    bench.accept("C1");
    go("/messages");
    await()
        .until(
            () ->
                chromium
                    .run("return document.getElementById('live-state').textContent")
                    .asText()
                    .contains("live"));
    bench.accept("C2");
    await()
        .atMost(Duration.ofSeconds(15))
        .until(() -> number("document.querySelectorAll('tr[data-row]').length") == 2);
  }

  @Test
  void alertsAndTheirNumberFollowWhatBeginsAndEnds() throws Exception {
    go("/alerts");
    await()
        .until(
            () ->
                chromium
                    .run("return document.getElementById('live-state').textContent")
                    .asText()
                    .contains("live"));
    bench.alerts(Duration.ZERO, HELD);
    await().until(() -> number("document.querySelectorAll('.top nav .standing').length") == 1);
    assertThat(number("document.querySelectorAll('tr[data-row]').length")).isEqualTo(1);
    assertThat(number("document.querySelectorAll('tr button[data-copy]:not([hidden])').length"))
        .isEqualTo(1);
    chromium.run("document.querySelector('tr details.menu summary').click()");
    chromium.run("document.querySelector('tr [name=why]').value = 'the lab moves'");
    chromium.submit("tr form[action='/alerts/snooze'] button");
    await().until(() -> number("document.querySelectorAll('.top nav .standing').length") == 0);
    assertThat(chromium.run("return document.querySelector('tr .mark').textContent").asText())
        .isEqualTo("snoozed");
    // Another process wakes it: the page follows.
    long held = bench.journal.alerts().open().get(0).id();
    bench.journal.snoozes().wake(held, AuditEvent.Actor.user("ana")).get();
    await().until(() -> number("document.querySelectorAll('.top nav .standing').length") == 1);
    bench.alerts(Duration.ZERO);
    await().until(() -> number("document.querySelectorAll('.top nav .standing').length") == 0);
    assertThat(chromium.run("return document.querySelector('tr .mark').textContent").asText())
        .isEqualTo("ended");
    assertThat(chromium.complaints()).isEmpty();
  }

  @Test
  void aFieldAndWhatCameOfItLightUpTogether() throws Exception {
    bench.accept("C1");
    go("/messages/1?tab=fields");
    JsonNode lit =
        chromium.run(
            "const line = document.querySelector('[data-line]');"
                + "line.dispatchEvent(new Event('mouseenter'));"
                + "return line.classList.contains('lit')");
    assertThat(lit.asBoolean()).isTrue();
  }

  @Test
  void colourSchemesChangeAndStay() throws Exception {
    go("/");
    String system = ground();
    chromium.press("t");
    chromium.press("t");
    assertThat(chromium.run("return document.documentElement.dataset.theme").asText())
        .isEqualTo("dark");
    String dark = ground();
    go("/messages");
    assertThat(ground()).isEqualTo(dark);
    chromium.press("t");
    assertThat(ground()).isEqualTo(system).isNotEqualTo(dark);
  }

  /** Once the style sheet is in force: a page has none for its first moment. */
  private String ground() {
    return await()
        .until(
            () -> chromium.run("return getComputedStyle(document.body).backgroundColor").asText(),
            colour -> !colour.equals("rgba(0, 0, 0, 0)"));
  }

  /** Somebody is connected, and somebody was turned away. */
  private void connected() {
    bench.listeners(
        ConsoleBench.listener(
            List.of(ConsoleBench.connection(7, "10.1.2.3:51234")),
            List.of(
                ConsoleBench.turnedAway(
                    5, "10.9.9.9:40001", "the TLS handshake failed: it sent plain text", 812))));
  }

  /** A query is being answered, and others were. */
  private void queried() throws Exception {
    bench.asked(
        new EngineView.Asked(
            "QRY^A19",
            "LAB@NORTH",
            "QUERY-9",
            "qry-a19",
            "10.1.2.3:51234",
            bench.clock.instant().minusSeconds(3)));
    bench.answered("LAB", "QUERY-1", QueryAnswer.Outcome.FOUND, 340);
    bench.answered("A long name of a sender", "QUERY-2", QueryAnswer.Outcome.REFUSED, 12_345);
    bench.answered("LAB", "QUERY-3", QueryAnswer.Outcome.NOT_FOUND, 7);
  }

  @Test
  void queriesFollowWhatIsAskedAndTheKeyboardOpensOne() throws Exception {
    queried();
    go("/queries");
    await()
        .until(
            () ->
                chromium
                    .run("return document.getElementById('live-state').textContent")
                    .asText()
                    .contains("live"));
    bench.answered("LAB", "QUERY-4", QueryAnswer.Outcome.FOUND, 90);
    await().until(() -> number("document.querySelectorAll('tr[data-row]').length") == 4);
    chromium.press("j");
    assertThat(chromium.run("return document.querySelector('[data-here] a').textContent").asText())
        .isEqualTo("4");
    // The line stays marked when others come, wherever the focus is.
    chromium.run("document.activeElement.blur()");
    bench.answered("LAB", "QUERY-5", QueryAnswer.Outcome.FOUND, 95);
    await().until(() -> number("document.querySelectorAll('tr[data-row]').length") == 5);
    assertThat(chromium.run("return document.querySelector('[data-here] a').textContent").asText())
        .isEqualTo("4");
    chromium.press("k");
    chromium.press("\uE007");
    await().until(() -> chromium.address().endsWith("/messages/5"));
    assertQuiet("queries");
  }

  @Test
  void aConnectionIsDroppedWithAReason() throws Exception {
    connected();
    go("/connections");
    chromium.press("j");
    assertThat(chromium.run("return document.querySelector('[data-here]').textContent").asText())
        .contains("10.1.2.3:51234");
    chromium.click("details.menu summary");
    chromium.type("input[name=why]", "garbled since noon");
    chromium.submit("button[formaction='/connections/drop']");
    assertThat(chromium.run("return document.querySelector('.told').textContent").asText())
        .contains("10.1.2.3:51234 ends");
    assertThat(bench.dropped).containsExactly(7L);
    assertQuiet("connections");
  }

  @Test
  void anAddressIsBlockedAndItsNextFrameCaptured() throws Exception {
    connected();
    go("/connections");
    chromium.click("details.menu summary");
    chromium.type("input[name=why]", "<b>garbled</b> since noon");
    chromium.submit("button[formaction='/connections/block']");
    assertThat(chromium.run("return document.querySelector('.told').textContent").asText())
        .contains("10.1.2.3 is blocked until ");
    chromium.click("details.menu summary");
    chromium.type("input[name=why]", "what does it send?");
    chromium.submit("details.menu button:not([formaction])");
    assertThat(chromium.run("return document.querySelector('.told').textContent").asText())
        .contains("what 10.1.2.3 sends next");
    TestCaptures.fill(
        bench.captures, "10.1.2.3", 51_234, "MSH|^~\\&|<b>x</b>".getBytes(StandardCharsets.UTF_8));

    Axe axe = new Axe();
    for (int width : new int[] {1280, 390}) {
      go("/connections");
      chromium.size(width, 900);
      assertThat(axe.findings(chromium)).isEmpty();
      assertNoWider("connections");
      chromium.submit("a[href^='/connections/capture']");
      assertThat(axe.findings(chromium)).isEmpty();
      chromium.submit("form[action='/connections/capture/show'] button");
      assertThat(chromium.run("return document.querySelector('.hex').textContent").asText())
          .contains(" 0b 4d 53 48 7c 5e 7e 5c", ".MSH|^~\\&|<b>x</");
      assertThat(axe.findings(chromium)).isEmpty();
      assertNoWider("capture");
      chromium.submit("form[action='/connections/capture/cover'] button");
      assertThat(number("document.querySelectorAll('.hex').length")).isZero();
    }
    go("/connections");
    chromium.submit("form[action='/connections/unblock'] button");
    chromium.submit("form[action='/connections/forget'] button");
    assertThat(bench.captures.all()).isEmpty();
    assertThat(bench.journal.peerBlocks().inForce()).isEmpty();
    assertQuiet("connections");
  }

  /** What somebody sees who has pressed every button that changes a page. */
  private List<String> pages() throws Exception {
    long held = bench.accept("C1");
    UnmappedCode code = new UnmappedCode("HL70001", "QQ", "Quite other", "PID-8", true);
    bench.journal.queue().takeUp(held).get();
    bench
        .journal
        .queue()
        .conclude(
            held,
            new Conclusion(
                MessageState.HELD,
                new Reason("unknown-code", "A code is in no table.", "Add it.", "us", "PID-8"),
                Instant.EPOCH,
                Optional.of(new MappingReport(ConsoleBench.REPORT, List.of(code))),
                List.of(new Note(bench.clock.instant(), "held", "unknown-code: one."))))
        .get();
    bench.refused(held, "a word of Cerner, ".repeat(80));
    bench.accept("C2");
    bench.accept("C3");
    bench.conclude(3, MessageState.REFUSED, new Reason("not-valid", "It is not.", "Mend.", "us"));
    bench.checks(
        List.of(
            new EngineView.Check("token", "bad", "The secret was refused.", "Ask for it.", "site"),
            new EngineView.Check("network", "doubtful", "It is slow.", "", ""),
            new EngineView.Check("rights", "skipped", "The step before failed.", "", ""),
            new EngineView.Check("settings", "good", "All are there.", "", "")));
    bench.alerts(
        Duration.ofHours(2),
        new Symptom("certificate", "", "our certificate is valid for less than 3 days"),
        new Symptom(
            "refused-share", "results", "9 of the 10 messages of the last hour are REFUSED"));
    bench.alerts(Duration.ofMinutes(3), HELD, new Symptom("disk", "", "the disk has 12 MB left"));
    bench
        .journal
        .snoozes()
        .snooze(
            bench.journal.alerts().open().get(0).id(),
            Duration.ofDays(1),
            AuditEvent.Actor.user("ana"),
            "the laboratory moves to another building")
        .get();
    connected();
    queried();
    bench.target(new FilingTarget("", "fhir.cerner.example", true));
    keep("console", "Held, of the results of all that came since the beginning of the week");
    keep("", "For the shift");
    bench.journal.requests().ask("retry", 1, "ana", "mended").get();
    bench.journal.requests().ask("retry", 2, "ana", "mended").get();
    bench.journal.requests().done(1, "refused: the message is DELIVERED").get();
    List<String> pages = new ArrayList<>();
    pages.addAll(
        List.of(
            "/",
            "/messages",
            "/messages?state=DELIVERED",
            "/messages/many?verb=discard&number=1&number=2&number=3",
            "/messages/asked?requests=1-2",
            "/alerts",
            "/alerts?kind=silence",
            "/connections",
            "/connections?address=10.9",
            "/queries",
            "/queries?outcome=refused",
            "/queries?feed=nobody",
            "/codes",
            "/audit",
            "/health",
            "/replay?most=50",
            "/workbench"));
    for (String tab :
        List.of("journey", "fields", "fhir", "documents", "raw", "re-encoded", "hex", "related")) {
      pages.add("/messages/1?tab=" + tab);
    }
    pages.addAll(List.of("/messages/2?tab=fields", "/messages/3", "/nothing"));
    return pages;
  }

  @ParameterizedTest
  @CsvSource({"light, 1280", "dark, 1280", "light, 390", "dark, 390"})
  void everyPageCanBeUsedByEverybody(String theme, int width) throws Exception {
    Axe axe = new Axe();
    List<String> pages = pages();
    go("/");
    chromium.size(width, 900);
    chromium.run("localStorage.setItem('theme', '" + theme + "')");
    List<String> findings = new ArrayList<>();
    for (String path : pages) {
      go(path);
      axe.findings(chromium).forEach(each -> findings.add(path + ": " + each));
    }
    for (String list : List.of("/messages?reason=not-valid", "/messages?feed=results")) {
      go(list);
      chromium.run("document.querySelectorAll('details').forEach((each) => (each.open = true))");
      chromium.run("document.getElementById('all')?.click()");
      findings.addAll(axe.findings(chromium));
    }
    go("/codes");
    chromium.submit("form[action='/codes/show'] button");
    findings.addAll(axe.findings(chromium));
    go("/connections");
    chromium.click("details.menu summary");
    findings.addAll(axe.findings(chromium));
    go("/health");
    chromium.submit("form[action='/health/run'] button");
    findings.addAll(axe.findings(chromium));
    go("/messages/1?tab=fields");
    chromium.submit("form[action$='/show'] button");
    chromium.run("document.querySelectorAll('details').forEach((each) => (each.open = true))");
    findings.addAll(axe.findings(chromium));
    for (String tab :
        List.of("journey", "documents", "documents&document=1", "raw", "re-encoded", "hex")) {
      go("/messages/1?tab=" + tab);
      chromium.run("document.querySelectorAll('details').forEach((each) => (each.open = true))");
      axe.findings(chromium).forEach(each -> findings.add(tab + ": " + each));
    }
    go("/replay?most=50");
    chromium.run("document.querySelectorAll('details').forEach((each) => (each.open = true))");
    findings.addAll(axe.findings(chromium));
    go("/workbench?message=1&file=messages/ORU_R01.yaml");
    findings.addAll(axe.findings(chromium));
    fill("#rules", "a: b");
    chromium.submit("#bench button.strong");
    findings.addAll(axe.findings(chromium));
    chromium.press("?");
    findings.addAll(axe.findings(chromium));
    assertThat(findings).isEmpty();
  }

  private void logIn(String name) throws Exception {
    go("/log-in");
    chromium.type("input[name=name]", name);
    chromium.type("input[name=password]", ConsoleBench.PASSWORD + "\uE007");
    await().until(() -> number("document.querySelectorAll('form.who').length") == 1);
  }

  @Test
  void theLogInRunsNothingThatIsTypedAndLeadsOn() throws Exception {
    bench.accept("C1");
    bench.account("ana", Role.VIEWER);
    for (String payload : Payloads.ALL.subList(0, 10)) {
      go("/log-in?to=" + URLEncoder.encode("/" + payload, StandardCharsets.UTF_8));
      assertQuiet("to");
    }
    fill("input[name=name]", Payloads.ALL.get(0));
    chromium.type("input[name=password]", "wrong\uE007");
    await().until(() -> number("document.querySelectorAll('.fault').length") == 1);
    // A browser complains of any answer of 403; nothing else may be among it.
    assertThat(chromium.complaints()).allMatch(each -> each.contains("status of 403"));
    go("/messages?state=RECEIVED");
    chromium.type("input[name=name]", "ana");
    chromium.type("input[name=password]", ConsoleBench.PASSWORD + "\uE007");
    await().until(() -> chromium.address().endsWith("/messages?state=RECEIVED"));
    assertQuiet("list");
  }

  @Test
  void aPasswordIsChangedBehindOnesName() throws Exception {
    bench.account("ana", Role.VIEWER);
    logIn("ana");
    chromium.submit("form.who a");
    chromium.type("input[name=password]", ConsoleBench.PASSWORD);
    chromium.type("input[name=next]", "three green lanterns");
    chromium.type("input[name=again]", "three green lanterns\uE007");

    await().until(() -> number("document.querySelectorAll('.told.good').length") == 1);
    assertQuiet("account");
    assertThat(number("document.querySelectorAll('form.who').length")).isEqualTo(1);
  }

  @Test
  void whatIsOnTheScreenGoesWhenItsReaderIsLoggedOut() throws Exception {
    bench.accept("C1");
    bench.account("ana", Role.VIEWER);
    logIn("ana");
    go("/messages/1?tab=raw");
    bench.journal.accounts().lock("ana", AuditEvent.Actor.user("root")).get();
    await().until(() -> chromium.address().contains("/log-in?to=%2Fmessages%2F1%3Ftab%3Draw"));
  }

  @ParameterizedTest
  @CsvSource({"light, 1280", "dark, 390"})
  void everyRoleCanUseItsPages(String theme, int width) throws Exception {
    Axe axe = new Axe();
    bench.accept("C1");
    connected();
    queried();
    bench.account("ana", Role.ADMIN);
    bench.account("vera", Role.VIEWER);
    chromium.size(width, 900);
    go("/log-in");
    chromium.run("localStorage.setItem('theme', '" + theme + "')");
    List<String> findings = new ArrayList<>();
    go("/log-in?to=/codes");
    findings.addAll(axe.findings(chromium));
    for (String name : List.of("vera", "ana")) {
      logIn(name);
      for (String path :
          List.of(
              "/",
              "/messages/1",
              "/messages/1?tab=fields",
              "/alerts",
              "/connections",
              "/queries",
              "/health",
              "/account",
              "/codes")) {
        go(path);
        axe.findings(chromium).forEach(each -> findings.add(name + path + ": " + each));
        assertNoWider(name + path);
      }
      chromium.submit("form.who button");
    }
    assertThat(findings).isEmpty();
  }

  @Test
  void nothingIsWiderThanAPhone() throws Exception {
    bench.conclude(
        bench.accept("C1"),
        MessageState.HELD,
        new Reason("no-such-patient", "No patient has the number.", "Register.", "us"));
    bench.alerts(Duration.ZERO, HELD);
    keep("", "For the shift, and whoever comes after it and goes on");
    bench.target(new FilingTarget("north", "fhir.cerner.example", true));
    bench.journal.requests().ask("retry", 1, "ana", "mended").get();
    bench.journal.requests().done(1, "refused: " + "the message is DELIVERED ".repeat(9)).get();
    connected();
    queried();
    for (String path :
        List.of(
            "/",
            "/workbench?message=1&file=messages/ORU_R01.yaml",
            "/alerts",
            "/connections",
            "/queries",
            "/codes",
            "/audit",
            "/messages",
            "/messages?feed=results",
            "/messages?reason=no-such-patient",
            "/messages/many?verb=retry&number=1",
            "/messages/asked?requests=1",
            "/replay?most=50",
            "/messages/1",
            "/messages/1?tab=fields",
            "/messages/1?tab=documents",
            "/messages/1?tab=re-encoded",
            "/messages/1?tab=raw")) {
      go(path);
      chromium.size(390, 800);
      assertNoWider(path);
    }
  }

  /** Once the page is laid out for its window, which is a moment after that has its size. */
  private void assertNoWider(String page) {
    await()
        .untilAsserted(
            () ->
                assertThat(number("document.documentElement.scrollWidth - innerWidth"))
                    .as(page)
                    .isLessThanOrEqualTo(0));
  }
}
