package org.millrace.app;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.millrace.alert.AlertSettings;
import org.millrace.cerner.CallLimits;
import org.millrace.cerner.CernerSettings;
import org.millrace.console.ConsoleProvider;
import org.millrace.delivery.DeliverySettings;
import org.millrace.healtheintent.HealtheIntentSettings;
import org.millrace.hl7.MessageLimits;
import org.millrace.journal.ContentKeys;
import org.millrace.journal.FeedSettings;
import org.millrace.journal.IntakeStore;
import org.millrace.journal.JournalPlace;
import org.millrace.journal.PostgresAddress;
import org.millrace.journal.Retention;
import org.millrace.mllp.TlsOut;
import org.millrace.query.QuerySettings;
import org.millrace.rest.RestSettings;

/**
 * Everything the engine can be told, checked. Each setting is described in docs/settings.md.
 *
 * @param home the folder that holds {@code routes/} and {@code mappings/}
 * @param target the file under {@code mappings/targets/} that says what the FHIR server takes, or
 *     {@code none}
 * @param calls how hard Cerner may be asked
 * @param tenants others beside this one, by the names that feeds and callers use
 * @param storage what is kept, where, and how
 * @param webhook told of messages that stopped, and of alerts
 * @param traces of what is done, and where they go
 * @param alerts from when on something is the matter
 * @param callers who may call over HTTP, and how often
 * @param healtheIntent empty where it is not asked
 * @param provider by which people log in at the console beside accounts of the journal
 */
