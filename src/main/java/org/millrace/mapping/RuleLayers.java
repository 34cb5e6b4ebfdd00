package org.millrace.mapping;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.millrace.hl7.SenderProfile;

/**
 * The files of a mappings folder by whom they are for: those of all, what is laid over them for a
 * tenant, and what is laid over both for a sender. Used at load only.
 *
 * @param tenants by name
 * @param senders by {@code MSH-3@MSH-4}
 * @param profiles what {@code sender.yaml} says of a sender
 */
record RuleLayers(
    Layer all,
    Map<String, Layer> tenants,
    Map<String, Layer> senders,
    Map<String, SenderProfile> profiles) {
  static final String SENDERS = "senders/";
  static final String TENANTS = "tenants/";
  private static final Set<String> OF_TENANTS =
      Set.of("actions", "datatypes", "messages", "segments", "tables");

  /**
   * What is laid over other files.
   *
   * @param folder where they stand: {@code tenants/north/}; empty for those of all
   * @param texts by path under the mappings folder, in order
   */
  record Layer(String folder, Map<String, String> texts) {
    static final Layer NONE = new Layer("", Map.of());

    private static Layer in(String folder) {
      return new Layer(folder, new LinkedHashMap<>());
    }
  }

  /** How many layers lie under a file: 0 for one of all, 1 for a tenant's, 2 for a sender's. */
  static int above(String file) {
    return file.startsWith(SENDERS) ? 2 : file.startsWith(TENANTS) ? 1 : 0;
  }

  static RuleLayers of(RuleFiles files, FaultLog log) {
    RuleLayers layers =
        new RuleLayers(Layer.in(""), new TreeMap<>(), new TreeMap<>(), new HashMap<>());
    files
        .texts()
        .forEach(
            (file, text) -> {
              String content = RuleFiles.withoutMark(text);
              switch (above(file)) {
                case 2 -> layers.ofSender(file, content, log);
                case 1 -> layers.ofTenant(file, content, log);
                default -> layers.all.texts().put(file, content);
              }
            });
    return layers;
  }

  private void ofSender(String file, String content, FaultLog log) {
    int end = file.indexOf('/', SENDERS.length());
    if (end < 0) {
      return;
    }
    String sender = file.substring(SENDERS.length(), end);
    if (file.substring(end + 1).equals(SenderFiles.NAME)) {
      RuleText.read(file, content, log)
          .ifPresent(read -> profiles.put(sender, SenderFiles.read(read)));
    } else {
      put(senders, sender, SENDERS, file, content);
    }
  }

  private void ofTenant(String file, String content, FaultLog log) {
    String[] path = file.split("/", 4);
    if (path.length < 3 || !path[1].matches("[a-z][a-z0-9-]{0,31}")) {
      log.fault(
          file,
          1,
          "A tenant's files stand in a folder of its name, as MILLRACE_TENANTS has it: small"
              + " letters, digits and dashes.");
    } else if (path.length < 4 || !OF_TENANTS.contains(path[2])) {
      log.fault(
          file,
          1,
          "A tenant's folder holds actions/, datatypes/, messages/, segments/ and tables/; what a"
              + " target takes holds for all tenants, and senders/ stands beside tenants/.");
    } else {
      put(tenants, path[1], TENANTS, file, content);
    }
  }

  private static void put(
      Map<String, Layer> layers, String name, String folder, String file, String content) {
    layers.computeIfAbsent(name, key -> Layer.in(folder + key + "/")).texts().put(file, content);
  }

  /** The tables of all layers, by path under the mappings folder. */
  Set<String> tables() {
    return Stream.of(Stream.of(all), tenants.values().stream(), senders.values().stream())
        .flatMap(layers -> layers)
        .flatMap(layer -> layer.texts().keySet().stream())
        .filter(file -> file.endsWith(".csv"))
        .collect(Collectors.toUnmodifiableSet());
  }
}
