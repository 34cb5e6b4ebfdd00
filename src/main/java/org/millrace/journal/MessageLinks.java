package org.millrace.journal;

import java.util.List;
import java.util.Optional;

/**
 * What a message has to do with others.
 *
 * @param lane its key; empty until delivery has looked into the message
 * @param pauses what holds it back, if it waits
 * @param madeOf the message it was made of; empty if its sender sent it
 * @param madeInto the messages that were made of it
 */
public record MessageLinks(
    String lane,
    List<DeliveryPause> pauses,
    Optional<MessageOrigin> madeOf,
    List<MessageOrigin> madeInto) {
  public MessageLinks {
    pauses = List.copyOf(pauses);
    madeInto = List.copyOf(madeInto);
  }
}
