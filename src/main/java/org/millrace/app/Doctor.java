package org.millrace.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.millrace.app.Finding.Verdict;
import org.millrace.app.Finding.Who;
import org.millrace.cerner.Call;
import org.millrace.cerner.CernerActions;
import org.millrace.cerner.CernerSettings;
import org.millrace.cerner.CernerSettings.Authorization;
import org.millrace.cerner.ConnectionCheck;
import org.millrace.cerner.Permission;
import org.millrace.cerner.Reply;
import org.millrace.mapping.Mapper;
import org.millrace.mapping.Mappings;
import org.millrace.mapping.RuleFaultsException;
import org.millrace.rest.HttpNeeds;

/**
 * Walks the way from the settings to an answer of Cerner, step by step, and says in words where it
 * ends, what to do, and who. It writes nothing and reads no patient: what it asks for cannot exist.
 *
 * <p>Source: Cerner Millennium R4, Authorization; SMART App Launch 2, conformance.
 */
public final class Doctor {
  private static final Duration WITHIN = Duration.ofSeconds(15);
  private static final Duration CLOCK_OFF = Duration.ofSeconds(30);

  private final CernerSettings cerner;
  private final ScopeNeeds needs;
  private final Clock clock;
  private final Consumer<Finding> told;
  private boolean allGood = true;

  private Doctor(CernerSettings cerner, ScopeNeeds needs, Clock clock, Consumer<Finding> told) {
    this.cerner = cerner;
    this.needs = needs;
    this.clock = clock;
    this.told = told;
  }

  /**
   * Makes all steps, for each tenant; a step that needs a bad one is left out, and said to be.
   *
   * @param told is given each finding as soon as it is there
   * @return whether nothing is bad
   * @throws IOException if the route or mapping files cannot be read
   */
  public static boolean examine(Settings settings, Clock clock, Consumer<Finding> told)
      throws IOException {
    Path routes = settings.home().resolve("routes");
    Mapper mapper = mapper(settings);
    boolean good =
        examine(settings.cerner(), ScopeNeeds.of(routes, "", HttpNeeds.all(mapper)), clock, told);
    for (Map.Entry<String, Tenant> each : new TreeMap<>(settings.tenants()).entrySet()) {
      String name = each.getKey();
      good &=
          examine(
              each.getValue().cerner(),
              ScopeNeeds.of(routes, name, HttpNeeds.all(mapper.ofTenant(name))),
              clock,
              finding -> told.accept(finding.of(name)));
    }
    if (settings.provider().isPresent()) {
      List<Finding> logIn = ProviderExamination.of(settings.provider().get().settings(), clock);
      logIn.forEach(told);
      good &= logIn.stream().noneMatch(each -> each.verdict() == Verdict.BAD);
    }
    return good;
  }

  private static Mapper mapper(Settings settings) throws IOException {
    try {
      return new Mapper(Mappings.load(settings.home().resolve("mappings")))
          .forTarget(settings.target());
    } catch (RuleFaultsException faults) {
      throw new IOException("the mapping files cannot be read; see millrace check", faults);
    }
  }

  private static boolean examine(
      CernerSettings cerner, ScopeNeeds needs, Clock clock, Consumer<Finding> told) {
    Doctor doctor = new Doctor(cerner, needs, clock, told);
    doctor.examine();
    return doctor.allGood;
  }

  private boolean tell(Finding finding) {
    boolean good = finding.verdict() != Verdict.BAD;
    allGood &= good;
    told.accept(finding);
    return good;
  }

  private static Call call() {
    return Call.within(WITHIN);
  }

  private void examine() {
    tell(Finding.good("settings", account()));
    if (!reachable(cerner.fhirBaseUrl())) {
      tell(Finding.skipped("discovery", "Not tried: the FHIR server cannot be reached."));
      return;
    }
    try (ConnectionCheck check = new ConnectionCheck(cerner);
        CernerActions actions = new CernerActions(cerner, clock)) {
      boolean mayAsk = cerner.authorization() == Authorization.NONE || signedIn(check, actions);
      metadata(check);
      if (mayAsk) {
        reads(actions);
      } else {
        tell(Finding.skipped("reads", "Not tried: there is no token."));
      }
    }
  }

  private String account() {
    String proof =
        cerner
            .clientKey()
            .map(key -> "signs with the key " + key.id() + " (" + key.algorithm() + ")")
            .orElse("proves itself by a secret");
    return cerner.authorization() == Authorization.NONE
        ? cerner.fhirBaseUrl() + ", without tokens"
        : cerner.fhirBaseUrl() + ", client " + cerner.clientId() + ", which " + proof;
  }

  private boolean reachable(URI address) {
    boolean good = true;
    for (Finding each : new HostCheck(cerner.connectTimeout(), clock).check(address)) {
      good &= tell(each);
    }
    return good;
  }

