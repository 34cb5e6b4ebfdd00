package org.millrace.guard;

import java.util.Set;
import org.millrace.journal.AuditEvent;

/**
 * Who a request comes from.
 *
 * @param name of the caller; empty if nobody was asked who they are
 * @param proof by what it is known
 * @param keyId of the key it showed; empty if it showed none
 * @param scopes what it may do; not looked at if nobody was asked
 * @param senders as whom it may send HL7 messages, {@code MSH-3@MSH-4}; empty for anybody
 */
public record Principal(
    String name, Proof proof, String keyId, Scopes scopes, Set<String> senders) {

  /** By what a caller is known. */
  public enum Proof {
    /** Nobody was asked. */
    NONE,
    KEY,
    TOKEN
  }

  /** Whoever asks where nobody is asked who they are. */
  public static final Principal ANYBODY = new Principal("", Proof.NONE, "", Scopes.NONE, Set.of());

  public Principal {
    senders = Set.copyOf(senders);
  }

  /** As the audit trail names it. */
  public AuditEvent.Actor actor(String address) {
    String by =
        switch (proof) {
          case NONE -> "none";
          case KEY -> "key " + keyId;
          case TOKEN -> "token";
        };
    return new AuditEvent.Actor(name, by, address);
  }

  /** Whether it may send messages of this sender, {@code MSH-3.1@MSH-4.1}. */
  public boolean maySendAs(String sender) {
    return senders.isEmpty() || senders.contains(sender);
  }
}
