package org.millrace.intake;

import java.io.ByteArrayOutputStream;
import java.util.Optional;
import org.millrace.hl7.AckCode;
import org.millrace.hl7.AckMode;
import org.millrace.hl7.Replies;
import org.millrace.hl7.V2Message;
import org.millrace.journal.AskedReply;
import org.millrace.journal.Feed;
import org.millrace.journal.FeedSettings;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.NewMessage;
import org.millrace.journal.ReplyState;
import org.millrace.journal.Standing;
import org.millrace.journal.Stored;

/**
 * Answers messages whose senders ask for enhanced mode: the commit acknowledgment at once, the
 * application acknowledgment when it is known what came of the message. Thread-safe.
 *
 * <p>Source: HL7 v2.5.1 ch. 2.9.3.
 */
final class EnhancedMode {
  private final JournalDatabase journal;
  private final Replies replies;
  private final DeliveryWatch watch;
  private final OutcomeReplies outcomes;
  private final ApplicationReplies later;

  EnhancedMode(
      JournalDatabase journal, Replies replies, DeliveryWatch watch, ApplicationReplies later) {
    this.journal = journal;
    this.replies = replies;
    this.watch = watch;
    this.outcomes = new OutcomeReplies(replies);
    this.later = later;
  }

  /** The application acknowledgment that a sender wants; empty if none. */
  Optional<AskedReply> application(V2Message message, AckMode mode, Feed feed) {
    if (!mode.enhanced() || mode.application() == AckMode.When.NE) {
      return Optional.empty();
    }
    String ofSender = replies.sender(message.header()).acknowledging().applicationReplyTo();
    String ofFeed = feed.settings().acknowledging().applicationReplyTo();
    return Optional.of(new AskedReply(mode.application(), ofSender.isEmpty() ? ofFeed : ofSender));
  }

  /** The answer to a message that is on disk. */
  Answer answer(Stored outcome, NewMessage stored, V2Message message, Caller caller) {
    long id = outcome.id();
    byte[] commit = stored.reply();
    if (outcome instanceof Stored.Again again) {
      if (commit.length > 0 && isCommit(again.reply())) {
        commit = again.reply();
      } else if (commit.length > 0) {
        journal.intake().replied(id, commit);
      }
    }
    boolean owed = commit.length > 0;
    Optional<AskedReply> here =
        stored.terms().application().filter(each -> each.address().isEmpty());
    if (here.isPresent() && caller.back().isEmpty()) {
      return together(id, commit, here.get(), stored, message, caller);
    }
    return new Answer(
        commit,
        took -> {
          if (owed) {
            journal.intake().reply(id, took ? ReplyState.GIVEN : ReplyState.NOT_HEARD);
          }
          here.ifPresent(asked -> owe(id, asked, took, caller));
        });
  }

  /** Not before the commit acknowledgment has left, or it could be overtaken. */
  private void owe(long id, AskedReply asked, boolean took, Caller caller) {
    if (took) {
      later.owe(id, asked, caller.back().orElseThrow());
    } else {
      journal.applicationReplies().became(id, ReplyState.NOT_HEARD, "connection-lost");
    }
  }

  /** Over HTTP both stand in one response, as far as the outcome is known in time. */
  private Answer together(
      long id,
      byte[] commit,
      AskedReply asked,
      NewMessage stored,
      V2Message message,
      Caller caller) {
    FeedSettings.Acknowledging settings = stored.feed().settings().acknowledging();
    Optional<Standing> standing = watch.await(id, settings.within(), caller);
    boolean told = standing.map(OutcomeReplies::accepted).map(asked.when()::tells).orElse(false);
    byte[] application =
        told ? outcomes.reply(message, id, standing, settings.late()) : new byte[0];
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.writeBytes(commit);
    both.writeBytes(application);
    return new Answer(
        both.toByteArray(),
        took -> {
          if (commit.length > 0) {
            journal.intake().reply(id, took ? ReplyState.GIVEN : ReplyState.NOT_HEARD);
          }
          if (standing.isPresent() && !told) {
            journal.applicationReplies().became(id, ReplyState.NONE, "");
          } else {
            journal
                .applicationReplies()
                .became(id, told && took ? ReplyState.GIVEN : ReplyState.NOT_HEARD, application);
          }
        });
  }

  /** The first one may have been answered in original mode. */
  private static boolean isCommit(byte[] reply) {
    return reply.length > 0
        && Replies.judge(reply).filter(told -> told.code().equals(AckCode.CA.name())).isPresent();
  }
}