  private boolean signedIn(ConnectionCheck check, CernerActions actions) {
    discovery(check);
    Reply<URI> tokenUrl = check.tokenUrl(call());
    if (!(tokenUrl instanceof Reply.Done<URI> url)) {
      return tell(Finding.bad("discovery", ((Reply.Failed<URI>) tokenUrl).fault()));
    }
    String how =
        cerner.tokenUrl().isPresent()
            ? "as MILLRACE_TOKEN_URL says"
            : check.isDerived(url.value())
                ? "made of the tenant's id, since the server does not tell it"
                : "as the server tells";
    tell(Finding.good("discovery", "Tokens are asked for at " + url.value() + ", " + how + "."));
    boolean otherHost = !url.value().getAuthority().equals(cerner.fhirBaseUrl().getAuthority());
    if (otherHost && !reachable(url.value())) {
      return false;
    }
    return token(actions);
  }

  /** What the server says it takes, where it says so; only a hint, since the token tells. */
  private void discovery(ConnectionCheck check) {
    if (!(check.smartConfiguration(call()) instanceof Reply.Done<ObjectNode> done)) {
      return;
    }
    String method = cerner.clientKey().isPresent() ? "private_key_jwt" : "client_secret_basic";
    JsonNode methods = done.value().path("token_endpoint_auth_methods_supported");
    if (methods.isArray() && !holds(methods, method)) {
      tell(
          Finding.doubtful(
              "discovery",
              "The server does not offer " + method + "; it offers " + methods + ".",
              Who.WE,
              "use a secret or a key as the server offers"));
    }
    JsonNode algorithms = done.value().path("token_endpoint_auth_signing_alg_values_supported");
    cerner
        .clientKey()
        .filter(key -> algorithms.isArray() && !holds(algorithms, key.algorithm()))
        .ifPresent(
            key ->
                tell(
                    Finding.doubtful(
                        "discovery",
                        "The server does not take "
                            + key.algorithm()
                            + ", only "
                            + algorithms
                            + ".",
                        Who.WE,
                        "make another key: ./millrace keys new --algorithm")));
  }

  private static boolean holds(JsonNode list, String word) {
    for (JsonNode each : list) {
      if (each.asText().equals(word)) {
        return true;
      }
    }
    return false;
  }

  private boolean token(CernerActions actions) {
    Reply<List<String>> reply = actions.signIn(call());
    clock(actions);
    if (!(reply instanceof Reply.Done<List<String>> granted)) {
      return tell(Finding.bad("token", ((Reply.Failed<List<String>>) reply).fault()));
    }
    tell(Finding.good("token", "The authorization server gave a token."));
    List<String> missing = needs.missing(granted.value());
    for (String sentence : missing) {
      tell(
          Finding.bad(
              "scopes",
              sentence,
              Who.SITE,
              "have the tenant enable it for the system account; leave what is not wanted out of"
                  + " routes/, and see MILLRACE_SCOPES"));
    }
    if (missing.isEmpty()) {
      tell(Finding.good("scopes", "Every scope that is needed was granted: " + granted.value()));
    }
    return true;
  }

  private void clock(CernerActions actions) {
    actions
        .clockAhead()
        .ifPresent(
            ahead -> {
              String sentence =
                  "Our clock is "
                      + ahead.abs().toSeconds()
                      + " seconds "
                      + (ahead.isNegative() ? "behind" : "ahead of")
                      + " the authorization server's.";
              tell(
                  ahead.abs().compareTo(CLOCK_OFF) <= 0
                      ? Finding.good("clock", sentence)
                      : Finding.doubtful(
                          "clock", sentence, Who.WE, "set the clock of this machine, by NTP"));
            });
  }

  private void metadata(ConnectionCheck check) {
    Reply<ObjectNode> reply = check.metadata(call());
    if (!(reply instanceof Reply.Done<ObjectNode> done)) {
      tell(Finding.bad("metadata", ((Reply.Failed<ObjectNode>) reply).fault()));
      return;
    }
    String version = done.value().path("fhirVersion").asText();
    if (!version.startsWith("4.0")) {
      tell(
          Finding.bad(
              "metadata",
              "The server speaks FHIR " + version + ", and the engine R4 (4.0).",
              Who.WE,
              "name the R4 service root in MILLRACE_FHIR_BASE_URL"));
      return;
    }
    Set<String> lacking = new TreeSet<>();
    for (Permission each : needs.all()) {
      if (!offers(done.value(), each.type())) {
        lacking.add(each.type());
      }
    }
    tell(
        lacking.isEmpty()
            ? Finding.good("metadata", "FHIR " + version + ", with every type that is needed.")
            : Finding.doubtful(
                "metadata",
                "The server does not say that it has " + String.join(", ", lacking) + ".",
                Who.SITE,
                "ask the site whether its tenant serves them"));
  }

  private static boolean offers(ObjectNode statement, String type) {
    for (JsonNode rest : statement.path("rest")) {
      for (JsonNode resource : rest.path("resource")) {
        if (resource.path("type").asText().equals(type)) {
          return true;
        }
      }
    }
    return false;
  }

  private void reads(CernerActions actions) {
    List<String> granted = new ArrayList<>(actions.grantedScopes());
    boolean scoped = cerner.authorization() == Authorization.SMART;
    for (Probe probe : Probe.of(needs.all())) {
      boolean mayTry = !scoped || granted.stream().anyMatch(probe.permission()::isGivenBy);
      tell(
          mayTry
              ? probe.ask(actions, call())
              : Finding.skipped(probe.action(), "Not tried: the scope for it was not granted."));
    }
    tell(Finding.skipped("writes", "Not tried: they would change charts."));
  }
}
