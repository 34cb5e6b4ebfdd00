package org.millrace.cerner;

import java.time.Duration;
import org.millrace.trace.Traces;

/**
 * What goes with each action: how long the whole of it may take, paging, token and retry on 401
 * included, who is told of each HTTP exchange, and whether somebody waits for the answer.
 *
 * @param shares whether a read may be answered by another's that is under way
 * @param mayLeave run on the calling thread right before a request to the FHIR server is written to
 *     its connection, after all that it had to wait for; what it throws ends the action, and that
 *     request has not left
 */
public record Call(
    Deadline deadline, Observer observer, Urgency urgency, boolean shares, Runnable mayLeave) {
  private static final Runnable ALWAYS = () -> {};

  /** Who goes first where Cerner takes fewer calls than there are. */
  public enum Urgency {
    /** Somebody waits for the answer. */
    WAITED_FOR,
    /** A message from the journal, which can wait. */
    DELIVERY
  }

  /** A call whose requests may always leave. */
  public Call(Deadline deadline, Observer observer, Urgency urgency) {
    this(deadline, observer, urgency, false, ALWAYS);
  }

  /** A call that somebody waits for. */
  public Call(Deadline deadline, Observer observer) {
    this(deadline, observer, Urgency.WAITED_FOR);
  }

  /** A call that nobody watches. */
  public static Call within(Duration limit) {
    return new Call(Deadline.in(limit), exchange -> {});
  }

  public Call observedBy(Observer observer) {
    return new Call(deadline, observer, urgency, shares, mayLeave);
  }

  /** The same, of which a read may be answered by another's that is under way. */
  public Call sharing() {
    return new Call(deadline, observer, urgency, true, mayLeave);
  }

  /** The same, with requests that leave only after this. */
  public Call leavingAfter(Runnable check) {
    return new Call(deadline, observer, urgency, shares, check);
  }

  /** An HTTP exchange has ended on this thread: the trace under way gets it, and the observer. */
  public void exchanged(Exchange exchange) {
    Traces.exchanged(
        exchange.method(),
        exchange.pathTemplate(),
        exchange.status(),
        exchange.requestId(),
        exchange.duration());
    observer.exchanged(exchange);
  }

  /** The same, for a message that can wait. */
  public Call ofDelivery() {
    return new Call(deadline, observer, Urgency.DELIVERY, shares, mayLeave);
  }

  /**
   * Is told of each HTTP exchange with Cerner after it ended; called on the calling thread; must
   * not throw.
   */
  @FunctionalInterface
  public interface Observer {
    void exchanged(Exchange exchange);
  }

  /**
   * One HTTP exchange, without patient data but for its content.
   *
   * @param pathTemplate {@code Patient/{id}}, {@code Patient?identifier}, {@code token}
   * @param status 0 if there was no answer
   * @param requestId X-Request-Id, empty if none
   */
  public record Exchange(
      String method,
      String pathTemplate,
      int status,
      String requestId,
      Duration duration,
      Content content) {

    /** One whose content nobody is to see. */
    public Exchange(
        String method, String pathTemplate, int status, String requestId, Duration duration) {
      this(method, pathTemplate, status, requestId, duration, Content.NONE);
    }
  }

  /**
   * What was asked and what came back: patient data, never a token, since headers are no part of
   * it.
   *
   * @param target path and query; empty for an exchange whose content nobody is to see
   * @param request the body; empty if there was none
   * @param response the body; empty if there was none
   */
  public record Content(String target, byte[] request, byte[] response) {
    static final Content NONE = new Content("", new byte[0], new byte[0]);

    /** How long they are only. */
    @Override
    public String toString() {
      return request.length + " bytes asked, " + response.length + " answered";
    }
  }
}
