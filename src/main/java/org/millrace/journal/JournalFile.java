package org.millrace.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * The file of an embedded journal, as it was when it was opened. A file that was taken away or
 * replaced would still be written, where nobody finds it: what is acknowledged then is lost.
 */
final class JournalFile {
  private final Path path;
  private final Optional<Object> key;

  /**
   * @param path of a file that is there
   */
  JournalFile(Path path) {
    this.path = path;
    this.key = key();
  }

  /**
   * @throws JournalException if another file stands in its place, or none
   */
  void mustBeThere() {
    if (!Files.exists(path) || !key().equals(key)) {
      throw new JournalException("the journal's file was taken away or replaced");
    }
  }

  /** What tells one file from another; empty where the system has no such thing. */
  private Optional<Object> key() {
    try {
      return Optional.ofNullable(Files.readAttributes(path, BasicFileAttributes.class).fileKey());
    } catch (IOException gone) {
      return Optional.empty();
    }
  }
}
