package org.millrace.delivery;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.millrace.delivery.ScriptedChart.Create;
import org.millrace.hl7.ControlIds;
import org.millrace.hl7.Replies;
import org.millrace.intake.Intake;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.SampleMessages;

/**
 * An engine in a process of its own, to be killed: takes one message, says AA, and, if told to
 * deliver, has Cerner store the document, prints it and never hears the answer.
 */
final class CrashingEngine {

  private CrashingEngine() {}

  public static void main(String[] args) throws Exception {
    Clock clock = Clock.systemUTC();
    JournalDatabase journal = JournalDatabase.open(Path.of(args[0]), clock);
    Replies replies = new Replies(clock, ZoneId.of("UTC"), new ControlIds(clock));
    Intake intake = new Intake(journal, replies, clock, Duration.ofSeconds(10), Optional.empty());
    byte[] reply =
        intake.accept(SampleMessages.oru("A1", "one"), SampleMessages.FEED, "127.0.0.1:1");
    say("REPLY " + Replies.judge(reply).orElseThrow().code());
    if (args[1].equals("deliver")) {
      ScriptedChart chart = new ScriptedChart(clock);
      chart.patient("6931", "P1", "Markley", "1976-04-29");
      chart.next(Create.HANGS_AFTER);
      new Delivery(
              journal,
              chart,
              new TextPerReport(),
              DeliveryFixture.settings(DeliveryFixture.QUICK),
              (id, feed, state, reason) -> {},
              clock)
          .start();
      chart.hanging.await();
      say("STORED " + chart.documents().get(0));
    }
    new CountDownLatch(1).await();
  }

  private static void say(String line) {
    System.out.write((line + "\n").getBytes(StandardCharsets.UTF_8), 0, line.length() + 1);
    System.out.flush();
  }
}
