package org.millrace.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.millrace.cerner.Permission;
import org.millrace.cerner.Permission.Interaction;
import org.millrace.journal.Feed;
import org.millrace.routing.RouteFiles;

/**
 * What the feeds and HTTP faces of this engine need of Cerner, and what of them will fail for want
 * of it. Immutable.
 */
final class ScopeNeeds {
  private static final List<Permission> QUERY =
      List.of(of("Patient", Interaction.READ), of("Patient", Interaction.SEARCH), visits());

  /** Lost answers are looked up, and corrections take the place of what was filed. */
  private static final List<Permission> FILING =
      List.of(
          of("Patient", Interaction.READ),
          of("Patient", Interaction.SEARCH),
          visits(),
          of("DocumentReference", Interaction.CREATE),
          of("DocumentReference", Interaction.READ),
          of("DocumentReference", Interaction.UPDATE),
          of("DocumentReference", Interaction.SEARCH));

  private final Map<Permission, Set<String>> needs = new TreeMap<>();

  /**
   * @param faces those that route files open, as these name them
   * @param tenant whose feeds and faces are looked at; empty for the one without a name
   * @param http what HTTP callers can ask for, and what each needs
   */
  ScopeNeeds(
      Collection<Feed> feeds, Set<String> faces, String tenant, Map<String, Set<Permission>> http) {
    List<Feed> own = feeds.stream().filter(feed -> feed.tenant().equals(tenant)).toList();
    for (Feed feed : own) {
      (asks(feed) ? QUERY : FILING).forEach(each -> add(each, "feed " + feed.name()));
    }
    String end = tenant.isEmpty() ? "" : "-" + tenant;
    String base = tenant.isEmpty() ? "" : "/t/" + tenant;
    http.forEach(
        (who, what) -> {
          String face = who.startsWith("/actions/") ? "actionsFace" : "fhirFace";
          if (faces.contains(face + end)) {
            what.forEach(each -> add(each, base + who));
          }
        });
  }

  /** What is needed by what the route files of a folder open, for a tenant. */
  static ScopeNeeds of(Path routes, String tenant, Map<String, Set<Permission>> http)
      throws IOException {
    return new ScopeNeeds(RouteFiles.feeds(routes), RouteFiles.faces(routes), tenant, http);
  }

  /** Whether its messages are questions, of which nothing is filed. */
  static boolean asks(Feed feed) {
    return feed.messageTypes().stream().allMatch(type -> type.startsWith("QRY^"));
  }

  private void add(Permission permission, String who) {
    needs.computeIfAbsent(permission, none -> new TreeSet<>()).add(who);
  }

  private static Permission of(String type, Interaction interaction) {
    return new Permission(type, interaction);
  }

  private static Permission visits() {
    return of("Encounter", Interaction.SEARCH);
  }

  /** Every permission that is needed, in order. */
  Set<Permission> all() {
    return Set.copyOf(needs.keySet());
  }

  /**
   * A sentence for each scope that is missing: which, and what fails without it.
   *
   * @param granted as the token server wrote them
   */
  List<String> missing(List<String> granted) {
    boolean v2 = granted.stream().anyMatch(scope -> scope.matches("system/[^.]+\\.c?r?u?d?s?"));
    Map<String, Set<String>> byScope = new TreeMap<>();
    needs.forEach(
        (permission, who) -> {
          if (granted.stream().noneMatch(permission::isGivenBy)) {
            byScope.computeIfAbsent(permission.scope(v2), none -> new TreeSet<>()).addAll(who);
          }
        });
    List<String> sentences = new ArrayList<>();
    byScope.forEach(
        (scope, who) -> sentences.add(scope + " was not granted: without it fails " + some(who)));
    return sentences;
  }

  private static String some(Set<String> who) {
    int most = 5;
    Stream<String> first = who.stream().limit(most);
    return first.collect(Collectors.joining(", "))
        + (who.size() > most ? " and " + (who.size() - most) + " more" : "");
  }
}
