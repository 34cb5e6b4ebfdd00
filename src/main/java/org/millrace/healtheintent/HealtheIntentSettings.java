package org.millrace.healtheintent;

import java.net.URI;
import java.time.Duration;

/**
 * Where HealtheIntent is and who we are there.
 *
 * @param baseUrl scheme and host, and the path before the API's name where there is one; without a
 *     slash at the end
 * @param population id of the population that is asked
 * @param dataPartition id of the data partition that Millennium's records come from
 * @param mrnSystem system of record numbers as a URI; {@code urn:oid:} is taken off towards
 *     HealtheIntent, which writes bare OIDs
 * @param limits how much may be asked and answered
 */
public record HealtheIntentSettings(
    URI baseUrl,
    String population,
    String dataPartition,
    Account account,
    String mrnSystem,
    Limits limits) {

  /** How we prove who we are. */
  public sealed interface Account {

    /**
     * A static token of the system account.
     *
     * @param token never printed
     */
    record Bearer(String token) implements Account {
      @Override
      public String toString() {
        return "Bearer";
      }
    }

    /**
     * Two-legged OAuth 1.0a with signatures of method PLAINTEXT.
     *
     * @param consumerSecret never printed
     * @param accessUrl where tokens are given
     */
    record Consumer(String consumerKey, String consumerSecret, URI accessUrl) implements Account {
      @Override
      public String toString() {
        return "Consumer[" + accessUrl + "]";
      }
    }
  }

  /**
   * How much may be asked and answered.
   *
   * @param lookUpWithin how long one look-up may take, every page included
   * @param connectWithin how long a connection may take
   * @param connections open at the same time
   * @param mostItems how long a list may be, over all pages
   * @param pageSize items asked for at once; HealtheIntent gives 100 at most
   * @param answerBytes the longest answer that is read
   */
  public record Limits(
      Duration lookUpWithin,
      Duration connectWithin,
      int connections,
      int mostItems,
      int pageSize,
      int answerBytes) {

    /** 4 s for a look-up, 5 s for a connection, 16 connections, 5,000 items, 8 MiB. */
    public static final Limits DEFAULT =
        new Limits(Duration.ofSeconds(4), Duration.ofSeconds(5), 16, 5000, 100, 8 * 1024 * 1024);
  }

  /** Without secrets. */
  @Override
  public String toString() {
    return "HealtheIntentSettings[" + baseUrl + ", " + account + "]";
  }
}
