package org.millrace.app;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.millrace.hl7.Replies;
import org.millrace.mllp.AllowedPeers;
import org.millrace.mllp.FrameMllpComponent;
import org.millrace.mllp.MllpLimits;
import org.millrace.mllp.WireWatch;

/**
 * The ways in.
 *
 * @param bind the address all three listen on
 * @param allowOpen off loopback without authentication, because the site says so
 * @param connections MLLP connections at once
 * @param frames what MLLP senders are allowed; the length of a frame holds for HTTP bodies too
 * @param allowed from which addresses MLLP connections are taken
 */
public record Listeners(
    String bind,
    int mllpPort,
    int httpPort,
    int managementPort,
    boolean allowOpen,
    int connections,
    MllpLimits frames,
    AllowedPeers allowed) {

  private static final int MEGABYTE = 1024 * 1024;
  private static final String MESSAGE_MB = "MILLRACE_LIMIT_MESSAGE_MB";
  private static final String MEMORY_MB = "MILLRACE_LIMIT_RECEIVE_MB";
  private static final String CONNECTIONS = "MILLRACE_LIMIT_CONNECTIONS";
  private static final String OF_PEER = "MILLRACE_LIMIT_CONNECTIONS_OF_PEER";
  private static final Duration LONGEST = Duration.ofHours(1);

  static Listeners read(SettingsReader reader) {
    String bind = reader.text("MILLRACE_BIND", "127.0.0.1");
    boolean allowOpen = reader.flag("MILLRACE_ALLOW_OPEN", false);
    if (!allowOpen && !isLoopback(bind)) {
      reader.fault(
          "MILLRACE_BIND",
          "is not a loopback address, and this version has no authentication: anybody who reaches"
              + " it could read charts; set MILLRACE_ALLOW_OPEN=true if something in front guards"
              + " it");
    }
    int mllpPort = reader.port("MILLRACE_MLLP_PORT", 2575);
    int httpPort = reader.port("MILLRACE_HTTP_PORT", 8080);
    int managementPort = reader.port("MILLRACE_MANAGEMENT_PORT", 8081);
    if (httpPort != 0 && httpPort == mllpPort) {
      reader.fault("MILLRACE_HTTP_PORT", "is the same port as MILLRACE_MLLP_PORT");
    }
    if (managementPort != 0 && (managementPort == mllpPort || managementPort == httpPort)) {
      reader.fault("MILLRACE_MANAGEMENT_PORT", "is the same port as another listener's");
    }
    int connections = connections(reader, CONNECTIONS, 500);
    return new Listeners(
        bind,
        mllpPort,
        httpPort,
        managementPort,
        allowOpen,
        connections,
        frames(reader, connections),
        reader.read("MILLRACE_MLLP_ALLOW", AllowedPeers.ALL, AllowedPeers::read));
  }

  private static int connections(SettingsReader reader, String name, int byDefault) {
    return (int)
        reader.number(name, byDefault, 1, 20_000, "is no number of connections, 1 to 20000");
  }

  private static MllpLimits frames(SettingsReader reader, int connections) {
    MllpLimits standard = MllpLimits.DEFAULT;
    int ofPeer = connections(reader, OF_PEER, Math.min(standard.connectionsOfPeer(), connections));
    if (ofPeer > connections) {
      reader.fault(OF_PEER, "is more than " + CONNECTIONS);
    }
    int message = megabytes(reader, MESSAGE_MB, 64, 1024);
    int memory = megabytes(reader, MEMORY_MB, Math.max(256, message), 65_536);
    if (memory < message) {
      reader.fault(
          MEMORY_MB, "is less than " + MESSAGE_MB + ", so the longest would never be taken");
    }
    return new MllpLimits(
        message * MEGABYTE,
        time(reader, "MILLRACE_LIMIT_FRAME_TIME", standard.frameWithin(), LONGEST),
        idle(reader, standard.idleWithin()),
        time(reader, "MILLRACE_LIMIT_REPLY_TIME", standard.replyWithin(), LONGEST),
        ofPeer,
        (long) memory * MEGABYTE);
  }

  private static int megabytes(SettingsReader reader, String name, int byDefault, int most) {
    return (int) reader.number(name, byDefault, 1, most, "is no number of megabytes, 1 to " + most);
  }

  private static Duration time(
      SettingsReader reader, String name, Duration byDefault, Duration most) {
    return reader.duration(name, byDefault, Duration.ofMillis(100), most);
  }

  /** Some senders connect once a year, and take the end of their connection for a fault. */
  private static Duration idle(SettingsReader reader, Duration byDefault) {
    String name = "MILLRACE_LIMIT_IDLE_TIME";
    return reader.text(name).filter("none"::equals).isPresent()
        ? Duration.ZERO
        : time(reader, name, byDefault, Duration.ofDays(366));
  }

  /** What listens by these settings. */
  FrameMllpComponent mllp(Replies replies, WireWatch watch) {
    return new FrameMllpComponent(replies, frames, allowed, watch);
  }

  static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
