package org.millrace.journal;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** The hashes that chain the audit trail; keyed where the journal is. Thread-safe. */
final class AuditSeals {
  /** The name of the salt among the details; nothing else is called so. */
  static final String SALT = "~";

  /** What stands for the entry before the first. */
  static final String BEGINNING = "";

  private static final int SALT_BYTES = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final SearchKeys keys;

  AuditSeals(SearchKeys keys) {
    this.keys = keys;
  }

  /** The details as they are written, with a salt. */
  static String salted(Map<String, String> details) {
    byte[] salt = new byte[SALT_BYTES];
    RANDOM.nextBytes(salt);
    Map<String, String> all = new TreeMap<>(details);
    all.put(SALT, HexFormat.of().formatHex(salt));
    return DetailsJson.write(all);
  }

  String commitment(String salted) {
    return keys.of("audit details", salted);
  }

  /** The hash of an entry behind the one that has this hash. */
  String link(String before, String chain, long seq, AuditEvent event, String commitment) {
    return keys.of(
        "audit",
        before,
        chain,
        String.valueOf(seq),
        String.valueOf(event.at().toEpochMilli()),
        event.what(),
        event.outcome().name(),
        String.valueOf(event.status()),
        event.actor().name(),
        event.actor().proof(),
        event.actor().address(),
        event.subject(),
        event.requestId(),
        commitment);
  }

  String end(AuditHead head) {
    return keys.of("audit end", head.toString());
  }

  /** By what entries are found that are about a patient. */
  String patient(String id) {
    return keys.of("audit patient", id);
  }

  boolean keyed() {
    return keys.keyed();
  }
}
