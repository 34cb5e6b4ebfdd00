package org.millrace.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The number of a message in the journal, as {@code messages list} shows it. */
final class MessageNumber implements ITypeConverter<Long> {
  @Override
  public Long convert(String text) {
    if (text.matches("\\d{1,18}")) {
      return Long.valueOf(text);
    }
    throw new TypeConversionException(
        "'"
            + text
            + "' is no number of a message; 'millrace messages list --control-id "
            + text
            + "' finds it by MSH-10");
  }
}
