package org.millrace.console;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;
import org.millrace.delivery.SegmentLines;
import org.millrace.delivery.VerbDetails;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.JournalException;
import org.millrace.journal.NewRequest;
import org.millrace.journal.OperatorVerb;
import org.millrace.journal.RequestStore;

/** Leaves requests of whoever is at the console in the journal, as the commands do. Thread-safe. */
final class MessageVerbs {
  private static final Duration WITHIN = Duration.ofSeconds(5);
  private final JournalDatabase journal;

  MessageVerbs(JournalDatabase journal) {
    this.journal = journal;
  }

  /**
   * What came of a request.
   *
   * @param sentence without patient data
   */
  record Told(boolean done, String sentence) {}

  /**
   * Asks for what a form says, and waits a moment for the engine.
   *
   * @param charset of the message, for one that is edited
   */
  Told ask(OperatorVerb verb, long message, Request request, Charset charset)
      throws InterruptedException {
    Params form = request.form();
    String why = form.text("why");
    if (why.isEmpty()) {
      return new Told(false, "Nothing was done: say why; it is kept with the message.");
    }
    Optional<UnaryOperator<NewRequest>> details = details(verb, form, charset);
    return details.isEmpty()
        ? new Told(false, "Nothing was done: " + missing(verb, charset))
        : told(
            ask(
                details
                    .get()
                    .apply(NewRequest.of(verb.word(), message, request.person().actor(), why))));
  }

  private static String missing(OperatorVerb verb, Charset charset) {
    return verb == OperatorVerb.EDIT
        ? "the edited message is empty, or holds characters that " + charset.name() + " has not."
        : "say whether the document is stored, and as which one.";
  }

  /** What the form says beyond the reason; empty if it does not say what the verb needs. */
  private static Optional<UnaryOperator<NewRequest>> details(
      OperatorVerb verb, Params form, Charset charset) {
    String document = form.text("document");
    return switch (verb) {
      case SETTLE -> {
        String filed = form.text("filed");
        boolean stored = form.text("saw").equals("filed");
        boolean evenSo = form.has("even-so");
        yield stored && filed.isEmpty() || !form.has("saw")
            ? Optional.empty()
            : Optional.of(
                request ->
                    VerbDetails.settle(
                        request, document, stored ? Optional.of(filed) : Optional.empty(), evenSo));
      }
      case RESEND ->
          Optional.of(request -> VerbDetails.resend(request, document, form.has("even-if-there")));
      case EDIT ->
          edited(form.exactly("content"), charset)
              .map(content -> request -> request.carrying(content));
      case RETRY, RETRY_MENDED, CORRECT, DISCARD -> Optional.of(UnaryOperator.identity());
    };
  }

  /** Browsers end each line with CR LF. Empty if a character would be lost. */
  private static Optional<byte[]> edited(String content, Charset charset) {
    if (content.isBlank()) {
      return Optional.empty();
    }
    try {
      ByteBuffer encoded =
          charset
              .newEncoder()
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .encode(CharBuffer.wrap(content.replace("\r\n", "\n")));
      byte[] lines = new byte[encoded.remaining()];
      encoded.get(lines);
      return Optional.of(SegmentLines.edited(lines));
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private long ask(NewRequest request) throws InterruptedException {
    try {
      return journal.requests().ask(request).get();
    } catch (ExecutionException e) {
      throw new JournalException("the request could not be left", e);
    }
  }

  private Told told(long request) throws InterruptedException {
    return journal
        .requests()
        .outcome(request, WITHIN)
        .map(outcome -> new Told(!outcome.startsWith("refused"), outcome))
        .orElse(new Told(true, RequestStore.NOT_TAKEN));
  }
}
