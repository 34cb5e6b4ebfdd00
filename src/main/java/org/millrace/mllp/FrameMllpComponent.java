package org.millrace.mllp;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.apache.camel.Endpoint;
import org.apache.camel.component.mllp.MllpComponent;
import org.apache.camel.component.mllp.MllpComponentConfigurer;
import org.apache.camel.component.mllp.MllpConfiguration;
import org.apache.camel.component.mllp.MllpEndpointConfigurer;
import org.apache.camel.spi.PropertyConfigurer;
import org.apache.camel.support.CamelContextHelper;
import org.millrace.hl7.Replies;

/**
 * The {@code mllp:} scheme with Camel's options and our own consumer, which never drops a pipelined
 * frame, never joins a torn one with the next, and always replies. Bind it as bean {@code mllp}.
 *
 * <p>Of the options of Camel's consumer these hold here: {@code backlog}, {@code
 * maxConcurrentConsumers} (connections at a time), {@code maxBufferSize} (bytes of a frame), {@code
 * tcpNoDelay}, {@code keepAlive}, {@code reuseAddress} (true unless the route says otherwise),
 * {@code sslContextParameters}; the time-outs and all that concerns its own acknowledgments do not.
 * Producers are Camel's own. Message logging is off. Three options are ours: {@code replies}
 * ({@code all}, {@code none}), {@code mllpRelease} ({@code 1}, {@code 2}) and {@code batchReplies}
 * ({@code batch}, {@code each}, {@code one}).
 */
public final class FrameMllpComponent extends MllpComponent {

  private final Replies replies;
  private final MllpLimits limits;
  private final AllowedPeers allowed;
  private final WireWatch watch;
  private final FrameRoom room;
  private final Captures captures = new Captures();
  private final Map<String, FrameMllpConsumer> listeners = new ConcurrentHashMap<>();
  private final AtomicLong connections = new AtomicLong();
  private Predicate<InetAddress> blocked = address -> false;

  /** Open to all within {@link MllpLimits#DEFAULT}, watched by nobody. */
  public FrameMllpComponent(Replies replies) {
    this(replies, MllpLimits.DEFAULT, AllowedPeers.ALL, WireWatch.NOBODY);
  }

  /**
   * @param replies writes the reply where a route gives none
   * @param watch told what is turned away
   */
  public FrameMllpComponent(
      Replies replies, MllpLimits limits, AllowedPeers allowed, WireWatch watch) {
    this.replies = replies;
    this.limits = limits;
    this.allowed = allowed;
    this.watch = watch;
    this.room = new FrameRoom(limits.memoryBytes());
    setLogPhi(false);
  }

  /**
   * Takes no connection of some addresses, and ends those that are open; to be called before a
   * route starts.
   *
   * @param now whether an address is one of them at the moment; asked often, on many threads
   */
  public FrameMllpComponent blocking(Predicate<InetAddress> now) {
    blocked = now;
    return this;
  }

  @Override
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
      throws Exception {
    MllpConfiguration configuration =
        hasConfiguration() ? getConfiguration().copy() : new MllpConfiguration();
    // Camel's default would keep the port busy for as long as a sender of the run before holds its
    // end open, and a minute after, so that an engine that was killed could not be started again.
    configuration.setReuseAddress(true);
    ListenerMode mode =
        ListenerMode.read(
            getAndRemoveParameter(parameters, "replies", String.class, "all"),
            getAndRemoveParameter(parameters, "mllpRelease", String.class, "1"),
            getAndRemoveParameter(parameters, "batchReplies", String.class, "batch"));
    FrameMllpEndpoint endpoint = new FrameMllpEndpoint(uri, this, configuration, mode);
    if (configuration.getSslContextParameters() == null) {
      configuration.setSslContextParameters(retrieveGlobalSslContextParameters());
    }
    endpoint.setCharsetName(getDefaultCharset());
    int colon = remaining.lastIndexOf(':');
    if (colon >= 0) {
      endpoint.setHostname(remaining.substring(0, colon));
    }
    endpoint.setPort(
        CamelContextHelper.parseInt(getCamelContext(), remaining.substring(colon + 1)));
    setProperties(endpoint, parameters);
    return endpoint;
  }

  // Camel finds the generated configurers by the exact class name, and this class is another.
  @Override
  public PropertyConfigurer getEndpointPropertyConfigurer() {
    return new MllpEndpointConfigurer();
  }

  @Override
  public PropertyConfigurer getComponentPropertyConfigurer() {
    return new MllpComponentConfigurer();
  }

  /**
   * The port each running route listens on, by route id; port 0 in a route lets the system choose.
   */
  public Map<String, Integer> boundPorts() {
    Map<String, Integer> ports = new TreeMap<>();
    listeners.forEach((route, listener) -> ports.put(route, listener.port()));
    return ports;
  }

  /** Those that are open, by the ids of their routes, with their connections as they are now. */
  public List<ListenerView> listeners() {
    return new TreeMap<>(listeners)
        .entrySet().stream().map(each -> each.getValue().view(each.getKey())).toList();
  }

  /**
   * Ends a connection: at once if it waits for a frame, else once the frame in work is answered.
   *
   * @param number as {@link ConnectionView#number()} tells it
   * @return false if no such connection is open
   */
  public boolean drop(long number) {
    return listeners.values().stream().anyMatch(each -> each.drop(number));
  }

  /** What is kept of senders because an operator asked for it. */
  public Captures captures() {
    return captures;
  }

  void bound(String routeId, FrameMllpConsumer listener) {
    listeners.put(routeId, listener);
  }

  void unbound(String routeId) {
    listeners.remove(routeId);
  }

  /** A number that no other connection has. */
  long nextConnection() {
    return connections.incrementAndGet();
  }

  Replies replies() {
    return replies;
  }

  MllpLimits limits() {
    return limits;
  }

  AllowedPeers allowed() {
    return allowed;
  }

  Predicate<InetAddress> blocked() {
    return blocked;
  }

  WireWatch watch() {
    return watch;
  }

  FrameRoom frameRoom() {
    return room;
  }
}
