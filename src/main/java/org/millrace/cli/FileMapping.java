package org.millrace.cli;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millrace.app.SettingsSource;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;
import org.millrace.mapping.Mapper;
import org.millrace.mapping.MappingContext;
import org.millrace.mapping.MappingRun;
import org.millrace.mapping.Mappings;
import org.millrace.replay.MessageFile;

/** The messages of a file, mapped as the engine would; references are placeholders. */
final class FileMapping {
  private final Path file;
  private final String variant;
  private final SettingsOption settings;

  /**
   * @param variant of the message files, as they name themselves; empty for those of all
   */
  FileMapping(Path file, String variant, SettingsOption settings) {
    this.file = file;
    this.variant = variant;
    this.settings = settings;
  }

  /**
   * One message that was mapped.
   *
   * @param number 1-based, of the message in its file
   */
  record Mapped(int number, V2Message message, MappingRun run) {}

  /**
   * What came of a file.
   *
   * @param faults a sentence for each message that could not be mapped
   */
  record Result(List<Mapped> messages, List<String> faults) {
    Result {
      messages = List.copyOf(messages);
      faults = List.copyOf(faults);
    }
  }

  /**
   * Maps every message of the file.
   *
   * @throws PlainException if the file cannot be read or holds no message
   */
  Result map(Mapper mapper) throws PlainException {
    List<Mapped> mapped = new ArrayList<>();
    List<String> faults = new ArrayList<>();
    int number = 0;
    for (byte[] bytes : MessageFile.messages(read(), "\r")) {
      number++;
      String place = file + ", message " + number + ": ";
      try {
        V2Message message = V2Message.read(bytes);
        Optional<Charset> set = mapper.mappings().sender(message.header().sender()).charset();
        message = set.isPresent() ? V2Message.read(bytes, set) : message;
        String type = message.header().type();
        if (mapper.mappings().isMapped(type, variant)) {
          mapped.add(new Mapped(number, message, mapper.map(message, variant, context(message))));
        } else {
          faults.add(place + none(type, mapper.mappings()));
        }
      } catch (V2FormatException e) {
        faults.add(place + e.getMessage());
      }
    }
    if (number == 0) {
      throw new PlainException(file + " holds no message: no line begins with MSH");
    }
    return new Result(mapped, faults);
  }

  private String none(String type, Mappings mappings) {
    return "there is no message file for "
        + type
        + (variant.isEmpty() ? "" : " of the variant " + variant)
        + "; there are "
        + mappings.messageTypes();
  }

  private byte[] read() throws PlainException {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new PlainException(file + " cannot be read; is the name right?");
    }
  }

  private MappingContext context(V2Message message) throws PlainException {
    Map<String, String> given = new HashMap<>(given(settings));
    given.putAll(MappingContext.LOOKED_UP);
    return new MappingContext(zone(), message.header().sender(), given);
  }

  /** What a site's settings give the mapping files. */
  static Map<String, String> given(SettingsOption settings) {
    return Map.of(
        "document-type", value(settings, "MILLRACE_DOCUMENT_TYPE", "11506-3"),
        "preliminary", value(settings, "MILLRACE_PRELIMINARY", "filter"),
        "status-missing", value(settings, "MILLRACE_STATUS_MISSING", "hold"));
  }

  /** For the way to v2, as for an answer to a query about patients of a tenant. */
  MappingContext contextOfWriting(String tenant) throws PlainException {
    String setting = SettingsSource.prefix(tenant) + "MRN_SYSTEM";
    String system = value(setting, "urn:oid:2.16.840.1.113883.6.1000");
    return new MappingContext(zone(), "", Map.of("set-id", "1", "mrn-system", system));
  }

  private ZoneId zone() throws PlainException {
    String zone = value("MILLRACE_ZONE", ZoneOffset.UTC.getId());
    try {
      return ZoneId.of(zone);
    } catch (DateTimeException e) {
      throw new PlainException("MILLRACE_ZONE is no time zone: " + zone);
    }
  }

  private String value(String name, String byDefault) {
    return value(settings, name, byDefault);
  }

  private static String value(SettingsOption settings, String name, String byDefault) {
    var value = settings.source().values().get(name);
    return value == null || value.text().isBlank() ? byDefault : value.text();
  }
}
