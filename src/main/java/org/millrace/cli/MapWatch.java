package org.millrace.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.millrace.mapping.Mapper;
import org.millrace.mapping.Mappings;
import org.millrace.mapping.RuleFault;
import org.millrace.mapping.RuleFaultsException;

/**
 * Maps a file again whenever it or a mapping file changes, and shows what became different. While
 * the mapping files are faulty the last good result is what the next one is compared with.
 */
final class MapWatch {
  private final ChangedFiles files;
  private final FileMapping messages;
  private final Mapping mapping;
  private final PrintWriter out;
  private Optional<FileMapping.Result> last = Optional.empty();

  /** How the command maps by files that have been read. */
  interface Mapping {
    Mapper mapper(Mappings mappings) throws PlainException, RuleFaultsException;
  }

  MapWatch(ChangedFiles files, FileMapping messages, Mapping mapping, PrintWriter out) {
    this.files = files;
    this.messages = messages;
    this.mapping = mapping;
    this.out = out;
  }

  /** Goes on until the process, or this thread, is interrupted. */
  void watch() throws IOException {
    show();
    while (true) {
      out.println();
      out.println("Watching " + files.folder() + "; Ctrl-C ends");
      out.flush();
      try {
        changed(files.await());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** One look: shows everything again if a file has changed, and tells whether one had. */
  boolean step() throws IOException {
    List<String> changed = files.since();
    if (!changed.isEmpty()) {
      changed(changed);
    }
    return !changed.isEmpty();
  }

  private void changed(List<String> names) throws IOException {
    out.println();
    out.println("==== " + String.join(", ", names));
    show();
  }

  /** Maps and shows; what is wrong is said, and nothing ends. */
  void show() throws IOException {
    try {
      Mappings mappings = Mappings.load(files.folder());
      FileMapping.Result result = messages.map(mapping.mapper(mappings));
      MapView view = new MapView(out, false);
      for (FileMapping.Mapped each : result.messages()) {
        view.show(each);
      }
      result.faults().forEach(out::println);
      mappings.warnings().forEach(each -> out.println("warning: " + each));
      last.ifPresent(
          before -> {
            out.println();
            MapDifference.between(before, result).print(out);
          });
      last = Optional.of(result);
    } catch (RuleFaultsException e) {
      for (RuleFault each : e.faults()) {
        out.println(each);
      }
      stays();
    } catch (PlainException | UncheckedIOException e) {
      out.println(e.getMessage());
      stays();
    }
    out.flush();
  }

  private void stays() {
    if (last.isPresent()) {
      out.println("The last good result stays.");
    }
  }
}
