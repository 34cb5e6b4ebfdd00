package org.millrace.app;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.main.Main;
import org.apache.camel.main.SimpleMainShutdownStrategy;
import org.apache.camel.model.Model;
import org.apache.camel.model.ModelLifecycleStrategySupport;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.errorhandler.NoErrorHandlerDefinition;
import org.millrace.delivery.StoppedListener;
import org.millrace.guard.Gate;
import org.millrace.journal.MessageState;
import org.millrace.journal.Reason;
import org.millrace.mllp.FrameMllpComponent;
import org.millrace.mllp.Tls;
import org.millrace.rest.HttpFaces;
import org.millrace.rest.MessageReplies;
import org.millrace.routing.Dispatcher;
import org.millrace.routing.FeedComponent;
import org.millrace.routing.FeedTable;
import org.millrace.routing.RouteFiles;
import org.millrace.routing.Steps;
import org.millrace.routing.StoppedMessages;

/** The Camel side of an engine: the route files, the beans they name, the listeners they open. */
final class Routes implements AutoCloseable {
  /** The route whose port is told as the engine's MLLP port; a site may add others. */
  private static final String MLLP_ROUTE = "hl7-over-mllp";

  /** For frames and requests in work; those that take longer are not answered. */
  private static final String STOP_SECONDS = "3";

  private final Settings settings;
  private final Optional<Tls> tls;
  private final MeterRegistry metrics;
  private final Main main = new Main();
  private Optional<StoppedListener> stopped = Optional.empty();
  private int mllpPort;
  private int httpPort;

  Routes(Settings settings, Optional<Tls> tls, MeterRegistry metrics) {
    this.settings = settings;
    this.tls = tls;
    this.metrics = metrics;
    // Camel's own would add a hook to the end of the process, beside ours, and keep hold of every
    // engine that was ever started in it.
    main.setShutdownStrategy(new SimpleMainShutdownStrategy());
    main.setOverrideProperties(properties(settings));
    // Camel would let CAMEL_SERVER_PORT of the environment win over our setting, and for
    // {{millrace.mllp.port}} take MILLRACE_MLLP_PORT instead of the port that was chosen.
    main.configure().setAutoConfigurationEnvironmentVariablesEnabled(false);
    main.configure().setAutoConfigurationSystemPropertiesEnabled(false);
  }

  private static Properties properties(Settings settings) {
    Listeners listeners = settings.listeners();
    Properties properties = new Properties();
    properties.setProperty("camel.main.name", "millrace");
    properties.setProperty("camel.main.autoConfigurationLogSummary", "false");
    properties.setProperty("camel.main.startupSummaryLevel", "off");
    properties.setProperty("camel.main.shutdownTimeout", STOP_SECONDS);
    properties.setProperty("camel.main.shutdownLogInflightExchangesOnTimeout", "false");
    properties.setProperty("camel.main.jmxEnabled", "false");
    properties.setProperty("camel.main.logExhaustedMessageBody", "false");
    properties.setProperty("camel.main.autoConfigurationFailFast", "true");
    properties.setProperty("millrace.bind", listeners.bind());
    properties.setProperty("millrace.mllp.port", String.valueOf(listeners.mllpPort()));
    properties.setProperty("millrace.mllp.connections", String.valueOf(listeners.connections()));
    // Left out where there is none, and with it the parameter of the route.
    if (listeners.tlsFor().contains("mllp")) {
      properties.setProperty("millrace.mllp.tls", "#tls");
    }
    properties.setProperty(
        "millrace.query.allergies",
        settings.hl7().queryAllergies().name().toLowerCase(Locale.ROOT));
    properties.setProperty("millrace.zone", settings.hl7().zone().getId());
    properties.setProperty(
        "millrace.webhook.enabled", String.valueOf(settings.webhook().isPresent()));
    properties.setProperty(
        "millrace.webhook.url",
        settings.webhook().map(Object::toString).orElse("http://webhook.not.set"));
    return properties;
  }

  /**
   * What HTTP hands a message to: the dispatcher, for bytes that came without a listener of ours.
   *
   * @param gate knows as whom a caller may send
   */
  MessageReplies toReply(Dispatcher dispatcher, Gate gate) {
    return (message, caller, address) ->
        dispatcher.replyTo(
            message,
            caller.name().isEmpty() ? "http" : "http, " + caller.name(),
            sender -> gate.refuseSending(caller, address, sender),
            main.getCamelContext());
  }

