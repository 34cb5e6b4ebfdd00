package org.millrace.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import org.millrace.hl7.ControlIds;
import org.millrace.mapping.Mapper;
import org.millrace.mapping.Mappings;
import org.millrace.mapping.RuleFaultsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "map",
    mixinStandardHelpOptions = true,
    exitCodeList = "1:A message could not be mapped; with --diff, something is different.",
    description = {
      "Show the FHIR that messages become, and why.",
      "Each element is shown with the field and the rule it comes from, and after them what is not",
      "mapped. Nothing is sent; references that would be looked up are shown as such."
    })
final class MapCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "FILE",
      description = "File of HL7 v2 messages; with --reverse of FHIR JSON.")
  private Path file = Path.of("");

  @Option(names = "--json", description = "One JSON line for each message.")
  private boolean json;

  @Option(
      names = "--watch",
      description = {
        "Show it again, and what is different, whenever FILE or a mapping file changes;",
        "ends with Ctrl-C."
      })
  private boolean watch;

  @Option(
      names = "--diff",
      paramLabel = "FOLDER",
      defaultValue = "",
      description = {
        "Show only what is different from what the mapping files of another folder make."
      })
  private String other = "";

  @Option(
      names = "--variant",
      paramLabel = "NAME",
      defaultValue = "",
      description = "A variant of the message files, such as observations.")
  private String variant = "";

  @Option(
      names = "--reverse",
      description = {
        "The other way: FILE is FHIR JSON (a resource, a Bundle or an array), and the HL7 v2",
        "message is shown that it becomes, with a header of our own unless a MessageHeader is there."
      })
  private boolean reverse;

  @Option(
      names = "--as",
      paramLabel = "TYPE",
      defaultValue = "",
      description = "With --reverse: the message to write, ADR^A19; chosen by content if absent.")
  private String as = "";

  @Option(
      names = "--mappings",
      paramLabel = "FOLDER",
      defaultValue = "",
      description = "Mapping files; mappings/ beside the launcher if absent.")
  private String mappingsFolder = "";

  @Option(
      names = "--tenant",
      paramLabel = "NAME",
      defaultValue = "",
      description = {
        "By the mapping files of this tenant, a folder of mappings/tenants, laid over those of all;",
        "without it as messages of the tenant without a name."
      })
  private String tenant = "";

  @Option(
      names = "--target",
      paramLabel = "NAME",
      defaultValue = "",
      description =
          "What the server takes, a file of mappings/targets, or none; MILLRACE_TARGET if absent.")
  private String target = "";

  @Mixin private SettingsOption settings = new SettingsOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    Path folder =
        existing(
            mappingsFolder.isEmpty()
                ? Millrace.home().resolve("mappings")
                : Path.of(mappingsFolder));
    if (json && (watch || !other.isEmpty())) {
      throw new PlainException("--json goes with neither --watch nor --diff");
    }
    FileMapping messages = new FileMapping(file, variant, settings);
    if (reverse || !as.isEmpty()) {
      return reversed(mapper(Mappings.load(folder)), messages);
    }
    if (watch) {
      PrintWriter out = spec.commandLine().getOut();
      new MapWatch(new ChangedFiles(file, folder), messages, this::mapper, out).watch();
      return 0;
    }
    FileMapping.Result result = messages.map(mapper(Mappings.load(folder)));
    PrintWriter err = spec.commandLine().getErr();
    result.faults().forEach(err::println);
    return other.isEmpty() ? show(result) : difference(messages, result);
  }

  private Integer reversed(Mapper mapper, FileMapping messages) throws Exception {
    if (!reverse) {
      throw new PlainException("--as goes with --reverse only");
    }
    if (watch || !other.isEmpty() || !variant.isEmpty()) {
      throw new PlainException("--reverse goes with --as, --json and --mappings only");
    }
    Clock clock = Clock.systemUTC();
    MapReverse.Header header = new MapReverse.Header(clock, new ControlIds(clock));
    MapReverse way = new MapReverse(mapper, messages.contextOfWriting(tenant), header);
    MapReverse.print(way.write(file, as), json, spec.commandLine().getOut());
    return 0;
  }

  private Integer show(FileMapping.Result result) throws Exception {
    MapView view = new MapView(spec.commandLine().getOut(), json);
    for (FileMapping.Mapped each : result.messages()) {
      view.show(each);
    }
    return result.faults().isEmpty() ? 0 : Millrace.FAILED;
  }

  private Integer difference(FileMapping messages, FileMapping.Result now) throws Exception {
    Mapper before = ofTenant(Mappings.load(existing(Path.of(other))));
    MapDifference difference = MapDifference.between(messages.map(before), now);
    difference.print(spec.commandLine().getOut());
    return difference.isNothing() && now.faults().isEmpty() ? 0 : Millrace.FAILED;
  }

  private Mapper mapper(Mappings mappings) throws PlainException, RuleFaultsException {
    if (!tenant.isEmpty() && !mappings.tenants().contains(tenant)) {
      throw new PlainException(
          "the mapping files have no folder tenants/"
              + tenant
              + ": what comes for this tenant is mapped as without --tenant");
    }
    return ofTenant(mappings);
  }

  private Mapper ofTenant(Mappings mappings) throws PlainException, RuleFaultsException {
    mappings.check((named, sender) -> named.equals(tenant));
    return mapper(mappings, target, settings).ofTenant(tenant);
  }

  /**
   * The mapper for what a server takes.
   *
   * @param target a file of {@code mappings/targets}, or none; as the settings say if empty
   * @throws PlainException if there is no such file
   */
  static Mapper mapper(Mappings mappings, String target, SettingsOption settings)
      throws PlainException {
    var set = settings.source().values().get("MILLRACE_TARGET");
    String byDefault = set == null || set.text().isBlank() ? "cerner" : set.text();
    String name = target.isEmpty() ? byDefault : target;
    if (!name.equals("none") && !mappings.targets().contains(name)) {
      throw new PlainException(
          "there is no target "
              + name
              + "; there are none, "
              + String.join(", ", mappings.targets()));
    }
    return new Mapper(mappings).forTarget(name);
  }

  private static Path existing(Path folder) throws PlainException {
    if (!Files.isDirectory(folder)) {
      throw new PlainException("there is no folder " + folder + " of mapping files");
    }
    return folder;
  }
}
