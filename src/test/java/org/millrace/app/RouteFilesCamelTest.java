package org.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ServiceStatus;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RedeliveryPolicyDefinition;
import org.apache.camel.model.errorhandler.DeadLetterChannelDefinition;
import org.apache.camel.model.errorhandler.NoErrorHandlerDefinition;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.millrace.routing.RouteFiles;

/**
 * Every file in {@code routes/}, its entry replaced and the steps it names played by fakes: which
 * step a message meets, and that the step's reply goes back.
 */
final class RouteFilesCamelTest extends CamelTestSupport {
  private static final Path ROUTES = Path.of("routes");
  private static final String STOPPED = "stopped-messages.camel.yaml";
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  /** Where each file listens and the step it leads to. */
  private static final Map<String, Journey> JOURNEYS =
      Map.of(
          "actions.camel.yaml", new Journey("platform-http:/actions", "actionsFace"),
          "fhir.camel.yaml", new Journey("platform-http:/fhir/r4", "fhirFace"),
          "hl7-over-http.camel.yaml", new Journey("platform-http:/hl7", "hl7Face"),
          "hl7-over-mllp.camel.yaml",
              new Journey("mllp:{{millrace.bind}}:{{millrace.mllp.port}}", "hl7.receive"),
          "openapi.camel.yaml", new Journey("platform-http:/openapi.json", "openApiFace"),
          "oru-r01.camel.yaml", new Journey("feed:oru-r01", "steps.storeAndAcknowledge"),
          "qry-a19.camel.yaml", new Journey("feed:qry-a19", "steps.answerPatientQuery"));

  private final Queue<String> called = new ConcurrentLinkedQueue<>();
  private Optional<HttpServer> webhook = Optional.empty();
  private final Queue<String> notices = new ConcurrentLinkedQueue<>();

  private record Journey(String entry, String step) {}

  RouteFilesCamelTest() {
    testConfiguration().withUseAdviceWith(true);
  }

  @Override
  protected CamelContext createCamelContext() throws Exception {
    CamelContext context = super.createCamelContext();
    context.getCamelContextExtension().setErrorHandlerFactory(new NoErrorHandlerDefinition());
    return context;
  }

  @BeforeEach
  void bindFakes() {
    FakeSteps hl7 = new FakeSteps("hl7");
    context.getRegistry().bind("hl7", hl7);
    context.getRegistry().bind("steps", new FakeSteps("steps"));
    context.getRegistry().bind("stoppedMessages", new FakeSteps("stoppedMessages"));
    for (String face : List.of("fhirFace", "actionsFace", "openApiFace", "hl7Face")) {
      context.getRegistry().bind(face, (Processor) exchange -> reply(face, exchange));
    }
  }

  @AfterEach
  void stopWebhook() {
    webhook.ifPresent(server -> server.stop(0));
  }

  private void reply(String step, Exchange exchange) {
    called.add(step + " < " + exchange.getMessage().getBody(String.class));
    exchange.getMessage().setBody("reply of " + step);
  }

  /** Has the methods of all steps that files can name. */
  public final class FakeSteps {
    private final String name;

    FakeSteps(String name) {
      this.name = name;
    }

    public void receive(Exchange exchange) {
      reply(name + ".receive", exchange);
    }

    public void answerPatientQuery(Exchange exchange) {
      reply(name + ".answerPatientQuery", exchange);
    }

    public void storeAndAcknowledge(Exchange exchange) {
      reply(name + ".storeAndAcknowledge", exchange);
    }

    public void notDelivered(Exchange exchange) {
      called.add(name + ".notDelivered < " + exchange.getMessage().getBody(String.class));
    }
  }

