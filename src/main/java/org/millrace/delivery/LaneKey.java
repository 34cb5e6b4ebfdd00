package org.millrace.delivery;

import java.util.List;
import java.util.Optional;
import org.millrace.hl7.V2Message;
import org.millrace.hl7.V2Value;
import org.millrace.journal.FeedSettings;
import org.millrace.journal.QueuedMessage;
import org.millrace.journal.SearchKeys;

/** The lane of a message: what of its sender must stay in order. */
final class LaneKey {
  private static final String PURPOSE = "lane";

  /** A number of an order, the placer's first: it holds the reports of one order together. */
  private record Place(String segment, int field) {}

  private static final List<Place> ORDER =
      List.of(new Place("ORC", 2), new Place("OBR", 2), new Place("ORC", 3), new Place("OBR", 3));

  private LaneKey() {}

  /**
   * @param content empty if it cannot be read: then it counts as one without any number
   */
  static String of(QueuedMessage message, Optional<V2Message> content, SearchKeys keys) {
    FeedSettings.LaneOf by = message.feed().settings().ordering().lane();
    String sender = message.sender();
    return switch (by) {
      case PATIENT -> keys.of(PURPOSE, sender, patient(content));
      case VISIT -> numbered(keys, sender, "visit", visit(content), content);
      case ORDER -> numbered(keys, sender, "order", order(content), content);
      case CONNECTION -> keys.of(PURPOSE, sender, "connection", host(message.peer()));
      case NONE -> keys.of(PURPOSE, sender, "message", Long.toString(message.id()));
    };
  }

  /**
   * Of a resource: whatever one caller wants for one patient.
   *
   * @param patientId empty if it names none
   */
  static String of(QueuedMessage message, String patientId, SearchKeys keys) {
    return keys.of(PURPOSE, message.sender(), "Patient", patientId);
  }

  private static String numbered(
      SearchKeys keys, String sender, String of, String number, Optional<V2Message> content) {
    return number.isEmpty()
        ? keys.of(PURPOSE, sender, patient(content))
        : keys.of(PURPOSE, sender, of, number);
  }

  /** The first number of PID-3, whatever its authority; messages without one share a lane. */
  private static String patient(Optional<V2Message> content) {
    return content.flatMap(message -> number(message, "PID", 3)).map(V2Value::raw).orElse("");
  }

  private static String visit(Optional<V2Message> content) {
    return given(content, "PV1", 19);
  }

  private static String order(Optional<V2Message> content) {
    return ORDER.stream()
        .map(place -> given(content, place.segment(), place.field()))
        .filter(number -> !number.isEmpty())
        .findFirst()
        .orElse("");
  }

  private static String given(Optional<V2Message> content, String segment, int field) {
    return content
        .flatMap(message -> number(message, segment, field))
        .filter(value -> !value.isNull())
        .map(V2Value::raw)
        .orElse("");
  }

  private static Optional<V2Value> number(V2Message message, String segment, int field) {
    return message.first(segment).map(each -> each.field(field).repetition(1).component(1));
  }

  /** Without the port, which is another one with each connection that the same system opens. */
  private static String host(String peer) {
    int colon = peer.lastIndexOf(':');
    return colon < 0 ? peer : peer.substring(0, colon);
  }
}
