package org.millrace.mapping;

import ca.uhn.fhir.context.BaseRuntimeElementDefinition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the files under {@code targets/}: what FHIR servers take. Used at load only. */
final class TargetFiles {
  static final String FOLDER = "targets/";
  static final String NONE = "none";
  private static final Set<String> TOP =
      Set.of("target", "title", "source", "own-codes", "resources");
  private static final Set<String> ENTRY =
      Set.of("resource", "interaction", "source", "takes", "others", "refused", "rules");
  private final Compiler compiler;
  private final Map<String, TargetProfile> targets = new HashMap<>();

  TargetFiles(Compiler compiler) {
    this.compiler = compiler;
  }

  /**
   * Compiles every target.
   *
   * @param files by path under the folder, others than targets among them
   */
  Map<String, TargetProfile> compile(Map<String, RuleText> files) {
    files.forEach(
        (file, text) -> {
          if (file.startsWith(FOLDER)) {
            target(file.substring(FOLDER.length(), file.length() - ".yaml".length()), text);
          }
        });
    return Map.copyOf(targets);
  }

  private void target(String name, RuleText text) {
    text.allow(TOP);
    text.required("source");
    String title = text.required("title");
    if (!text.required("target").equals(name) || name.equals(NONE)) {
      text.get("target")
          .ifPresent(at -> at.fault("A target is named as its file, and never '" + NONE + "'."));
    }
    Map<TargetProfile.Key, Draft> drafts = new LinkedHashMap<>();
    for (RuleText entry : text.items("resources")) {
      entry(entry, text.text("own-codes"), drafts);
    }
    if (drafts.isEmpty()) {
      text.fault("Add 'resources': what the target takes of each.");
    }
    Map<TargetProfile.Key, TargetProfile.Checks> checks = new HashMap<>();
    drafts.forEach((key, draft) -> checks.put(key, draft.done()));
    targets.put(name, new TargetProfile(name, title, Map.copyOf(checks)));
  }

  /** What several entries say of one resource and interaction, in file order. */
  private static final class Draft {
    private final List<TargetRule> rules = new ArrayList<>();
    private Optional<String> never = Optional.empty();
    private Optional<TargetTakes> takes = Optional.empty();
    private boolean othersRefused;

    TargetProfile.Checks done() {
      TargetRule.Outcome others =
          new TargetRule.Outcome(othersRefused, "It is not among what is taken.", "");
      return new TargetProfile.Checks(never, List.copyOf(rules), takes, others);
    }
  }

  private void entry(RuleText text, String own, Map<TargetProfile.Key, Draft> drafts) {
    text.allow(ENTRY);
    text.required("source");
    named(text, "resource");
    List<TargetProfile.Interaction> interactions = interactions(text);
    for (RuleText name : text.items("resource")) {
      Optional<BaseRuntimeElementDefinition<?>> root = compiler.model().resource(name.scalar());
      if (root.isEmpty()) {
        name.fault("FHIR R4 has no resource " + name.scalar() + ".");
        continue;
      }
      List<TargetRule> rules =
          new TargetRuleReader(compiler, name.scalar(), root.get(), own).read(text.items("rules"));
      for (TargetProfile.Interaction interaction : interactions) {
        Draft draft =
            drafts.computeIfAbsent(
                new TargetProfile.Key(name.scalar(), interaction), key -> new Draft());
        draft.rules.addAll(rules);
        whole(text, root.get(), draft);
      }
    }
  }

  private static List<TargetProfile.Interaction> interactions(RuleText text) {
    List<TargetProfile.Interaction> interactions = new ArrayList<>();
    named(text, "interaction");
    for (RuleText item : text.items("interaction")) {
      if (Set.of("create", "update").contains(item.scalar())) {
        interactions.add(TargetProfile.Interaction.valueOf(item.scalar().toUpperCase(Locale.ROOT)));
      } else {
        item.fault("An interaction is create or update.");
      }
    }
    return interactions;
  }

  /** A key under which one or several stand. */
  private static void named(RuleText text, String key) {
    if (!text.has(key)) {
      text.fault("Add the key '" + key + "'.");
    }
  }

  /** What an entry says of the resource as a whole. */
  private void whole(RuleText text, BaseRuntimeElementDefinition<?> root, Draft draft) {
    if (text.has("refused")) {
      draft.never = Optional.of(TargetRuleReader.sentence(text, "refused"));
    }
    if (text.has("takes") != text.has("others")) {
      text.fault("'takes' and 'others' stand together: what is taken, and what becomes of others.");
    }
    if (!text.has("takes")) {
      return;
    }
    if (draft.takes.isPresent()) {
      text.fault("What is taken of this resource and interaction stands above already.");
    }
    TargetTakes takes = new TargetTakes();
    for (RuleText item : text.items("takes")) {
      place(item, root).ifPresent(takes::add);
    }
    draft.takes = Optional.of(takes);
    String others = text.text("others");
    draft.othersRefused = others.equals("refuse");
    if (!Set.of("refuse", "ignore").contains(others)) {
      text.get("others").ifPresent(at -> at.fault("Write refuse or ignore."));
    }
  }

  private Optional<FhirPlace> place(RuleText item, BaseRuntimeElementDefinition<?> root) {
    try {
      FhirPlace place = compiler.place(root, item.scalar());
      boolean plain =
          !place.isWhole()
              && place.steps().stream()
                  .allMatch(
                      step ->
                          step.filter().isEmpty()
                              && step.span().equals(FhirPlace.Span.ALL)
                              && !step.resolves());
      if (plain) {
        return Optional.of(place);
      }
      item.fault("Elements are taken by name, without brackets.");
    } catch (Scanner.Unreadable e) {
      item.fault(e.sentence());
    }
    return Optional.empty();
  }
}
