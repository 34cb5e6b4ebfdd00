package org.millrace.mapping;

import java.nio.charset.Charset;
import java.util.Optional;
import java.util.Set;
import org.millrace.hl7.SenderProfile;
import org.millrace.hl7.V2Charset;

/** Reads the {@code sender.yaml} of a sender's folder: how its messages differ on the wire. */
final class SenderFiles {
  static final String NAME = "sender.yaml";
  private static final Set<String> KEYS = Set.of("source", "charset");

  private SenderFiles() {}

  /** The profile; what is wrong is a fault of the file, and counts as not said. */
  static SenderProfile read(RuleText text) {
    text.allow(KEYS);
    text.required("source");
    return new SenderProfile(charset(text));
  }

  private static Optional<Charset> charset(RuleText text) {
    Optional<RuleText> said = text.get("charset");
    Optional<Charset> charset = said.flatMap(name -> V2Charset.named(name.scalar()));
    if (said.isPresent() && charset.isEmpty()) {
      said.get()
          .fault(
              "This names no charset that can be read; write it as in MSH-18 (8859/1, UNICODE"
                  + " UTF-8), or as CP1252 or windows-1252.");
    }
    return charset;
  }
}