  /**
   * Starts every route; the listeners are open when this returns.
   *
   * @param faces by tenant, the one without a name under the empty text
   * @throws StartException if a route file is wrong or a port was taken meanwhile
   */
  void start(
      FeedTable feeds,
      Dispatcher dispatcher,
      Steps steps,
      Map<String, HttpFaces> faces,
      FrameMllpComponent mllp)
      throws StartException {
    Path folder = settings.home().resolve("routes");
    List<Path> files = checked(folder);
    main.configure()
        .setRoutesIncludePattern(
            files.stream().map(file -> "file:" + file).collect(Collectors.joining(",")));
    main.bind("mllp", mllp);
    tls.ifPresent(open -> main.bind("tls", open.parameters()));
    main.bind("feed", new FeedComponent(feeds, settings.hl7().zone()));
    main.bind("hl7", dispatcher);
    main.bind("steps", steps);
    faces.forEach(this::bind);
    HttpListener http = new HttpListener(settings.listeners(), tls, metrics);
    faces.values().forEach(each -> each.guardedBy(http.door()));
    main.addMainListener(
        new org.apache.camel.main.MainListenerSupport() {
          @Override
          public void beforeConfigure(org.apache.camel.main.BaseMainSupport configured) {
            configured
                .getCamelContext()
                .getCamelContextExtension()
                .getContextPlugin(Model.class)
                .addModelLifecycleStrategy(new FeedsFirst());
          }

          @Override
          public void afterConfigure(org.apache.camel.main.BaseMainSupport configured) {
            CamelContext context = configured.getCamelContext();
            readNoEnvironment(context);
            // The default handler logs texts of exceptions, and those may quote a message.
            context
                .getCamelContextExtension()
                .setErrorHandlerFactory(new NoErrorHandlerDefinition());
            bindStoppedMessages(context);
            addHttp(context, http);
          }
        });
    try {
      main.start();
      mllpPort = mllp.boundPorts().getOrDefault(MLLP_ROUTE, 0);
      httpPort = http.getPort();
    } catch (Exception e) {
      throw new StartException("the routes cannot start: " + innermost(e), e);
    }
  }

  /** A description, and HL7 over HTTP, are no tenant's: the feed of a message says whose it is. */
  private void bind(String tenant, HttpFaces faces) {
    String end = tenant.isEmpty() ? "" : "-" + tenant;
    main.bind("fhirFace" + end, faces.fhir());
    main.bind("actionsFace" + end, faces.actions());
    if (tenant.isEmpty()) {
      main.bind("openApiFace", faces.openApi());
      main.bind("hl7Face", faces.hl7());
    }
  }

  /**
   * Feeds are open before the first listener is and until the last one is closed: a message that
   * comes as the engine starts or stops would be refused as one of a type that nobody takes, and
   * its sender would not send it again.
   */
  private static final class FeedsFirst extends ModelLifecycleStrategySupport {
    private int order = 500;

    @Override
    public void onAddRouteDefinition(RouteDefinition route) {
      if (route.getStartupOrder() == null && route.getEndpointUrl().startsWith("feed:")) {
        // What names no order gets one from 1000 on; they are stopped the other way round.
        route.setStartupOrder(order++);
      }
    }
  }

  private static void addHttp(CamelContext context, HttpListener http) {
    try {
      context.getRegistry().bind("platform-http-engine", http.engine(context));
      context.addService(http);
    } catch (Exception e) {
      throw new IllegalStateException("the HTTP listener cannot be added", e);
    }
  }

  /** A placeholder in a route file means what the settings say, and nothing else. */
  private static void readNoEnvironment(CamelContext context) {
    if (context.getPropertiesComponent() instanceof PropertiesComponent values) {
      values.setEnvironmentVariableMode(PropertiesComponent.ENVIRONMENT_VARIABLES_MODE_NEVER);
      values.setSystemPropertiesMode(PropertiesComponent.SYSTEM_PROPERTIES_MODE_NEVER);
    }
  }

  private void bindStoppedMessages(CamelContext context) {
    StoppedMessages notices = new StoppedMessages(context.createProducerTemplate(), metrics);
    context.getRegistry().bind("stoppedMessages", notices);
    if (settings.webhook().isPresent()) {
      stopped = Optional.of(notices);
    }
  }

  private static List<Path> checked(Path folder) throws StartException {
    try {
      List<String> faults = RouteFiles.check(folder);
      if (!faults.isEmpty()) {
        throw new StartException("route files need mending:\n  " + String.join("\n  ", faults));
      }
      return RouteFiles.list(folder);
    } catch (IOException e) {
      throw new StartException(folder + " cannot be read", e);
    }
  }

  private static String innermost(Throwable fault) {
    Throwable cause = fault;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }

  /** The port that was opened; 0 if a site has no such route. */
  int mllpPort() {
    return mllpPort;
  }

  int httpPort() {
    return httpPort;
  }

  /** Who is told of messages that stop: the webhook's route, or nobody. */
  StoppedListener stoppedListener() {
    return stopped.orElse((long messageId, String feed, MessageState state, Reason reason) -> {});
  }

  @Override
  public void close() {
    main.stop();
  }
}
