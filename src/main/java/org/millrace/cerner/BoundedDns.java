package org.millrace.cerner;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;

/**
 * Looks names up no longer than a connection may take: the system's own look-up can hang for half a
 * minute and nothing can interrupt it.
 */
public final class BoundedDns implements DnsResolver {
  private final ExecutorService lookups =
      Executors.newCachedThreadPool(DaemonThreads.named("cerner-dns"));
  private final Duration limit;

  /**
   * @param limit how long one look-up may take
   */
  public BoundedDns(Duration limit) {
    this.limit = limit;
  }

  @Override
  public InetAddress[] resolve(String host) throws UnknownHostException {
    Future<InetAddress[]> lookup =
        lookups.submit(() -> SystemDefaultDnsResolver.INSTANCE.resolve(host));
    try {
      return lookup.get(Math.max(1, limit.toMillis()), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      lookup.cancel(true);
      throw unknown(host, e);
    } catch (InterruptedException e) {
      lookup.cancel(true);
      Thread.currentThread().interrupt();
      throw unknown(host, e);
    }
  }

  @Override
  public String resolveCanonicalHostname(String host) {
    return host;
  }

  private static UnknownHostException unknown(String host, Exception cause) {
    UnknownHostException unknown = new UnknownHostException(host);
    unknown.initCause(cause);
    return unknown;
  }
}
