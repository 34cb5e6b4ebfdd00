package org.millrace.mllp;

import java.time.Duration;

/**
 * What a listener allows its senders. Each limit is enforced as it stands here, and each refusal is
 * told to {@link WireWatch}.
 *
 * @param frameBytes of one frame; a longer one gets an AR, and its connection is closed
 * @param frameWithin from the first byte of a frame to its last; a slower one gets an AR, and its
 *     connection is closed
 * @param idleWithin how long a connection may stay open without a frame; zero: for ever
 * @param replyWithin how long a sender may leave a reply unread; then its connection is closed
 * @param connectionsOfPeer of one address at one port at once; how many a port has altogether is
 *     said by its route
 * @param memoryBytes that all frames of a process may take together while they are received and
 *     answered; a frame for which there is no room gets an AR, and its connection is closed
 */
public record MllpLimits(
    int frameBytes,
    Duration frameWithin,
    Duration idleWithin,
    Duration replyWithin,
    int connectionsOfPeer,
    long memoryBytes) {

  private static final int MEGABYTE = 1024 * 1024;

  /** For the client and for tests: what settings that say nothing give. */
  public static final MllpLimits DEFAULT =
      new MllpLimits(
          64 * MEGABYTE,
          Duration.ofSeconds(60),
          Duration.ofHours(24),
          Duration.ofSeconds(30),
          200,
          256L * MEGABYTE);

  /** The same with other frames; the memory is raised to hold one at least. */
  public MllpLimits withFrameBytes(int bytes) {
    return new MllpLimits(
        bytes,
        frameWithin,
        idleWithin,
        replyWithin,
        connectionsOfPeer,
        Math.max(bytes, memoryBytes));
  }

  /** The same with other times. */
  public MllpLimits withTimes(Duration frame, Duration idle, Duration reply) {
    return new MllpLimits(frameBytes, frame, idle, reply, connectionsOfPeer, memoryBytes);
  }

  /** The same with another number of connections of an address. */
  public MllpLimits withConnectionsOfPeer(int most) {
    return new MllpLimits(frameBytes, frameWithin, idleWithin, replyWithin, most, memoryBytes);
  }

  /** The same with other memory. */
  public MllpLimits withMemory(long bytes) {
    return new MllpLimits(
        frameBytes, frameWithin, idleWithin, replyWithin, connectionsOfPeer, bytes);
  }
}
