package org.millrace.console;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.millrace.SettableClock;
import org.millrace.cerner.ConnectionState;
import org.millrace.delivery.FilingTarget;
import org.millrace.guard.Passwords;
import org.millrace.guard.ProviderSettings;
import org.millrace.guard.Role;
import org.millrace.hl7.ControlIds;
import org.millrace.hl7.MessageLimits;
import org.millrace.hl7.Replies;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;
import org.millrace.intake.Intake;
import org.millrace.journal.AuditEvent;
import org.millrace.journal.AuditFilter;
import org.millrace.journal.CallContent;
import org.millrace.journal.CernerCall;
import org.millrace.journal.Conclusion;
import org.millrace.journal.Feed;
import org.millrace.journal.FiledAs;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.LedgerRow;
import org.millrace.journal.MessageFilter;
import org.millrace.journal.MessageState;
import org.millrace.journal.Note;
import org.millrace.journal.QueryAnswer;
import org.millrace.journal.QueryFilter;
import org.millrace.journal.Question;
import org.millrace.journal.Reason;
import org.millrace.journal.SampleMessages;
import org.millrace.journal.Symptom;
import org.millrace.mapping.Mapper;
import org.millrace.mapping.Mappings;
import org.millrace.mapping.RuleFaultsException;
import org.millrace.mllp.Captures;
import org.millrace.mllp.ConnectionView;
import org.millrace.mllp.ListenerView;

/** The console on a real journal, with a clock of its own and no engine behind it. */
final class ConsoleBench implements AutoCloseable {
  static final ZoneId ZONE = ZoneId.of("America/Chicago");

  /** Of a mapping, as delivery leaves it with a message. */
  static final String REPORT =
      "{\"lineage\":[{\"target\":\"OBR[1] DocumentReference.type.text\",\"source\":\"OBR[1]-4.2\","
          + "\"rule\":\"segments/OBR-DocumentReference.yaml:12\",\"through\":\"\"},"
          + "{\"target\":\"used for: finding the patient\",\"source\":\"PID[1]-3[1].1\","
          + "\"rule\":\"segments/PID.yaml:3\",\"through\":\"\"}],"
          + "\"coverage\":[{\"path\":\"PID-5[1].2\",\"kind\":\"UNREAD\",\"sentence\":\"No rule"
          + " reads it.\"}]}";

  private static final Mapper MAPPER = mapper();

  final SettableClock clock = new SettableClock();
  final JournalDatabase journal;
  final ConsoleSources sources;
  final ConsoleServer server;
  final Browser browser;
  private final Intake intake;
  private List<EngineView.Check> checks = List.of();
  private List<ListenerView> listeners = List.of();

  private List<EngineView.Asked> asked = List.of();

  /** Where goes what is filed, by tenant. */
  private final Map<String, FilingTarget> targets = new ConcurrentHashMap<>();

  final Captures captures = new Captures();

  /** The numbers of the connections that were dropped. */
  final List<Long> dropped = new CopyOnWriteArrayList<>();

  private EngineStatus status = statusOf("");

  ConsoleBench(Path folder) throws IOException {
    this(folder, Path.of("mappings"));
  }

  /**
   * @param rules the mapping files that the workbench begins with
   */
  ConsoleBench(Path folder, Path rules) throws IOException {
    this(folder, rules, Optional.empty());
  }

  /** With a provider by which people log in. */
  static ConsoleBench withProvider(Path folder, ProviderSettings provider) throws IOException {
    return new ConsoleBench(
        folder, Path.of("mappings"), Optional.of(new ConsoleProvider(provider, Optional.empty())));
  }

  private ConsoleBench(Path folder, Path rules, Optional<ConsoleProvider> provider)
      throws IOException {
    journal = JournalDatabase.open(folder, clock);
    Replies replies = new Replies(clock, ZONE, new ControlIds(clock));
    intake = new Intake(journal, replies, clock, Duration.ofSeconds(10), Optional.empty());
    sources =
        new ConsoleSources(
            journal,
            engine(),
            new ConsoleRules(
                MAPPER, Map.of("document-type", "11506-3"), rules, MessageLimits.DEFAULT, FEEDS),
            ZONE,
            clock,
            provider);
    target(new FilingTarget("", "127.0.0.1:8081", false));
    server = new ConsoleServer(ConsolePlace.loopback(0), sources);
    browser = new Browser(server.port());
  }

  private static final ConsoleRules.Feeds FEEDS =
      new ConsoleRules.Feeds() {
        @Override
        public String tenant(String type, String sender) {
          return "";
        }

        @Override
        public boolean take(String tenant, String sender) {
          return false;
        }
      };

