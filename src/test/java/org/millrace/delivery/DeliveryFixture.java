package org.millrace.delivery;

import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.millrace.hl7.ControlIds;
import org.millrace.hl7.Replies;
import org.millrace.hl7.V2Message;
import org.millrace.intake.Intake;
import org.millrace.journal.Feed;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.JournalPlace;
import org.millrace.journal.LeaseTimes;
import org.millrace.journal.MessageFilter;
import org.millrace.journal.MessageJourney;
import org.millrace.journal.MessageState;
import org.millrace.journal.MessageSummary;
import org.millrace.journal.NewRequest;
import org.millrace.journal.SampleMessages;
import org.millrace.mapping.CoverageMetrics;

/** A journal, an intake and a delivery against a scripted chart, with a clock that is moved. */
final class DeliveryFixture implements AutoCloseable {
  static final DeliverySettings.Pace QUICK =
      new DeliverySettings.Pace(
          4,
          Duration.ofSeconds(5),
          Duration.ofSeconds(2),
          Duration.ofSeconds(60),
          Duration.ofMinutes(10),
          3,
          Duration.ofMinutes(5),
          Duration.ofMillis(10));

  /** Tests move the clock on by hours, as if the machine had slept. */
  private static final LeaseTimes OFTEN_RENEWED =
      new LeaseTimes(Duration.ofSeconds(15), Duration.ofMillis(50), Duration.ofSeconds(5));

  final TestClock clock;
  final ScriptedChart chart;
  final TextPerReport texts = new TextPerReport();
  final List<String> stopped = Collections.synchronizedList(new ArrayList<>());
  private final JournalPlace place;
  private final LeaseTimes times;
  private DeliverySettings settings = settings(QUICK);
  private MessageMapping mapping = texts;
  JournalDatabase journal;
  private Intake intake;
  private Delivery delivery;

  DeliveryFixture(Path folder) {
    this(new JournalPlace.Folder(folder));
  }

  DeliveryFixture(JournalPlace place) {
    this(place, OFTEN_RENEWED);
  }

  DeliveryFixture(JournalPlace place, LeaseTimes times) {
    this(place, times, new TestClock(), Optional.empty());
    chart.patient("6931", "P1", "Markley", "1976-04-29");
  }

  private DeliveryFixture(
      JournalPlace place, LeaseTimes times, TestClock clock, Optional<ScriptedChart> chart) {
    this.place = place;
    this.times = times;
    this.clock = clock;
    this.chart = chart.orElseGet(() -> new ScriptedChart(clock));
    openJournal();
    delivery = newDelivery();
  }

  /** Another engine on the same journal, with the same clock and in front of the same chart. */
  DeliveryFixture beside(LeaseTimes others) {
    return new DeliveryFixture(place, others, clock, Optional.of(chart));
  }

  /** An engine on another journal, with the same clock and in front of the same chart. */
  DeliveryFixture on(JournalPlace elsewhere) {
    return new DeliveryFixture(elsewhere, times, clock, Optional.of(chart));
  }

  private void openJournal() {
    journal = JournalDatabase.open(place, clock, times);
    Replies replies = new Replies(clock, ZoneId.of("America/Chicago"), new ControlIds(clock));
    intake = new Intake(journal, replies, clock, Duration.ofSeconds(10), Optional.empty());
  }

  private Delivery newDelivery() {
    return new Delivery(
        journal,
        chart,
        mapping,
        settings,
        (id, feed, state, reason) -> stopped.add(id + " " + feed + " " + reason.code()),
        clock);
  }

  static DeliverySettings settings(DeliverySettings.Pace pace) {
    return new DeliverySettings(
        "urn:mrn",
        DeliverySettings.PatientCheck.BIRTHDATE_OR_NAME,
        Optional.empty(),
        DeliverySettings.VisitMissing.FILE,
        Map.of("document-type", "11506-3"),
        pace);
  }

  /** Before {@link #start}. */
  DeliveryFixture with(DeliverySettings other) {
    settings = other;
    delivery = newDelivery();
    return this;
  }

  /** Before {@link #start}: by mapping files instead of the fixture's own way. */
  DeliveryFixture mappedBy(MessageMapping other) {
    mapping = other;
    delivery = newDelivery();
    return this;
  }

  void measuredBy(MeterRegistry meters, CoverageMetrics coverage) {
    delivery.measuredBy(meters, coverage);
  }

  DeliverySettings settings() {
    return settings;
  }

  DeliveryFixture start() {
    delivery.start();
    return this;
  }

  /** Stops everything and begins anew on the same journal. */
  void restart() {
    delivery.stop(Duration.ofMillis(100));
    journal.close();
    openJournal();
    delivery = newDelivery();
    delivery.start();
  }

  String accept(V2Message message) {
    return accept(message, SampleMessages.FEED);
  }

  String accept(V2Message message, Feed feed) {
    byte[] reply = intake.accept(message, feed, "127.0.0.1:40112");
    return Replies.judge(reply).orElseThrow().code();
  }

  MessageSummary line(String controlId) {
    return journal.listing().list(MessageFilter.any().withControlId(controlId)).get(0);
  }

  MessageJourney journey(String controlId) {
    return journal.listing().show(line(controlId).id()).orElseThrow();
  }

  /** Waits until the message has come to this state. */
  MessageSummary await(String controlId, MessageState state) {
    Awaitility.await()
        .pollInterval(Duration.ofMillis(5))
        .until(() -> line(controlId).state() == state);
    return line(controlId);
  }

  /** Waits until delivery has looked into the message and its lane is on record. */
  void awaitLane(String controlId) {
    Awaitility.await()
        .pollInterval(Duration.ofMillis(5))
        .until(() -> !journey(controlId).links().lane().isEmpty());
  }

  /** Waits until this is the reason on record. */
  void awaitReason(String controlId, String code) {
    Awaitility.await()
        .pollInterval(Duration.ofMillis(5))
        .until(() -> line(controlId).reason().code().equals(code));
  }

  /** What was told of stopped messages, once it is so many: it is told after it is on record. */
  List<String> told(int count) {
    Awaitility.await().pollInterval(Duration.ofMillis(5)).until(() -> stopped.size() >= count);
    return List.copyOf(stopped);
  }

  /** Waits until the message was tried so often, and what came of it is on record. */
  MessageSummary awaitAttempts(String controlId, int attempts) {
    Awaitility.await()
        .pollInterval(Duration.ofMillis(5))
        .until(
            () ->
                line(controlId).attempts() >= attempts
                    && line(controlId).state() != MessageState.SENDING);
    return line(controlId);
  }

  /** Leaves a request for the engine, and waits until it says what it does with it. */
  String ask(String verb, String controlId) {
    return ask(NewRequest.of(verb, line(controlId).id(), "ana", "row added"));
  }

  /** The same, with more to say. */
  String ask(NewRequest asked) {
    long request = Committed.await(journal.requests().ask(asked));
    Awaitility.await()
        .pollInterval(Duration.ofMillis(5))
        .until(() -> !journal.requests().find(request).orElseThrow().waiting());
    return journal.requests().find(request).orElseThrow().outcome();
  }

  @Override
  public void close() {
    delivery.stop(Duration.ofMillis(500));
    journal.close();
  }
}
