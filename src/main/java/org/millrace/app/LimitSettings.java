package org.millrace.app;

import org.millrace.hl7.MessageLimits;

/** Reads how much of everything one message may have, and one batch. */
final class LimitSettings {
  private LimitSettings() {}

  static MessageLimits read(SettingsReader reader) {
    MessageLimits standard = MessageLimits.DEFAULT;
    return new MessageLimits(
        number(reader, "MILLRACE_LIMIT_SEGMENTS", standard.segments(), 1_000_000),
        number(reader, "MILLRACE_LIMIT_FIELDS", standard.fields(), 100_000),
        number(reader, "MILLRACE_LIMIT_REPETITIONS", standard.repetitions(), 1_000_000),
        number(reader, "MILLRACE_LIMIT_COMPONENTS", standard.components(), 100_000),
        number(reader, "MILLRACE_LIMIT_BATCH", standard.messages(), 1_000_000));
  }

  private static int number(SettingsReader reader, String name, int byDefault, int most) {
    return (int) reader.number(name, byDefault, 100, most, "is no number from 100 to " + most);
  }
}
