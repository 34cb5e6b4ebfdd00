package org.millrace.delivery;

import java.util.Optional;
import java.util.Set;
import org.millrace.hl7.SenderProfile;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;
import org.millrace.journal.QueuedMessage;
import org.millrace.mapping.Mapper;
import org.millrace.mapping.MappingContext;
import org.millrace.mapping.MappingRun;

/** What delivery needs of the mapping files; see {@link Mapper}. Thread-safe. */
public interface MessageMapping {

  /** The message types that have a message file: {@code ORU^R01}. */
  Set<String> messageTypes();

  /** The URI of an assigning authority as HD.1, .2, .3 name it; empty if it is not known. */
  Optional<String> authority(String namespaceId, String universalId, String universalIdType);

  /**
   * Whether a table has a row for a code of this sender.
   *
   * @param table by its file name without {@code .csv}
   * @param text what the sender calls the code; empty if it gave none
   */
  boolean knows(String sender, String table, String code, String text);

  /**
   * How messages of a sender differ on the wire.
   *
   * @param sender {@code MSH-3.1@MSH-4.1}
   */
  default SenderProfile sender(String sender) {
    return SenderProfile.NONE;
  }

  /**
   * A stored message: in the charset set for its sender, else for its feed, else as it says itself.
   */
  default V2Message read(QueuedMessage queued) throws V2FormatException {
    return V2Message.read(
        queued.raw(), sender(queued.sender()).charset().or(() -> queued.feed().charset()));
  }

  /** Maps a message of a type that has a message file. */
  MappingRun map(V2Message message, MappingContext context);

  /**
   * The same for the messages of one tenant, whose files are laid over those of all.
   *
   * @param name as settings have it; empty for the tenant without a name
   */
  default MessageMapping ofTenant(String name) {
    return this;
  }

  /** The compiled files. */
  static MessageMapping of(Mapper mapper) {
    return new CompiledMapping(mapper);
  }
}
