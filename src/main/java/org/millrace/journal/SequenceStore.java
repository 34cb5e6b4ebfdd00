package org.millrace.journal;

import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jdbi.v3.core.Handle;

/**
 * Which sequence number (MSH-13) is expected next of a sender. Thread-safe.
 *
 * <p>Source: HL7 v2.5.1 ch. 2.10.1.
 */
public final class SequenceStore {
  /** Whatever comes next is taken, and counted from there. */
  public static final long ANY = -1;

  private final JournalDatabase journal;

  SequenceStore(JournalDatabase journal) {
    this.journal = journal;
  }

  /** Whether a number is the one that is expected. */
  static boolean fits(long expected, long number) {
    return expected == ANY || number == expected;
  }

  /** In the commit that takes the message: two engines must not both take the same number. */
  long expectedNow(Handle handle, String sender) {
    // Locks the row where that is needed, also one that is made here.
    handle.execute(
        "INSERT INTO sequence_number (sender, next) VALUES (?, ?)"
            + " ON CONFLICT (sender) DO UPDATE SET next = sequence_number.next",
        PreparedStore.storable(sender),
        ANY);
    return handle
        .createQuery("SELECT next FROM sequence_number WHERE sender = :sender")
        .bind("sender", PreparedStore.storable(sender))
        .mapTo(Long.class)
        .one();
  }

  void expect(Handle handle, String sender, long next) {
    handle.execute(
        "UPDATE sequence_number SET next = ? WHERE sender = ?",
        next,
        PreparedStore.storable(sender));
  }

  /** What is expected of a sender next; {@link #ANY} if nothing is known of it. */
  public long expected(String sender) {
    return journal.read(
        handle ->
            handle
                .createQuery("SELECT next FROM sequence_number WHERE sender = :sender")
                .bind("sender", PreparedStore.storable(sender))
                .mapTo(Long.class)
                .findOne()
                .orElse(ANY));
  }

  /** From now on whatever comes next is taken. */
  public CompletableFuture<Long> startAnew(String sender) {
    return journal.write(
        handle -> {
          expectedNow(handle, sender);
          expect(handle, sender, ANY);
          return ANY;
        });
  }

  /**
   * Counts a message that is not stored.
   *
   * @return empty if its number was expected, else the number that is
   */
  public CompletableFuture<OptionalLong> count(String sender, long number) {
    return journal.write(
        handle -> {
          long expected = expectedNow(handle, sender);
          if (fits(expected, number)) {
            expect(handle, sender, number + 1);
            return OptionalLong.empty();
          }
          // One below is a repetition: a question may be asked again.
          return number == expected - 1 ? OptionalLong.empty() : OptionalLong.of(expected);
        });
  }
}
