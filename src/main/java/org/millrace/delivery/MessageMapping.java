package org.millrace.delivery;

import java.util.Optional;
import java.util.Set;
import org.millrace.hl7.V2Message;
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

  /** Maps a message of a type that has a message file. */
  MappingRun map(V2Message message, MappingContext context);

  /** The compiled files. */
  static MessageMapping of(Mapper mapper) {
    return new CompiledMapping(mapper);
  }
}
