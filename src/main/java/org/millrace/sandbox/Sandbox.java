package org.millrace.sandbox;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.net.BindException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A running imitation of Cerner's FHIR R4 server, its token server and HealtheIntent, on 127.0.0.1.
 *
 * <p>It holds a small invented hospital, described in {@code hospital.md} beside its seed. The
 * accessors may be called from any thread; requests are served one after the other by one event
 * loop.
 *
 * <p>Source: Cerner Millennium R4 documentation, and answers observed in Cerner's public sandbox.
 */
public final class Sandbox implements AutoCloseable {
  private static final String HOST = "127.0.0.1";
  private static final String TENANT = "b52f6f3a-8c1d-4e0b-9a57-3d6e1f20c4a9";
  private static final int LARGEST_HEADER = 64 * 1024;

  private final Vertx vertx;
  private final HttpServer server;
  private final Site site;
  private final TokenServer.Account account;
  private final boolean scopesV2;
  private final HealtheIntentAddress healtheIntent;

  /**
   * What reaches the imitation of HealtheIntent; the consumer key and secret of OAuth 1.0a are the
   * client id and secret.
   *
   * @param url without a slash at its end
   * @param dataPartition where the hospital's records come from
   * @param bearerToken made at start
   */
  public record HealtheIntentAddress(
      String url, String population, String dataPartition, String bearerToken) {

    /** Without the token. */
    @Override
    public String toString() {
      return url;
    }
  }

  private Sandbox(
      Vertx vertx,
      HttpServer server,
      Site site,
      TokenServer.Account account,
      boolean scopesV2,
      HealtheIntentAddress healtheIntent) {
    this.vertx = vertx;
    this.server = server;
    this.site = site;
    this.account = account;
    this.scopesV2 = scopesV2;
    this.healtheIntent = healtheIntent;
  }

  /**
   * Starts a sandbox and returns once it listens.
   *
   * @throws BindException where the port is taken
   * @throws IOException where listening fails otherwise, or the seed cannot be read
   */
  public static Sandbox start(SandboxOptions options) throws IOException {
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setFileCachingEnabled(false)
                        .setClassPathResolvingEnabled(false)));
    try {
      return start(vertx, options);
    } catch (IOException | RuntimeException failed) {
      await(vertx.close());
      throw failed;
    }
  }

  private static Sandbox start(Vertx vertx, SandboxOptions options) throws IOException {
    // Read before listening: afterwards nothing can fail between the first request and its answer.
    Seed seed = Seed.load(options.seed());
    Desk desk = new Desk();
    HttpServer server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setHost(HOST)
                    .setPort(options.port())
                    // Cerner promises HTTP/1.1 only; on HTTP/2 a dropped answer would drop others.
                    .setHttp2ClearTextEnabled(false)
                    .setHandle100ContinueAutomatically(true)
                    .setMaxInitialLineLength(LARGEST_HEADER)
                    .setMaxHeaderSize(LARGEST_HEADER))
            .requestHandler(request -> desk.open().receive(request));
    listen(server, options.port());
    String tenant = options.tenantId().orElse(TENANT);
    Site site =
        new Site(
            "http://" + HOST + ":" + server.actualPort(), tenant, new Codes(tenant, seed.codes()));
    String clientId = options.clientId().orElseGet(() -> UUID.randomUUID().toString());
    String secret = options.clientSecret().orElseGet(Sandbox::newSecret);
    TokenServer.Account account = new TokenServer.Account(clientId, secret);
    HealtheIntentRecords intent = new HealtheIntentRecords(seed.healtheIntent());
    HealtheIntentAddress address =
        new HealtheIntentAddress(
            site.origin() + "/" + HealtheIntentServer.ROOT,
            intent.population(),
            intent.dataPartition(),
            newSecret());
    desk.open(
        frontDoor(vertx, site, account, new Intent(intent, address.bearerToken()), seed, options));
    return new Sandbox(vertx, server, site, account, options.scopesV2(), address);
  }

  private record Intent(HealtheIntentRecords records, String bearer) {}

  /** Holds requests' way in until the port, which every address contains, is known. */
  private static final class Desk {
    private final CompletableFuture<FrontDoor> door = new CompletableFuture<>();

    void open(FrontDoor opened) {
      door.complete(opened);
    }

    FrontDoor open() {
      return door.join();
    }
  }

  private static FrontDoor frontDoor(
      Vertx vertx,
      Site site,
      TokenServer.Account account,
      Intent intent,
      Seed seed,
      SandboxOptions options) {
    SandboxClock clock = new SandboxClock(options.clock());
    Scopes scopes = new Scopes(options.scopesV2());
    TokenServer tokens = new TokenServer(site, account, options.clientKeys(), scopes, clock);
    Records records = new Records(clock);
    Hospital hospital = new Hospital(site, seed);
    hospital.fill(records);
    Pages pages = new Pages(site.fhirBaseUrl());
    Faults faults = new Faults();
    RequestLog log = new RequestLog(clock);
    Control control =
        new Control(
            hospital,
            new Control.State(records, pages, faults, log, tokens, clock, intent.records()));
    FhirServer fhir = new FhirServer(site, tokens, scopes, records, pages, options.ignored());
    HealtheIntentDoor.Account consumer =
        new HealtheIntentDoor.Account(intent.bearer(), account.id(), account.secret());
    HealtheIntentServer healtheIntent =
        new HealtheIntentServer(
            site.origin(), new HealtheIntentDoor(consumer, clock), intent.records());
    return new FrontDoor(vertx, control, tokens, fhir, healtheIntent, faults, log);
  }

  private static void listen(HttpServer server, int port) throws IOException {
    try {
      await(server.listen());
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof BindException) {
        BindException busy =
            new BindException("Port " + port + " on " + HOST + " is already in use.");
        busy.initCause(failed.getCause());
        throw busy;
      }
      throw new IOException("The sandbox could not listen on port " + port + ".", failed);
    }
  }

  private static <T> void await(Future<T> future) {
    future.toCompletionStage().toCompletableFuture().join();
  }

  private static String newSecret() {
    byte[] secret = new byte[24];
    new SecureRandom().nextBytes(secret);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
  }

  /** The TCP port it listens on. */
  public int port() {
    return server.actualPort();
  }

  /** The tenant in every address, a UUID. */
  public String tenantId() {
    return site.tenant();
  }

  /** The FHIR service root, without a slash at its end. */
  public String fhirBaseUrl() {
    return site.fhirBaseUrl();
  }

  /** Where tokens are asked for, in the newer form that smart-configuration tells. */
  public String tokenUrl() {
    return site.tokenUrl();
  }

  /** Where faults are set and requests listed, without a slash at its end. */
  public String controlUrl() {
    return site.origin() + "/control";
  }

  /** What reaches the imitation of HealtheIntent. */
  public HealtheIntentAddress healtheIntent() {
    return healtheIntent;
  }

  /** The system account's id. */
  public String clientId() {
    return account.id();
  }

  /** The system account's secret; made at start unless it was given. */
  public String clientSecret() {
    return account.secret();
  }

  /** Whether the system account is registered for SMART v2 scopes. */
  public boolean scopesV2() {
    return scopesV2;
  }

  /** Stops listening, closes every connection and forgets everything. */
  @Override
  public void close() {
    await(vertx.close());
  }
}
