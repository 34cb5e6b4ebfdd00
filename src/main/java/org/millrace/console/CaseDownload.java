package org.millrace.console;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.millrace.replay.NewCase;

/** A case as a file to download, which is unpacked under {@code samples/}. */
final class CaseDownload {
  private CaseDownload() {}

  /**
   * @param type MSH-9, of which the folder's name is made
   * @param name of the case: nothing of a patient
   */
  static Answer of(String type, String name, Instant clock, byte[] message) {
    String folder = type.replaceAll("[^A-Za-z0-9]+", "_");
    String title = folder.replace('_', ' ').strip() + ": say here what it shows";
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> file : new NewCase(title, clock, message).files().entrySet()) {
        ZipEntry entry = new ZipEntry(folder + "/" + name + "/" + file.getKey());
        entry.setTime(clock.toEpochMilli());
        zip.putNextEntry(entry);
        zip.write(file.getValue());
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a zip in memory can be written", e);
    }
    return new Answer(
        200,
        Map.of(
            "Content-Type",
            "application/zip",
            "Content-Disposition",
            "attachment; filename=\"case-" + name + ".zip\""),
        bytes.toByteArray());
  }
}
