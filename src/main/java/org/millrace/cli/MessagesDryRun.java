package org.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.millrace.delivery.DryRun;
import org.millrace.delivery.MessageMapping;
import org.millrace.hl7.V2FormatException;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.MessageSummary;
import org.millrace.mapping.Mapper;
import org.millrace.mapping.Mappings;
import org.millrace.mapping.Verdict;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "dry-run",
    mixinStandardHelpOptions = true,
    exitCodeList = "1:Something is different.",
    description = {
      "What would be sent of a message by the mapping files of now, compared with what was sent. Shows patient data.",
      "Nothing is sent or written, and Cerner is not asked: patient and visit are those on record."
    })
final class MessagesDryRun implements Callable<Integer> {
  @Parameters(
      paramLabel = "MESSAGE",
      converter = MessageNumber.class,
      description = "Its number, as the list shows it.")
  private long message;

  @Option(
      names = "--target",
      paramLabel = "NAME",
      defaultValue = "",
      description =
          "What the server takes, a file of mappings/targets, or none; MILLRACE_TARGET if absent.")
  private String target = "";

  @Mixin private MappingsOption mappingFiles = new MappingsOption();
  @Mixin private JournalOption journal = new JournalOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    SettingsOption settings = journal.settings();
    Mappings mappings = mappingFiles.load();
    Mapper mapper = MapCommand.mapper(mappings, target, settings);
    try (JournalDatabase open = journal.forRequests()) {
      MessageSummary found =
          open.listing()
              .find(message)
              .orElseThrow(
                  () -> new PlainException("there is no message " + message + " in this journal"));
      String tenant = open.queue().tenant(found.feed());
      mappings.check((named, sender) -> named.equals(tenant) && sender.equals(found.sender()));
      ViewOnRecord.put(open, "view", "message " + message);
      DryRun.Result result =
          new DryRun(open, MessageMapping.of(mapper), FileMapping.given(settings))
              .of(message)
              .orElseThrow(
                  () ->
                      new PlainException(
                          "the content of message "
                              + message
                              + " is not kept any more, or no mapping file is for its type"));
      return print(result, spec.commandLine().getOut());
    } catch (V2FormatException e) {
      throw new PlainException("message " + message + " cannot be read any more");
    }
  }

  private static int print(DryRun.Result result, PrintWriter out) {
    out.println(
        result.patientOnRecord()
            ? "For " + result.subject() + ", as it is on record"
            : "No patient is on record: a placeholder stands in its stead");
    out.println(
        result.encounter().isEmpty()
            ? "No visit is on record"
            : "For " + result.encounter() + ", as it is on record");
    boolean same = true;
    for (DryRun.Document each : result.documents()) {
      same &=
          each.compared() == DryRun.Compared.SAME
              || each.compared() == DryRun.Compared.NEVER_SENT && each.now().isEmpty();
      print(each, out);
    }
    if (result.documents().isEmpty()) {
      out.println("The mapping makes nothing of it");
    }
    return same ? 0 : Millrace.FAILED;
  }

  private static void print(DryRun.Document each, PrintWriter out) {
    out.println(each.anchor() + "  " + verdict(each) + ": " + sentence(each));
    if (each.compared() == DryRun.Compared.DIFFERENT && each.now().isPresent()) {
      JsonNode now = each.now().get();
      each.sent()
          .ifPresentOrElse(
              sent ->
                  MapDifference.values("DocumentReference", sent, now)
                      .forEach(line -> out.println("  " + OnScreen.text(line))),
              () -> out.println("  what was sent is not kept whole; only its digest is compared"));
    }
  }

  private static String verdict(DryRun.Document each) {
    return each.verdict().map(MessagesDryRun::word).orElse("not made");
  }

  private static String word(Verdict verdict) {
    return verdict.decision() + " " + verdict.code();
  }

  private static String sentence(DryRun.Document each) {
    return switch (each.compared()) {
      case NEVER_SENT -> each.now().isPresent() ? "it would be sent; it never was" : "not sent";
      case SAME -> "the same as was sent";
      case DIFFERENT -> "different from what was sent (+ appeared, - vanished, ~ changed)";
      case NO_LONGER -> "it was sent, and would not be sent now";
      case NOT_KNOWN -> "it was sent; what was sent is not on record";
    };
  }
}
