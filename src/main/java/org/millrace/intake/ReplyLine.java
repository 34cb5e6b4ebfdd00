package org.millrace.intake;

/** Opens connections to the systems that take application acknowledgments. Thread-safe. */
@FunctionalInterface
public interface ReplyLine {

  /**
   * Connects.
   *
   * @param address {@code host:port}
   * @throws NotTaken if nobody takes the connection
   */
  Open open(String address) throws NotTaken;

  /** One connection; not thread-safe. */
  interface Open extends AutoCloseable {

    /**
     * Sends one reply, and waits until the other side says that it has it.
     *
     * @throws NotTaken if it does not; the connection is of no use any more
     */
    void send(byte[] reply) throws NotTaken;

    @Override
    void close();
  }

  /** The other side does not have the reply, or it is not known whether it has. */
  final class NotTaken extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean forGood;

    /**
     * @param word for the record, without patient data: {@code refused}, {@code no-reply}
     * @param forGood sending the same again is useless
     */
    public NotTaken(String word, boolean forGood) {
      super(word);
      this.forGood = forGood;
    }

    String word() {
      return String.valueOf(getMessage());
    }

    boolean forGood() {
      return forGood;
    }
  }
}