public record Settings(
    CernerSettings cerner,
    CallLimits calls,
    Map<String, Tenant> tenants,
    Listeners listeners,
    Hl7 hl7,
    Filing filing,
    Path home,
    String target,
    Storage storage,
    Optional<URI> webhook,
    TraceSettings traces,
    AlertSettings alerts,
    CallerSettings callers,
    Optional<HealtheIntentSettings> healtheIntent,
    Optional<ConsoleProvider> provider) {

  static final String PRODUCTION = "MILLRACE_PRODUCTION";
  static final String SERVER_AUTHORITIES = "MILLRACE_TLS_SERVER_AUTHORITIES";

  /**
   * The journal.
   *
   * @param data the folder of the embedded journal
   * @param database the PostgreSQL database that holds the journal instead, if one is named
   * @param keys its contents are encrypted with; none if it is plain
   * @param callBytes how much is kept of each body that is sent to Cerner or comes from it; 0 for
   *     none
   * @param retention for how long messages of feeds that say nothing of it are kept
   * @param idempotency for how long is kept what was created under an Idempotency-Key
   */
  public record Storage(
      Path data,
      Optional<PostgresAddress> database,
      ContentKeys keys,
      int callBytes,
      Retention retention,
      Duration idempotency) {

    /** Where the journal is. */
    public JournalPlace place() {
      return database
          .<JournalPlace>map(JournalPlace.Server::new)
          .orElseGet(() -> new JournalPlace.Folder(data));
    }
  }

  /**
   * How HL7 senders are answered.
   *
   * @param zone of times that carry no offset
   * @param production only messages with MSH-11 P are taken
   * @param answerWithin the whole of one answer
   * @param queryLimit patients in one reply where the query itself sets no limit
   * @param queryAllergies where allergies are read for feeds whose route file takes this setting
   * @param queryRemember for how long a patient who was read is given again; zero: not at all
   * @param controlIdWindow for how long a sender's control id is remembered
   * @param limits of what a message may hold
   * @param serverAuthorities of the servers that are sent to over TLS; those of the JDK if empty
   */
  public record Hl7(
      ZoneId zone,
      boolean production,
      Duration answerWithin,
      QuerySettings.Visit visit,
      QuerySettings.TooMany tooMany,
      QuerySettings.Deferred deferred,
      int queryLimit,
      FeedSettings.Allergies queryAllergies,
      Duration queryRemember,
      Duration controlIdWindow,
      MessageLimits limits,
      Optional<Path> serverAuthorities) {}

  /**
   * How results are filed.
   *
   * @param visitSystem identifier system of PV1-19; empty means it is matched among the patient's
   *     encounters
   * @param documentType LOINC code where no table row applies
   * @param settleWithin over how long a create with a lost answer is looked for before it is
   *     repeated
   * @param atOnce messages delivered at the same time
   */
  public record Filing(
      Optional<String> visitSystem,
      boolean holdMissingVisit,
      boolean checkPatient,
      boolean filePreliminary,
      boolean fileWithoutStatus,
      String documentType,
      Duration settleWithin,
      int atOnce) {}

  private static final Set<String> CERNER_SANDBOX_HOSTS =
      Set.of("fhir-open.cerner.com", "fhir-ehr-code.cerner.com", "fhir-myrecord.cerner.com");

  /**
   * Reads and checks all settings.
   *
   * @param home where {@code routes/}, {@code mappings/} and, unless set otherwise, {@code data/}
   *     are
   * @throws SettingsFaultsException with every fault at once
   */
  public static Settings read(SettingsSource source, Path home) throws SettingsFaultsException {
    SettingsReader reader = new SettingsReader(source);
    Settings settings = read(reader, home);
    reader.finish();
    return settings;
  }

  /** What settings there are, by name in alphabetical order. */
  public static List<KnownSetting> known() {
    String tenant = "each";
    SettingsReader reader =
        new SettingsReader(SettingsSource.of(Map.of("MILLRACE_TENANTS", tenant)));
    Settings.read(reader, Path.of(""));
    String prefix = SettingsSource.prefix(tenant);
    return reader.known().stream()
        .filter(each -> !each.name().startsWith(prefix))
        .map(
            each ->
                each.ofTenants(reader.asked().contains(SettingsSource.under(prefix, each.name()))))
        .toList();
  }

  static Settings read(SettingsReader reader, Path home) {
    CernerSettings cerner = CernerAccount.read(reader);
    Map<String, Tenant> tenants = Tenant.readAll(reader);
    boolean realPatients =
        Stream.concat(Stream.of(cerner), tenants.values().stream().map(Tenant::cerner))
            .anyMatch(each -> !isTestTarget(each.fhirBaseUrl()));
    Hl7 hl7 = hl7(reader, realPatients);
    Optional<HealtheIntentSettings> healtheIntent = IntentReading.read(reader, cerner.mrnSystem());
    if (healtheIntent.isEmpty()
        && hl7.queryAllergies() == FeedSettings.Allergies.HEALTHEINTENT
        && reader.text("MILLRACE_HEALTHEINTENT_URL").isEmpty()) {
      reader.fault(
          "MILLRACE_QUERY_ALLERGIES",
          "is healtheintent, but MILLRACE_HEALTHEINTENT_URL is not set");
    }
    Listeners listeners = Listeners.read(reader);
    return new Settings(
        cerner,
        Tenant.limits(reader),
        tenants,
        listeners,
        hl7,
        filing(reader),
        home,
        target(reader, home.resolve("mappings")),
        StorageReading.read(reader, home, hl7.production()),
        reader.url("MILLRACE_WEBHOOK_URL"),
        TraceSettings.read(reader),
        AlertReading.read(reader),
        CallerSettings.read(reader),
        healtheIntent,
        ProviderReading.read(reader, listeners));
  }

  /**
   * Where the journal is, for those who look into it and need no other setting.
   *
   * @throws SettingsFaultsException with every fault of these settings
   */
  public static JournalPlace journal(SettingsSource source, Path home)
      throws SettingsFaultsException {
    SettingsReader reader = new SettingsReader(source);
    JournalPlace place = StorageReading.place(reader, home);
    reader.finishPart();
    return place;
  }

  /**
   * The keys of the journal's contents alone, for whoever looks into a journal without running an
   * engine.
   *
   * @throws SettingsFaultsException if what is set is no list of keys
   */
  public static ContentKeys journalKeys(SettingsSource source) throws SettingsFaultsException {
    SettingsReader reader = new SettingsReader(source);
    ContentKeys keys = StorageReading.keys(reader).orElse(ContentKeys.NONE);
    reader.finishPart();
    return keys;
  }

  QuerySettings query(CernerSettings of) {
    QuerySettings.Limits limits = QuerySettings.standard(hl7.zone(), of.mrnSystem()).limits();
    return new QuerySettings(
        hl7.visit(),
        hl7.tooMany(),
        hl7.deferred(),
        hl7.answerWithin(),
        hl7.zone(),
        of.mrnSystem(),
        new QuerySettings.Limits(
            hl7.queryLimit(), limits.matches(), limits.pointerLife(), limits.pointers()),
        hl7.queryRemember());
  }

  RestSettings rest(CernerSettings of) {
    RestSettings standard = RestSettings.standard(of.fhirBaseUrl(), hl7.zone());
    return new RestSettings(
        hl7.answerWithin(),
        standard.settleWithin(),
        listeners.frames().frameBytes(),
        standard.maxJsonDepth(),
        standard.pageLifetime(),
        Optional.empty(),
        of.fhirBaseUrl(),
        hl7.zone());
  }

  DeliverySettings delivery() {
    return new DeliverySettings(
        cerner.mrnSystem(),
        filing.checkPatient()
            ? DeliverySettings.PatientCheck.BIRTHDATE_OR_NAME
            : DeliverySettings.PatientCheck.NONE,
        filing.visitSystem(),
        filing.holdMissingVisit()
            ? DeliverySettings.VisitMissing.HOLD
            : DeliverySettings.VisitMissing.FILE,
        Map.of(
            "document-type", filing.documentType(),
            "preliminary", filing.filePreliminary() ? "file" : "filter",
            "status-missing", filing.fileWithoutStatus() ? "final" : "hold"),
        DeliverySettings.Pace.DEFAULT
            .lookingFor(filing.settleWithin())
            .delivering(filing.atOnce()));
  }

  /** A folder of mappings that is not there is told by the engine as it starts. */
  private static String target(SettingsReader reader, Path mappings) {
    String target = reader.text("MILLRACE_TARGET", "cerner");
    boolean known =
        target.matches("[a-z0-9-]+")
            && (target.equals("none")
                || !Files.isDirectory(mappings)
                || Files.isRegularFile(mappings.resolve("targets").resolve(target + ".yaml")));
    if (!known) {
      reader.fault(
          "MILLRACE_TARGET", "is the name of no file under mappings/targets, and not 'none'");
    }
    return target;
  }

  private static Hl7 hl7(SettingsReader reader, boolean realPatients) {
    return new Hl7(
        reader.zone("MILLRACE_ZONE", ZoneOffset.UTC),
        reader.flag(PRODUCTION, realPatients),
        reader.duration(
            "MILLRACE_ANSWER_WITHIN",
            Duration.ofSeconds(10),
            Duration.ofMillis(100),
            Duration.ofMinutes(5)),
        reader.choice("MILLRACE_QUERY_VISIT", QuerySettings.Visit.LATEST_ACTIVE),
        reader.choice("MILLRACE_QUERY_TOO_MANY", QuerySettings.TooMany.PAGES),
        reader.choice("MILLRACE_QUERY_DEFERRED", QuerySettings.Deferred.AT_ONCE),
        (int)
            reader.number(
                "MILLRACE_LIMIT_QUERY_PATIENTS",
                50,
                1,
                1000,
                "is no number of patients, 1 to 1000"),
        reader.choice("MILLRACE_QUERY_ALLERGIES", FeedSettings.Allergies.NONE),
        reader.duration(
            "MILLRACE_QUERY_REMEMBER", Duration.ZERO, Duration.ZERO, Duration.ofMinutes(1)),
        reader.duration(
            "MILLRACE_CONTROL_ID_WINDOW",
            IntakeStore.CONTROL_ID_WINDOW,
            Duration.ofMinutes(1),
            Duration.ofDays(366)),
        LimitSettings.read(reader),
        serverAuthorities(reader));
  }

  private static Optional<Path> serverAuthorities(SettingsReader reader) {
    Optional<Path> authorities = reader.file(SERVER_AUTHORITIES);
    try {
      TlsOut.as(Optional.empty(), authorities);
    } catch (IllegalArgumentException faulty) {
      reader.fault(SERVER_AUTHORITIES, "cannot be used: " + faulty.getMessage());
    }
    return authorities;
  }

  private static Filing filing(SettingsReader reader) {
    String documentType = reader.text("MILLRACE_DOCUMENT_TYPE", "11506-3");
    if (!documentType.matches("\\d{1,7}-\\d")) {
      reader.fault("MILLRACE_DOCUMENT_TYPE", "is no LOINC code, for example 11506-3");
    }
    return new Filing(
        reader.text("MILLRACE_VISIT_SYSTEM"),
        reader.choice("MILLRACE_VISIT_MISSING", "file", List.of("file", "hold")).equals("hold"),
        reader
            .choice(
                "MILLRACE_PATIENT_CHECK", "birthdate-or-name", List.of("birthdate-or-name", "none"))
            .equals("birthdate-or-name"),
        reader.choice("MILLRACE_PRELIMINARY", "filter", List.of("filter", "file")).equals("file"),
        reader.choice("MILLRACE_STATUS_MISSING", "hold", List.of("hold", "final")).equals("final"),
        documentType,
        reader.duration(
            "MILLRACE_SETTLE_WITHIN",
            Duration.ofMinutes(10),
            Duration.ofMillis(300),
            Duration.ofHours(24)),
        (int)
            reader.number(
                "MILLRACE_DELIVERIES",
                DeliverySettings.Pace.DEFAULT.workers(),
                1,
                64,
                "is no number of messages, 1 to 64"));
  }

  /** Loopback and Cerner's own sandboxes hold no real patients. */
  static boolean isTestTarget(URI base) {
    String host = base.getHost() == null ? "" : base.getHost().toLowerCase(Locale.ROOT);
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    boolean literalOrLocal = bare.equals("localhost") || bare.matches("[0-9.]+|[0-9a-f:]+");
    return CERNER_SANDBOX_HOSTS.contains(bare) || (literalOrLocal && Listeners.isLoopback(bare));
  }
}
