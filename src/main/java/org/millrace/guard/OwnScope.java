package org.millrace.guard;

import java.util.Locale;

/** What callers may do that is no interaction with a resource. */
public enum OwnScope {
  /** Send HL7 v2 messages over HTTP, queries among them. */
  HL7,
  /** See metrics, and the reasons behind health and readiness. */
  MANAGEMENT;

  /** As keys and tokens carry it: {@code millrace/hl7}. */
  public String word() {
    return "millrace/" + name().toLowerCase(Locale.ROOT);
  }
}