  private static Mapper mapper() {
    try {
      return new Mapper(Mappings.load(Path.of("mappings")));
    } catch (RuleFaultsException e) {
      throw new IllegalStateException(e);
    }
  }

  private EngineView engine() {
    return new EngineView() {
      @Override
      public EngineStatus status() {
        return status;
      }

      @Override
      public List<Check> checks() {
        return checks;
      }

      @Override
      public List<ListenerView> listeners() {
        return listeners;
      }

      @Override
      public Optional<FilingTarget> target(String tenant) {
        return Optional.ofNullable(targets.get(tenant));
      }

      @Override
      public List<Asked> asked() {
        return asked;
      }

      @Override
      public boolean drop(long number) {
        dropped.add(number);
        return true;
      }

      @Override
      public Captures captures() {
        return captures;
      }
    };
  }

  /** A tenant that is served, beside others or in the place of one. */
  void target(FilingTarget target) {
    targets.put(target.tenant(), target);
  }

  void checks(List<EngineView.Check> other) {
    checks = other;
  }

  void listeners(ListenerView... others) {
    listeners = List.of(others);
  }

  void asked(EngineView.Asked... others) {
    asked = List.of(others);
  }

  /** A query that was answered, and how many milliseconds later. */
  void answered(String sender, String controlId, QueryAnswer.Outcome outcome, long took)
      throws V2FormatException {
    boolean refused = outcome == QueryAnswer.Outcome.REFUSED;
    String text =
        "MSH|^~\\&|"
            + sender
            + "|NORTH|MILLRACE|HUB|20261120101500||QRY^A19|"
            + controlId
            + "|D|2.5.1\rQRD|20261120|R|I|Q1|||1^RD|6931^MARKLEY|DEM\r";
    V2Message query = V2Message.read(text.getBytes(StandardCharsets.UTF_8));
    journal.recordQuestion(
        new Question(
                query.header(),
                "qry-a19",
                "10.1.2.3:51234",
                clock.instant(),
                query.bytes(),
                "MSH|".getBytes(StandardCharsets.UTF_8),
                refused ? MessageState.REFUSED : MessageState.DELIVERED,
                refused ? Reason.of("query-refused", "QRD-8 is empty") : Reason.NONE)
            .answered(
                new QueryAnswer(
                    Optional.of(Duration.ofMillis(took)),
                    outcome,
                    refused ? "AE" : "AA",
                    refused ? "AE" : outcome == QueryAnswer.Outcome.FOUND ? "OK" : "NF",
                    outcome == QueryAnswer.Outcome.FOUND)));
    Awaitility.await()
        .until(
            () ->
                journal.queries().list(QueryFilter.ANY.atMost(1)).stream()
                    .anyMatch(each -> each.controlId().equals(controlId)));
  }

  /** An open connection that has answered 12 frames and refused the one before the last. */
  static ConnectionView connection(long number, String peer) {
    return new ConnectionView(
        number,
        peer,
        Optional.of(new ConnectionView.Secured("TLSv1.3", "CN=lab-7,O=North Clinic,C=US")),
        Duration.ofMinutes(5),
        Optional.of(Duration.ofSeconds(61)),
        new ConnectionView.Counts(1412, 1411, 3, 77),
        Optional.of(
            new ConnectionView.Sender(
                "LAB@NORTH",
                "enhanced mode, MSH-15 AL, MSH-16 NE",
                "original mode, as the sender's file says")),
        Optional.of(
            new ConnectionView.Refusal(
                "AE, 204 Unknown key identifier at QRD-8", Duration.ofSeconds(90))),
        Optional.empty());
  }

  /** One that was turned away, and others like it before. */
  static ConnectionView turnedAway(long number, String peer, String words, long times) {
    return new ConnectionView(
        number,
        peer,
        Optional.empty(),
        Duration.ZERO,
        Optional.empty(),
        new ConnectionView.Counts(0, 0, 0, 0),
        Optional.empty(),
        Optional.of(new ConnectionView.Refusal(words, Duration.ofHours(3))),
        Optional.of(new ConnectionView.End(words, Duration.ofHours(3), times)));
  }

  /** The port 2575 with these. */
  static ListenerView listener(List<ConnectionView> open, List<ConnectionView> gone) {
    return new ListenerView("hl7-over-mllp", 2575, true, "MLLP release 2", 500, open, gone);
  }

  /** The engine has these tenants; empty for the one without a name. */
  void tenants(String... names) {
    status = statusOf(names);
  }

  private static EngineStatus statusOf(String... tenants) {
    return new EngineStatus(
        Stream.of(tenants)
            .map(
                tenant ->
                    new EngineStatus.Upstream(
                        tenant,
                        new ConnectionState(
                            Optional.empty(), Optional.empty(), "", List.of(), List.of(), 50),
                        List.of()))
            .toList(),
        Optional.empty(),
        Optional.of(new EngineStatus.Disk(60L << 30, 100L << 30)));
  }