  static Stream<Path> waysIn() throws IOException {
    return RouteFiles.list(ROUTES).stream().filter(file -> !file.endsWith(STOPPED));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("waysIn")
  void aMessageMeetsTheStepOfItsRouteAndTheReplyGoesBack(Path file) throws Exception {
    Journey journey = JOURNEYS.get(String.valueOf(file.getFileName()));
    assertThat(journey).as("say in this test what %s leads to", file).isNotNull();
    String id = load(file, "http://webhook.not.set", false);
    assertThat(entry(file)).isEqualTo(journey.entry());
    AdviceWith.adviceWith(context, id, advice -> advice.replaceFromWith("direct:in"));
    context.start();

    Object reply = template.requestBody("direct:in", "message");

    assertThat(called).containsExactly(journey.step() + " < message");
    assertThat(reply).isEqualTo("reply of " + journey.step());
  }

  @Test
  void everyRouteFileIsProvedHere() throws IOException {
    List<String> names = new ArrayList<>(JOURNEYS.keySet());
    names.add(STOPPED);
    assertThat(RouteFiles.list(ROUTES))
        .map(file -> String.valueOf(file.getFileName()))
        .containsExactlyInAnyOrderElementsOf(names);
  }

  @Test
  void aNoticeIsPostedAsJsonToTheWebhook() throws Exception {
    startStopped(webhookThatFails(0), true);

    template.sendBody("direct:in", "{\"state\":\"HELD\"}");

    assertThat(notices).containsExactly("POST /hook application/json {\"state\":\"HELD\"}");
    assertThat(called).isEmpty();
  }

  @Test
  void aNoticeIsPostedAgainWhenTheWebhookFailed() throws Exception {
    startStopped(webhookThatFails(2), true);

    template.sendBody("direct:in", "{\"state\":\"REFUSED\"}");

    assertThat(notices).hasSize(3).allMatch(each -> each.endsWith("{\"state\":\"REFUSED\"}"));
    assertThat(called).isEmpty();
  }

  @Test
  void aNoticeThatTheWebhookNeverTakesIsCountedAsNotDelivered() throws Exception {
    startStopped(webhookThatFails(Integer.MAX_VALUE), true);

    template.sendBody("direct:in", "{\"state\":\"HELD\"}");

    assertThat(notices).hasSize(6);
    assertThat(called).containsExactly("stoppedMessages.notDelivered < {\"state\":\"HELD\"}");
  }

  @Test
  void aWebhookThatIsNotThereLosesTheNoticeAlone() throws Exception {
    String url = webhookThatFails(0);
    webhook.ifPresent(server -> server.stop(0));
    startStopped(url, true);

    template.sendBody("direct:in", "{\"state\":\"HELD\"}");

    assertThat(called).containsExactly("stoppedMessages.notDelivered < {\"state\":\"HELD\"}");
  }

  @Test
  void withoutAWebhookTheRouteOfNoticesDoesNotRun() throws Exception {
    startStopped("http://webhook.not.set", false);

    assertThat(context.getRouteController().getRouteStatus("stopped-messages"))
        .isEqualTo(ServiceStatus.Stopped);
  }

  private void startStopped(String url, boolean enabled) throws Exception {
    String id = load(ROUTES.resolve(STOPPED), url, enabled);
    waitNoTimeBetweenTries(id);
    AdviceWith.adviceWith(context, id, advice -> advice.replaceFromWith("direct:in"));
    context.start();
  }

  /** The file's own waits add up to two minutes; how often it tries is left as it is. */
  private void waitNoTimeBetweenTries(String id) {
    DeadLetterChannelDefinition handler =
        (DeadLetterChannelDefinition)
            context
                .getCamelContextExtension()
                .getContextPlugin(ModelCamelContext.class)
                .getRouteDefinition(id)
                .getErrorHandler()
                .getErrorHandlerType();
    RedeliveryPolicyDefinition policy = handler.getRedeliveryPolicy();
    policy.setRedeliveryDelay("1");
    policy.setUseExponentialBackOff("false");
  }

  /**
   * @param times how often it answers 500 before it answers 200
   */
  private String webhookThatFails(int times) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 10);
    server.createContext(
        "/hook",
        exchange -> {
          notices.add(
              exchange.getRequestMethod()
                  + " "
                  + exchange.getRequestURI()
                  + " "
                  + exchange.getRequestHeaders().getFirst("Content-Type")
                  + " "
                  + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(notices.size() <= times ? 500 : 200, -1);
          exchange.close();
        });
    server.start();
    webhook = Optional.of(server);
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
  }

  /** Loads one file as the engine does; gives back its route's id. */
  private String load(Path file, String url, boolean enabled) throws Exception {
    Properties properties = new Properties();
    properties.setProperty("millrace.webhook.url", url);
    properties.setProperty("millrace.webhook.enabled", String.valueOf(enabled));
    context.getPropertiesComponent().setOverrideProperties(properties);
    PluginHelper.getRoutesLoader(context)
        .loadRoutes(ResourceHelper.resolveResource(context, "file:" + file.toAbsolutePath()));
    JsonNode route = YAML.readTree(Files.readAllBytes(file)).path(0).path("route");
    return route.path("id").asText();
  }

  private static String entry(Path file) throws IOException {
    return YAML.readTree(Files.readAllBytes(file)).at("/0/route/from/uri").asText();
  }
}
