package org.millrace.delivery;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.millrace.journal.BacklogJournal;

/**
 * The process of {@link BacklogBench}: delivers a backlog, and says when, how much, in what order.
 */
final class BacklogEngine {
  private static final int DELIVERIES = 3_000;

  private BacklogEngine() {}

  public static void main(String[] args) throws InterruptedException {
    DeliveryFixture engine = new DeliveryFixture(Path.of(args[0]));
    for (int i = 0; i < BacklogJournal.PATIENTS; i++) {
      engine.chart.patient(BacklogJournal.patient(i), "P" + i, "Markley", "1976-04-29");
    }
    engine.start();
    await(engine, 1);
    System.out.println("READY " + ManagementFactory.getRuntimeMXBean().getUptime());
    await(engine, DELIVERIES);
    List<String> texts = engine.chart.texts();
    System.out.println("DELIVERED " + texts.size() + " " + overtaken(texts));
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }

  private static void await(DeliveryFixture engine, int deliveries) throws InterruptedException {
    while (engine.chart.count("create") < deliveries) {
      Thread.sleep(20);
    }
  }

  /**
   * How many messages of a patient stand before an earlier one, or without one that comes first.
   */
  private static int overtaken(List<String> texts) {
    int[] last = new int[BacklogJournal.PATIENTS];
    Arrays.fill(last, -1);
    int overtaken = 0;
    for (String each : texts) {
      int number = Integer.parseInt(each);
      int patient = number % BacklogJournal.PATIENTS;
      int due = last[patient] < 0 ? patient : last[patient] + BacklogJournal.PATIENTS;
      overtaken += number == due ? 0 : 1;
      last[patient] = number;
    }
    return overtaken;
  }
}
