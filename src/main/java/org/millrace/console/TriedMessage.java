package org.millrace.console;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.millrace.hl7.Batch;
import org.millrace.hl7.PreScan;
import org.millrace.hl7.V2Charset;
import org.millrace.hl7.V2Fault;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;
import org.millrace.mapping.Mapper;
import org.millrace.mapping.MappingContext;
import org.millrace.mapping.MappingRun;
import org.millrace.mapping.Mappings;
import org.millrace.replay.MessageFile;

/**
 * A message that is ready to be mapped. What was typed is read as characters, since a browser gives
 * no bytes: it does not matter what MSH-18 says of them.
 *
 * @param tenant by whose mapping files; empty for the tenant without a name
 */
record TriedMessage(V2Message message, MappingContext context, String tenant) {
  private static final Pattern HEAD = Pattern.compile("(?m)^\\s*MSH");

  /** Says no more than a sentence. */
  static final class Unready extends Exception {
    private static final long serialVersionUID = 1L;

    Unready(String sentence) {
      super(sentence, null, false, false);
    }
  }

  /**
   * The one message that was typed.
   *
   * @throws Unready if it is more than one, or passes a limit
   */
  static TriedMessage typed(String text, ConsoleSources sources) throws Unready, V2FormatException {
    if (HEAD.matcher(text).results().count() > 1) {
      throw new Unready("Paste one message; this is more than one.");
    }
    return read(
        text.strip().replace("\r\n", "\r").replace('\n', '\r').getBytes(StandardCharsets.UTF_8),
        sources);
  }

  /**
   * The messages of a file as text: each in the charset that is set for its sender, or that it
   * names; no byte is replaced.
   *
   * @param file its bytes
   */
  static String text(byte[] file, ConsoleSources sources) {
    StringBuilder all = new StringBuilder();
    for (byte[] each : messages(MessageFile.whole(file, "\r"))) {
      all.append(new String(each, charset(each, sources)).replace('\r', '\n'));
    }
    return all.toString();
  }

  private static Charset charset(byte[] message, ConsoleSources sources) {
    try {
      String sender = V2Message.read(message).header().sender();
      return V2Message.read(message, sources.mapping().sender(sender).charset())
          .charset()
          .charset();
    } catch (V2FormatException unreadable) {
      return V2Charset.choose(message, Optional.empty()).charset();
    }
  }

  private static List<byte[]> messages(byte[] bytes) {
    return Batch.read(bytes)
        .map(batch -> batch.groups().stream().flatMap(each -> each.messages().stream()).toList())
        .orElse(List.of(bytes));
  }

  /**
   * The texts of the messages of a file, as they may be typed: any line ends, one after the other,
   * batches, MLLP framing left in or not.
   *
   * @throws Unready if they are more than fit into one frame
   */
  static List<String> split(String file, ConsoleSources sources) throws Unready {
    byte[] bytes = MessageFile.whole(file.strip().getBytes(StandardCharsets.UTF_8), "\r");
    Optional<V2Fault> limit = new PreScan(sources.rules().limits()).checkBatch(bytes);
    if (limit.isPresent()) {
      throw new Unready("It passes a limit: " + limit.get().sentence());
    }
    return messages(bytes).stream()
        .map(each -> new String(each, StandardCharsets.UTF_8).strip().replace('\r', '\n'))
        .toList();
  }

  private static TriedMessage read(byte[] bytes, ConsoleSources sources)
      throws Unready, V2FormatException {
    Optional<V2Fault> limit = new PreScan(sources.rules().limits()).check(bytes);
    if (limit.isPresent()) {
      throw new Unready("It passes a limit: " + limit.get().sentence());
    }
    V2Message message = V2Message.read(bytes, Optional.of(StandardCharsets.UTF_8));
    Map<String, String> given = new HashMap<>(sources.rules().given());
    given.putAll(MappingContext.LOOKED_UP);
    String sender = message.header().sender();
    return new TriedMessage(
        message,
        new MappingContext(sources.zone(), sender, given),
        sources.rules().feeds().tenant(message.header().type(), sender));
  }

  /** What it becomes; empty if the rules have no message file for its type. */
  Optional<MappingRun> map(Mapper by) {
    Mapper ofTenant = by.ofTenant(tenant);
    return ofTenant.mappings().isMapped(message.header().type(), "")
        ? Optional.of(ofTenant.map(message, context))
        : Optional.empty();
  }

  /** Why it cannot be mapped by rules that have no file for its type. */
  Unready unmapped(Mappings mappings) {
    return new Unready(
        "There is no message file for "
            + message.header().type()
            + "; there are "
            + String.join(", ", new TreeSet<>(mappings.ofTenant(tenant).messageTypes()))
            + ".");
  }

  /** The type only: the rest is a patient's. */
  @Override
  public String toString() {
    return "a message of type " + message.header().type();
  }
}
