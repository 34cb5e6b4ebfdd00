package org.millrace.rest;

import java.net.URI;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;

/**
 * What the HTTP faces are set to.
 *
 * @param answerWithin how long Cerner may take for the whole of one request
 * @param settleWithin how long more the look-up of a create with a lost answer may take
 * @param maxBodyBytes the longest body taken, in bytes; longer ones are answered 413
 * @param maxJsonDepth how deep JSON may nest
 * @param pageLifetime how long the link to a next page is good for
 * @param publicBaseUrl where callers see this engine (behind a proxy), without a slash at the end;
 *     if empty, links are built from the Host header of each request
 * @param cernerBaseUrl Cerner's service root, without a slash at the end: links to it are turned
 *     into links to the engine
 * @param zone of times that callers send without an offset
 */
public record RestSettings(
    Duration answerWithin,
    Duration settleWithin,
    int maxBodyBytes,
    int maxJsonDepth,
    Duration pageLifetime,
    Optional<URI> publicBaseUrl,
    URI cernerBaseUrl,
    ZoneId zone) {

  /** The limits that hold where nothing else is set: 10 s, 5 s, 10 MiB, depth 64, 10 minutes. */
  public static RestSettings standard(URI cernerBaseUrl, ZoneId zone) {
    return new RestSettings(
        Duration.ofSeconds(10),
        Duration.ofSeconds(5),
        10 * 1024 * 1024,
        64,
        Duration.ofMinutes(10),
        Optional.empty(),
        cernerBaseUrl,
        zone);
  }
}
