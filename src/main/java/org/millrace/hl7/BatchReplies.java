package org.millrace.hl7;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Puts the replies to the messages of a batch together. Thread-safe. */
public final class BatchReplies {
  private static final int CONTROL_ID = 11;

  private final Replies replies;

  public BatchReplies(Replies replies) {
    this.replies = replies;
  }

  /**
   * A batch of replies in the shape of the batch that came: with FHS and FTS, BHS and BTS where it
   * had them, application and facility swapped, its control id as the one that is answered. BTS-1
   * and FTS-1 are counts, the fault of the batch stands in BTS-2 (FTS-2 without a batch).
   *
   * @param each the replies to the messages of each group, an empty one where there is none
   * @return empty if no message has a reply and nothing is wrong
   */
  public byte[] batch(Batch batch, List<List<byte[]>> each) {
    boolean silent =
        each.stream().anyMatch(group -> !group.isEmpty())
            && each.stream().flatMap(List::stream).noneMatch(reply -> reply.length > 0);
    if (silent && batch.fault().isEmpty()) {
      return new byte[0];
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    batch.file().ifPresent(header -> out.writeBytes(header("FHS", header)));
    for (int i = 0; i < batch.groups().size(); i++) {
      Optional<byte[]> header = batch.groups().get(i).header();
      header.ifPresent(received -> out.writeBytes(header("BHS", received)));
      List<byte[]> replied = each.get(i).stream().filter(reply -> reply.length > 0).toList();
      replied.forEach(out::writeBytes);
      if (header.isPresent()) {
        out.writeBytes(trailer("BTS", header.get(), replied.size(), batch.fault()));
      }
    }
    batch
        .file()
        .ifPresent(
            header -> out.writeBytes(trailer("FTS", header, batch.groups().size(), batch.fault())));
    return out.toByteArray();
  }

  private byte[] header(String name, byte[] received) {
    V2Writer writer = writer(received);
    String[] fields = fields(received);
    writer.segment(name);
    writer.setRaw(3, at(fields, 5)).setRaw(4, at(fields, 6));
    writer.setRaw(5, at(fields, 3)).setRaw(6, at(fields, 4));
    writer.set(7, replies.now()).set(CONTROL_ID, replies.newControlId());
    return writer.setRaw(12, at(fields, CONTROL_ID)).bytes();
  }

  private byte[] trailer(String name, byte[] header, int count, Optional<V2Fault> fault) {
    V2Writer writer = writer(header).segment(name).set(1, Integer.toString(count));
    fault.ifPresent(what -> writer.set(2, what.sentence()));
    return writer.bytes();
  }

  private static V2Writer writer(byte[] header) {
    Separators separators;
    try {
      separators = Msh.separators(header, 0);
    } catch (V2FormatException odd) {
      separators = Separators.STANDARD;
    }
    // Byte for byte, whatever the charset of the messages is.
    return new V2Writer(separators, StandardCharsets.ISO_8859_1);
  }

  /** FHS and BHS count as MSH does: their first field is the delimiter. */
  private static String[] fields(byte[] header) {
    String line = new String(header, StandardCharsets.ISO_8859_1);
    return line.split(Pattern.quote(String.valueOf(line.charAt(3))), -1);
  }

  private static String at(String[] fields, int number) {
    return number - 1 < fields.length ? fields[number - 1] : "";
  }

  /**
   * One reply for all: it answers the first message, with the worst code of any, and an ERR for
   * each message that was not accepted, whose place is {@code MSH^n} for the n-th message.
   *
   * @param each the replies to the messages in order, an empty one where there is none
   * @return empty if no message has a reply and nothing is wrong
   */
  public byte[] one(Batch batch, List<byte[]> each) {
    Optional<V2Message> first = firstReadable(batch);
    List<V2Fault> faults = new ArrayList<>();
    batch.fault().ifPresent(faults::add);
    boolean said = !faults.isEmpty();
    boolean commit = false;
    int worst = faults.isEmpty() ? 0 : 1;
    for (int i = 0; i < each.size(); i++) {
      Optional<Replies.Acknowledged> told = Replies.judge(each.get(i));
      said = said || each.get(i).length > 0;
      if (told.isPresent() && told.get().code().length() == 2) {
        commit = commit || told.get().code().charAt(0) == 'C';
        int grade = "AER".indexOf(told.get().code().charAt(1));
        worst = Math.max(worst, grade);
        if (grade > 0) {
          faults.add(fault(i + 1, each.get(i), told.get()));
        }
      }
    }
    if (first.isEmpty()) {
      return batch(batch, grouped(batch, each));
    }
    if (!said) {
      return new byte[0];
    }
    AckCode code = List.of(AckCode.AA, AckCode.AE, AckCode.AR).get(worst);
    return replies
        // The codes are as the sender wants them already.
        .forSenders(sender -> SenderProfile.NONE)
        .refuse(first.get(), commit ? code.asCommit() : code, faults);
  }

  /** Those of each group, of all in order. */
  public static List<List<byte[]>> grouped(Batch batch, List<byte[]> each) {
    List<List<byte[]>> groups = new ArrayList<>();
    int at = 0;
    for (Batch.Group group : batch.groups()) {
      groups.add(each.subList(at, at + group.messages().size()));
      at += group.messages().size();
    }
    return groups;
  }

  private static Optional<V2Message> firstReadable(Batch batch) {
    for (Batch.Group group : batch.groups()) {
      for (byte[] message : group.messages()) {
        try {
          return Optional.of(V2Message.readHeader(message));
        } catch (V2FormatException unreadable) {
          continue;
        }
      }
    }
    return Optional.empty();
  }

  private static V2Fault fault(int number, byte[] reply, Replies.Acknowledged told) {
    ErrorCode code = ErrorCode.INTERNAL;
    try {
      String said = V2Message.read(reply).first("ERR").map(err -> err.text(3)).orElse("");
      for (ErrorCode each : ErrorCode.values()) {
        code = said.equals(Integer.toString(each.number())) ? each : code;
      }
    } catch (V2FormatException cannotBe) {
      code = ErrorCode.INTERNAL;
    }
    return V2Fault.at(V2Location.segment("MSH", number), code, told.text());
  }
}