  void status(EngineStatus other) {
    status = other;
  }

  /** Takes a message in and tells its number. */
  long accept(V2Message message, Feed feed) {
    intake.accept(message, feed, "127.0.0.1:40112");
    return journal.listing().list(MessageFilter.any().atMost(1)).get(0).id();
  }

  long accept(String controlId) {
    return accept(SampleMessages.oru(controlId, "text"), SampleMessages.FEED);
  }

  /** One of another sender, as MSH-3 has it. */
  long acceptOf(String sender, String controlId) throws V2FormatException {
    String text =
        "MSH|^~\\&|"
            + sender
            + "|NORTH|MILLRACE|HUB|20261120101500||ORU^R01|"
            + controlId
            + "|D|2.5.1\rPID|1||6931^^^MRN^MR||MARKLEY^JOE||19760429|M\rOBR|1||F1|11506-3\r";
    return accept(V2Message.read(text.getBytes(StandardCharsets.UTF_8)), SampleMessages.FEED);
  }

  /** What the engine found at a look: what it did not find has ended. Then some time goes by. */
  void alerts(Duration then, Symptom... symptoms) throws Exception {
    // Two looks at one moment could not be told from each other.
    clock.forward(Duration.ofSeconds(1));
    journal
        .alerts()
        .look(List.of(symptoms), Optional.of(clock.instant().minusMillis(1)), List.of())
        .get();
    clock.forward(then);
  }

  static final String PASSWORD = "a long river flows";

  private static final String HASH = Passwords.hashed(PASSWORD);

  /** Makes an account; from the first one on everybody logs in. */
  void account(String name, Role role) throws Exception {
    journal.accounts().add(name, role.name(), HASH, AuditEvent.Actor.user("root")).get();
  }

  /** A browser in which somebody of this role is logged in. */
  Browser loggedIn(String name, Role role) throws Exception {
    account(name, role);
    Browser other = new Browser(server.port());
    other.logIn(name, PASSWORD);
    return other;
  }

  /** A call to Cerner that was refused, and the create it was for. */
  void refused(long id, String words) throws Exception {
    byte[] body = words.getBytes(StandardCharsets.UTF_8);
    journal
        .calls()
        .record(
            new CernerCall(
                0, id, clock.instant(), "POST", "DocumentReference", 422, "r-1", Duration.ZERO),
            new CallContent("DocumentReference", body, body));
    Awaitility.await().until(() -> !journal.listing().show(id).orElseThrow().calls().isEmpty());
    journal
        .ledger()
        .save(
            List.of(
                LedgerRow.prepared(
                        new LedgerRow.Asked(id, "OBR[1]", "create-document", "", ""), "P1")
                    .refused("It was refused.", words)))
        .get();
  }

  /**
   * What was filed of the first report of a message.
   *
   * @param document as it was sent, with the marker {@code [mr-1]} in its title
   */
  void filed(long id, String document) throws Exception {
    byte[] body = document.getBytes(StandardCharsets.UTF_8);
    journal
        .calls()
        .record(
            new CernerCall(
                0, id, clock.instant(), "POST", "DocumentReference", 201, "", Duration.ofMillis(7)),
            new CallContent("DocumentReference", body, new byte[0]));
    Awaitility.await().until(() -> !journal.listing().show(id).orElseThrow().calls().isEmpty());
    LedgerRow row =
        LedgerRow.prepared(new LedgerRow.Asked(id, "OBR[1]", "create-document", "mr-1", "F1"), "P1")
            .sent(
                LedgerRow.Target.chartOf("P1"),
                new LedgerRow.Content("digest", FiledAs.FINAL),
                clock.instant())
            .done("D" + id, "1");
    journal.ledger().save(List.of(row)).get();
  }

  /** Has delivery say what became of a message. */
  void conclude(long id, MessageState state, Reason reason, Note... notes) throws Exception {
    journal.queue().takeUp(id).get();
    journal
        .queue()
        .conclude(
            id, new Conclusion(state, reason, Instant.EPOCH, Optional.empty(), List.of(notes)))
        .get();
  }

  @Override
  public void close() {
    server.close();
    journal.close();
  }

  /** The newest entries of the audit trail, with what is sealed of them; empty texts mean all. */
  List<AuditEvent> trail(String who, String what) {
    return journal
        .auditTrail()
        .list(
            new AuditFilter(
                who,
                what,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0),
            100,
            true)
        .stream()
        .map(each -> each.event())
        .toList();
  }
}
