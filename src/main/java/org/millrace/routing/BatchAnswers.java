package org.millrace.routing;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.millrace.hl7.Batch;
import org.millrace.hl7.BatchReplies;
import org.millrace.hl7.Replies;
import org.millrace.intake.Answer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers several messages that came as one: each is a message of its own, taken or refused without
 * regard to the others, in order. Thread-safe.
 */
final class BatchAnswers {
  private static final Logger LOG = LoggerFactory.getLogger(BatchAnswers.class);

  /** How the replies to the messages of a batch are given. */
  enum Form {
    /** As a batch of replies. */
    BATCH,
    /** One by one, as to messages that came each in a frame. */
    EACH,
    /** One for all. */
    ONE;

    static Form of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  private final BatchReplies replies;

  BatchAnswers(Replies replies) {
    this.replies = new BatchReplies(replies);
  }

  /**
   * An answer, which may be several replies.
   *
   * @param each those to be sent one by one; empty if the answer is one reply
   */
  record Answered(Answer answer, List<byte[]> each) {}

  Answered answer(Batch batch, Form form, Function<byte[], Answer> one) {
    batch.fault().ifPresent(fault -> LOG.warn("a batch is not whole: {}", fault.sentence()));
    List<Answer> answers =
        batch.groups().stream().flatMap(group -> group.messages().stream()).map(one).toList();
    List<byte[]> each = answers.stream().map(Answer::reply).toList();
    byte[] reply =
        switch (form) {
          case BATCH -> replies.batch(batch, BatchReplies.grouped(batch, each));
          case ONE -> replies.one(batch, each);
          case EACH -> new byte[0];
        };
    boolean taken = answers.isEmpty() || answers.stream().anyMatch(Answer::taken);
    Answer all =
        new Answer(reply, took -> answers.forEach(answer -> answer.written().accept(took)), taken);
    return new Answered(
        all,
        form == Form.EACH ? each.stream().filter(bytes -> bytes.length > 0).toList() : List.of());
  }
}
