package org.millrace.console;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.millrace.mapping.RuleFiles;

/**
 * What somebody has on the workbench. All of it stands in the form of the page, so that the engine
 * keeps nothing of it: neither the message nor the changed rules.
 *
 * @param message the number of one of the journal, as typed; empty for none
 * @param pasted a message; empty for none
 * @param file the one that is open; empty for none
 * @param changed the texts that are others than on disk, by file
 */
record Scratch(String message, String pasted, String file, Map<String, String> changed) {

  /** Longer than any file of rules; a table of more rows is no work for a browser. */
  private static final int LONGEST = 1024 * 1024;

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

  /**
   * What a form holds, as far as the files are there.
   *
   * @param files as they are on disk
   */
  static Scratch read(Params form, RuleFiles files) {
    Map<String, String> changed = new TreeMap<>();
    for (String kept : form.all("kept")) {
      // The first line of each is its file.
      String[] parts = UnifiedPatch.plain(kept).split("\n", 2);
      put(parts[0], parts.length == 2 ? parts[1] : "", files, changed);
    }
    String file = form.text("file");
    if (files.texts().containsKey(file)) {
      changed.remove(file);
      if (!form.has("undo")) {
        put(file, UnifiedPatch.plain(form.exactly("rules")), files, changed);
      }
    }
    String open =
        Stream.of("go", "open")
            .map(form::text)
            .filter(name -> !name.isEmpty())
            .findFirst()
            .orElse(file);
    return new Scratch(
        form.text("message"),
        form.exactly("pasted"),
        files.texts().containsKey(open) ? open : "",
        changed);
  }

  private static void put(String file, String text, RuleFiles files, Map<String, String> changed) {
    String original = files.texts().get(file);
    if (original != null && text.length() <= LONGEST && UnifiedPatch.different(original, text)) {
      changed.put(file, text);
    }
  }

  /** The number of a message; empty for what is none. */
  static Optional<Long> number(String typed) {
    return NUMBER.matcher(typed).matches() ? Optional.of(Long.parseLong(typed)) : Optional.empty();
  }

  /** Whether there is nothing to try. */
  boolean isEmpty() {
    return message.isEmpty() && pasted.isBlank() && changed.isEmpty();
  }

  /** What was changed in files that are not open, each with its name in the first line. */
  List<String> kept() {
    return changed.entrySet().stream()
        .filter(each -> !each.getKey().equals(file))
        .map(each -> each.getKey() + "\n" + each.getValue())
        .toList();
  }

  /** The same with no message and no file open. */
  Scratch rulesOnly() {
    return new Scratch("", "", "", changed);
  }

  /** The text of the file that is open. */
  String text(RuleFiles files) {
    String text = changed.get(file);
    return text != null ? text : UnifiedPatch.plain(files.texts().getOrDefault(file, ""));
  }

  /** All that was changed, as one patch. */
  String patch(String folder, RuleFiles files) {
    StringBuilder patch = new StringBuilder();
    changed.forEach(
        (name, text) ->
            patch.append(
                UnifiedPatch.of(folder + "/" + name, files.texts().getOrDefault(name, ""), text)));
    return patch.toString();
  }

  /** The files only: the message is a patient's. */
  @Override
  public String toString() {
    return "changed " + changed.keySet();
  }
}
