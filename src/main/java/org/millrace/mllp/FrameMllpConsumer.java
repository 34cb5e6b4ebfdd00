package org.millrace.mllp;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Processor;
import org.apache.camel.component.mllp.MllpConfiguration;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on one port and hands each frame to a route: the body is the frame's bytes, the header
 * {@link #PEER} says where it came from, and the {@code byte[]} that the route leaves as body is
 * the reply. One thread for each connection; the frames of one connection are handled and answered
 * in order.
 */
public final class FrameMllpConsumer extends DefaultConsumer {

  /**
   * Exchange property that a route may set to a {@code Consumer<Boolean>}: it is told whether the
   * reply could be written to the connection, once, on the connection's thread. With it a route may
   * leave an empty reply, which means that the sender gets none.
   */
  public static final String REPLY_WRITTEN = "MillraceReplyWritten";

  /**
   * Exchange property that a route may take: a {@code BiConsumer<byte[], Consumer<Boolean>>} that
   * sends a further reply on the connection at any time later, without waiting, and tells whether
   * it could be written.
   */
  public static final String WAY_BACK = "MillraceWayBack";

  /** Exchange property: a Boolean, true where the port's senders get no replies. */
  public static final String NO_REPLIES = "MillraceNoReplies";

  /** Exchange property: how a batch is to be answered, {@code batch}, {@code each}, {@code one}. */
  public static final String BATCH_REPLIES = "MillraceBatchReplies";

  /**
   * Exchange property that a route may set to a {@code List<byte[]>}: replies to be sent each in a
   * frame of its own, in place of the body.
   */
  public static final String REPLIES = "MillraceReplies";

  /**
   * Exchange property that a route may set to true: the message was not dealt with and must be sent
   * again. With MLLP release 2 its sender is told so by a 15 instead of a reply.
   */
  public static final String NOT_TAKEN = "MillraceNotTaken";

  /** The only header set: address and port of the sender, {@code 10.1.2.3:51234}. */
  public static final String PEER = "MillracePeer";

  private static final Logger LOG = LoggerFactory.getLogger(FrameMllpConsumer.class);

  /** Connections that may wait to be accepted: a hospital's devices reconnect all at once. */
  private static final int BACKLOG = 1024;

  private static final long LONGEST_LOOK_MILLIS = 250;

  private final FrameMllpEndpoint endpoint;
  private final FrameMllpComponent component;
  private final Optional<Tls> tls;
  private final Admission admission;
  private final Set<MllpConnection> connections = ConcurrentHashMap.newKeySet();
  private final Departures departures = new Departures();
  private volatile @Nullable ServerSocket listening;
  private volatile @Nullable ExecutorService threads;

  FrameMllpConsumer(FrameMllpEndpoint endpoint, FrameMllpComponent component, Processor processor) {
    super(endpoint, processor);
    this.endpoint = endpoint;
    this.component = component;
    this.tls = tls(endpoint);
    this.admission =
        new Admission(
            component.allowed(),
            component.blocked(),
            endpoint.getConfiguration().getMaxConcurrentConsumers(),
            component.limits().connectionsOfPeer());
  }

  /** The port that is listened on; 0 while stopped. */
  public int port() {
    ServerSocket socket = listening;
    return socket == null ? 0 : socket.getLocalPort();
  }

  @Override
  public boolean isHostedService() {
    return true;
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    ServerSocket socket = bind();
    listening = socket;
    component.bound(String.valueOf(getRouteId()), this);
    component.watch().listening(socket.getLocalPort(), this::connectionCount);
    ExecutorService pool =
        endpoint.getCamelContext().getExecutorServiceManager().newCachedThreadPool(this, "Mllp");
    threads = pool;
    pool.execute(() -> accept(socket, pool));
    pool.execute(() -> look(socket));
  }

  private ServerSocket bind() throws IOException {
    MllpConfiguration options = endpoint.getConfiguration();
    ServerSocket socket = new ServerSocket();
    try {
      if (options.getReuseAddress() != null) {
        socket.setReuseAddress(options.getReuseAddress());
      }
      // Camel's default of five lets a handful of devices that reconnect together wait for seconds.
      int backlog = Math.max(BACKLOG, options.getBacklog() == null ? 0 : options.getBacklog());
      socket.bind(address(), backlog);
      return socket;
    } catch (BindException busy) {
      socket.close();
      BindException clear =
          new BindException(
              "MLLP cannot listen on "
                  + address().getHostString()
                  + " port "
                  + endpoint.getPort()
                  + ": "
                  + busy.getMessage());
      clear.initCause(busy);
      throw clear;
    } catch (IOException | RuntimeException failure) {
      socket.close();
      throw failure;
    }
  }

  /** Of this port; empty if its connections are in plain text. */
  Optional<Tls> tls() {
    return tls;
  }

  private static Optional<Tls> tls(FrameMllpEndpoint endpoint) {
    SSLContextParameters parameters = endpoint.getConfiguration().getSslContextParameters();
    if (parameters == null || parameters instanceof TlsParameters) {
      return Optional.ofNullable((TlsParameters) parameters).map(TlsParameters::tls);
    }
    throw new IllegalArgumentException(
        "sslContextParameters of an MLLP route must be #tls: certificates are settings");
  }

  private InetSocketAddress address() {
    String host = endpoint.getHostname();
    return host == null || host.isEmpty()
        ? new InetSocketAddress(endpoint.getPort())
        : new InetSocketAddress(host, endpoint.getPort());
  }

  private void accept(ServerSocket socket, ExecutorService pool) {
    while (!socket.isClosed()) {
      try {
        admit(socket.accept(), pool);
      } catch (IOException failure) {
        if (!socket.isClosed()) {
          // Out of file descriptors, as a rule: wait for some to be freed, and go on listening.
          LOG.warn("MLLP port {} could not accept a connection", socket.getLocalPort(), failure);
          pause(200);
        }
      }
    }
  }

  /**
   * Looks after the replies that nobody reads, as a write cannot be given a time of its own; and
   * after what has been decided or is over since.
   */
  private void look(ServerSocket socket) {
    MllpLimits limits = component.limits();
    long limit = Math.min(limits.replyWithin().toMillis(), limits.frameWithin().toMillis());
    while (!socket.isClosed()) {
      for (MllpConnection each : connections) {
        each.closeIfUnread();
        each.closeIfUnshaken();
        if (component.blocked().test(each.address())) {
          each.stopAfterFrame(ConnectionTally.BLOCKED);
        }
      }
      component.captures().forget();
      pause(Math.max(10, Math.min(LONGEST_LOOK_MILLIS, limit / 4)));
    }
  }

  private static void pause(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void admit(Socket socket, ExecutorService pool) throws IOException {
    InetAddress peer = socket.getInetAddress();
    ConnectionTally tally =
        new ConnectionTally(component.nextConnection(), MllpConnection.nameOf(socket));
    Optional<WireFault.Kind> refused = admission.enter(peer);
    if (refused.isPresent()) {
      tally.noted(refused.get(), 1, "");
      departures.add(tally);
      tell(
          new WireFault(
              refused.get(),
              socket.getLocalPort(),
              MllpConnection.nameOf(socket),
              "",
              1,
              new byte[0]));
      socket.close();
      return;
    }
    MllpConnection connection = new MllpConnection(socket, this, tally);
    connections.add(connection);
    try {
      pool.execute(connection);
    } catch (RuntimeException stopped) {
      ended(connection);
      socket.close();
    }
  }

  void ended(MllpConnection connection) {
    if (connections.remove(connection)) {
      admission.leave(connection.address());
    }
  }

  /** One that was admitted has told all there is to tell of it. */
  void departed(ConnectionTally connection) {
    departures.add(connection);
  }

  /** How it is now, under the id of its route. */
  ListenerView view(String route) {
    Acknowledged acknowledged = new Acknowledged(component.replies(), endpoint.mode());
    return new ListenerView(
        route,
        port(),
        tls.isPresent(),
        endpoint.mode().words(),
        endpoint.getConfiguration().getMaxConcurrentConsumers(),
        connections.stream()
            .map(each -> each.tally().view(acknowledged::sender, 1))
            .sorted(Comparator.comparing(ConnectionView::number))
            .toList(),
        departures.views(acknowledged::sender).stream()
            .sorted(Comparator.comparing(FrameMllpConsumer::sinceEnd))
            .toList());
  }

  private static Duration sinceEnd(ConnectionView gone) {
    return gone.end().map(ConnectionView.End::ago).orElse(Duration.ZERO);
  }

  /** False if no connection has this number. */
  boolean drop(long number) {
    return connections.stream()
        .filter(each -> each.tally().number() == number)
        .findFirst()
        .map(
            each -> {
              each.stopAfterFrame(ConnectionTally.DROPPED);
              return true;
            })
        .orElse(false);
  }

  void tell(WireFault fault) {
    try {
      component.watch().noted(fault);
    } catch (RuntimeException failure) {
      LOG.error("{} could not be put on record: {}", fault, failure.getClass().getName());
    }
  }

  /** Runs what connections have to do beside reading; rejects it while stopping. */
  Executor pool() {
    return task -> {
      ExecutorService open = threads;
      if (open == null) {
        throw new RejectedExecutionException("the listener is stopped");
      }
      open.execute(task);
    };
  }

  /** False from the moment it stops. */
  boolean listens() {
    return listening != null;
  }

  FrameMllpEndpoint endpoint() {
    return endpoint;
  }

  FrameMllpComponent component() {
    return component;
  }

  /** Connections open now. */
  public int connectionCount() {
    return admission.count();
  }

  /** Closes the port and the idle connections; those that handle a frame answer it first. */
  @Override
  protected void doStop() throws Exception {
    ServerSocket socket = listening;
    if (socket != null) {
      listening = null;
      socket.close();
      component.unbound(String.valueOf(getRouteId()));
    }
    connections.forEach(each -> each.stopAfterFrame(ConnectionTally.STOPPED));
    ExecutorService pool = threads;
    if (pool != null) {
      long wait =
          endpoint
              .getCamelContext()
              .getShutdownStrategy()
              .getTimeUnit()
              .toMillis(endpoint.getCamelContext().getShutdownStrategy().getTimeout());
      pool.shutdown();
      if (!pool.awaitTermination(wait, TimeUnit.MILLISECONDS)) {
        LOG.warn("MLLP frames in work were given up after {} ms", wait);
        connections.forEach(MllpConnection::close);
      }
      endpoint.getCamelContext().getExecutorServiceManager().shutdownNow(pool);
      threads = null;
    }
    super.doStop();
  }
}
