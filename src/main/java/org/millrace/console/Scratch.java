package org.millrace.console;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
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
 * @param changed the texts that are others than on disk, by file; also of files that are not there
 * @param tooLong files whose texts are left out of it, as they are longer than is taken
 */
record Scratch(
    String message, String pasted, String file, Map<String, String> changed, Set<String> tooLong) {

  /** Longer than any file of rules; a table of more rows is no work for a browser. */
  private static final int LONGEST = 1024 * 1024;

  /** Nothing, as it is before anybody has put something there. */
  static final Scratch EMPTY = new Scratch("", "", "", Map.of(), Set.of());

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

  /**
   * What a form holds, as far as the files are there, or may be made.
   *
   * @param files as they are on disk
   */
  static Scratch read(Params form, RuleFiles files) {
    Map<String, String> changed = new TreeMap<>();
    Set<String> tooLong = new TreeSet<>();
    for (String kept : form.all("kept")) {
      // The first line of each is its file.
      String[] parts = UnifiedPatch.plain(kept).split("\n", 2);
      put(parts[0], parts.length == 2 ? parts[1] : "", files, changed, tooLong);
    }
    String file = form.text("file");
    if (may(file, files)) {
      changed.remove(file);
      tooLong.remove(file);
      if (!form.has("undo")) {
        put(file, UnifiedPatch.plain(form.exactly("rules")), files, changed, tooLong);
      }
    }
    Optional<NewRuleFile> made = NewRuleFile.named(wanted(form));
    made.filter(each -> !files.texts().containsKey(each.name()))
        .ifPresent(each -> changed.putIfAbsent(each.name(), each.beginning(files)));
    String open =
        Stream.of(made.map(NewRuleFile::name).orElse(""), form.text("go"), form.text("open"))
            .filter(name -> !name.isEmpty())
            .findFirst()
            .orElse(file);
    return new Scratch(
        form.text("message"),
        form.exactly("pasted"),
        files.texts().containsKey(open) || changed.containsKey(open) ? open : "",
        changed,
        tooLong);
  }

  /**
   * The file that a form asks to make: by a button of its own, or as typed. Enter in the field
   * presses the first button of the form.
   */
  static String wanted(Params form) {
    String made = form.text("make");
    boolean other = Stream.of("go", "undo").anyMatch(form::has);
    return made.equals("typed") || made.isEmpty() && !other ? form.text("new") : made;
  }

  private static boolean may(String file, RuleFiles files) {
    return files.texts().containsKey(file) || NewRuleFile.named(file).isPresent();
  }

  private static void put(
      String file, String text, RuleFiles files, Map<String, String> changed, Set<String> tooLong) {
    String original = files.texts().getOrDefault(file, "");
    if (!may(file, files)) {
      return;
    }
    if (text.length() > LONGEST) {
      tooLong.add(file);
    } else if (UnifiedPatch.different(original, text)) {
      changed.put(file, text);
    }
  }

  /** The number of a message; empty for what is none. */
  static Optional<Long> number(String typed) {
    return NUMBER.matcher(typed).matches() ? Optional.of(Long.parseLong(typed)) : Optional.empty();
  }

  /** Whether there is nothing to try. */
  boolean isEmpty() {
    return message.isEmpty() && pasted.isBlank() && changed.isEmpty() && tooLong.isEmpty();
  }

  /** Why it cannot be tried, in words; empty if it can. */
  String problem() {
    return tooLong.isEmpty()
        ? ""
        : String.join(", ", tooLong)
            + ": longer than a megabyte, so nothing was tried and what was typed there is gone."
            + " Change such a file on disk.";
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
    return new Scratch("", "", "", changed, tooLong);
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
        (name, text) -> {
          String original = files.texts().get(name);
          String path = folder + "/" + name;
          patch.append(
              original == null
                  ? UnifiedPatch.ofNew(path, text)
                  : UnifiedPatch.of(path, original, text));
        });
    return patch.toString();
  }

  /** The files only: the message is a patient's. */
  @Override
  public String toString() {
    return "changed " + changed.keySet();
  }
}
