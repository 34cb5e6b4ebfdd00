package org.millrace.journal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * Lists of messages that people have named, each its owner's or everybody's. What is changed and
 * its entry in the audit trail are one commit. Thread-safe.
 */
public final class SavedViewStore {
  /** More of one owner are no help any more. */
  public static final int MOST = 50;

  private static final String SELECT =
      "SELECT id, owner, name, states, reason, feed, sender, since_at, until_at, made_at"
          + " FROM saved_view ";

  private final JournalDatabase journal;

  SavedViewStore(JournalDatabase journal) {
    this.journal = journal;
  }

  /** What came of a view that was to be kept or renamed. */
  public enum Outcome {
    DONE,
    /** The owner has another one of this name. */
    NAME_TAKEN,
    /** The owner has as many as there may be. */
    TOO_MANY,
    /** The owner has none of this number. */
    NOT_THERE
  }

  /**
   * Keeps one.
   *
   * @param owner the account; empty for all
   * @throws IllegalArgumentException if the filter asks for a number, which may be a patient's
   */
  public CompletableFuture<Outcome> keep(
      String owner, String name, MessageFilter filter, AuditEvent.Actor by) {
    if (!filter.numbers().isEmpty() || filter.controlId().isPresent()) {
      throw new IllegalArgumentException("a view has no number of a patient or message");
    }
    long at = Math.max(1, journal.clock().millis());
    return journal.write(
        handle -> {
          List<SavedView> others = of(handle, Set.of(owner));
          if (others.size() >= MOST) {
            return Outcome.TOO_MANY;
          }
          if (others.stream().anyMatch(each -> each.name().equals(name))) {
            return Outcome.NAME_TAKEN;
          }
          audited(
              handle, "keep-view", insert(handle, owner, name, filter, by, at), owner, name, by);
          return Outcome.DONE;
        });
  }

  private long insert(
      Handle handle,
      String owner,
      String name,
      MessageFilter filter,
      AuditEvent.Actor by,
      long at) {
    return handle
        .createQuery(
            "INSERT INTO saved_view (owner, name, states, reason, feed, sender, since_at, until_at,"
                + " made_by, made_at) VALUES (:owner, :name, :states, :reason, :feed, :sender,"
                + " :since, :until, :by, :at) RETURNING id")
        .bind("owner", owner)
        .bind("name", sealed(name, at))
        .bind(
            "states",
            filter.states().stream().map(Enum::name).sorted().collect(Collectors.joining(",")))
        .bind("reason", filter.reasonCode().orElse(""))
        .bind("feed", filter.feed().orElse(""))
        .bind("sender", filter.sender().orElse(""))
        .bind("since", filter.since().map(Instant::toEpochMilli).orElse(0L))
        .bind("until", filter.until().map(Instant::toEpochMilli).orElse(0L))
        .bind("by", by.name())
        .bind("at", at)
        .mapTo(Long.class)
        .one();
  }

  /** Gives one of this owner's another name. */
  public CompletableFuture<Outcome> rename(
      String owner, long id, String name, AuditEvent.Actor by) {
    return journal.write(
        handle -> {
          List<SavedView> all = of(handle, Set.of(owner));
          if (all.stream().noneMatch(each -> each.id() == id)) {
            return Outcome.NOT_THERE;
          }
          if (all.stream().anyMatch(each -> each.id() != id && each.name().equals(name))) {
            return Outcome.NAME_TAKEN;
          }
          long at =
              handle
                  .createQuery("SELECT made_at FROM saved_view WHERE id = :id")
                  .bind("id", id)
                  .mapTo(Long.class)
                  .one();
          handle.execute("UPDATE saved_view SET name = ? WHERE id = ?", sealed(name, at), id);
          audited(handle, "rename-view", id, owner, name, by);
          return Outcome.DONE;
        });
  }

  /** Removes one of this owner's; completes with false if there is none of this number. */
  public CompletableFuture<Boolean> remove(String owner, long id, AuditEvent.Actor by) {
    return journal.write(
        handle -> {
          Optional<SavedView> view =
              of(handle, Set.of(owner)).stream().filter(each -> each.id() == id).findFirst();
          if (view.isPresent()) {
            handle.execute("DELETE FROM saved_view WHERE id = ?", id);
            audited(handle, "remove-view", id, owner, view.get().name(), by);
          }
          return view.isPresent();
        });
  }

  private void audited(
      Handle handle, String what, long id, String owner, String name, AuditEvent.Actor by) {
    journal
        .audit()
        .append(
            handle,
            AuditEvent.of(
                journal.clock().instant(),
                what,
                by,
                "view " + id,
                Map.of("name", name, "for", owner.isEmpty() ? "all" : owner)));
  }

  /** Those that somebody may open: their own, then everybody's, by name. */
  public List<SavedView> of(String owner) {
    return journal.read(handle -> of(handle, new TreeSet<>(List.of(owner, ""))));
  }

  /** All of them, everybody's first. */
  public List<SavedView> all() {
    return journal.read(
        handle ->
            inOrder(handle.createQuery(SELECT).map((rs, ctx) -> row(rs)).list()).stream()
                .sorted(Comparator.comparing(SavedView::owner))
                .toList());
  }

  private List<SavedView> of(Handle handle, Set<String> owners) {
    return inOrder(
        handle
            .createQuery(SELECT + "WHERE owner IN (<owners>)")
            .bindList("owners", List.copyOf(owners))
            .map((rs, ctx) -> row(rs))
            .list());
  }

  /** Names are sorted here: encrypted, the database cannot. */
  private static List<SavedView> inOrder(List<SavedView> views) {
    return views.stream()
        .sorted(
            Comparator.comparing(SavedView::shared)
                .thenComparing(SavedView::name, String.CASE_INSENSITIVE_ORDER)
                .thenComparing(SavedView::id))
        .toList();
  }

  private String sealed(String name, long at) {
    return journal.secrets().cipher().sealText(0, SealedPlaces.view(at), name);
  }

  private SavedView row(ResultSet rs) throws SQLException {
    MessageFilter filter = MessageFilter.any().in(states(rs.getString(4)));
    String reason = rs.getString(5);
    String feed = rs.getString(6);
    String sender = rs.getString(7);
    long since = rs.getLong(8);
    long until = rs.getLong(9);
    filter = reason.isEmpty() ? filter : filter.because(reason);
    filter = feed.isEmpty() ? filter : filter.ofFeed(feed);
    filter = sender.isEmpty() ? filter : filter.ofSender(sender);
    filter = since == 0 ? filter : filter.since(Instant.ofEpochMilli(since));
    return new SavedView(
        rs.getLong(1),
        rs.getString(2),
        journal.secrets().cipher().openText(0, SealedPlaces.view(rs.getLong(10)), rs.getString(3)),
        until == 0 ? filter : filter.until(Instant.ofEpochMilli(until)));
  }

  private static Set<MessageState> states(String words) {
    Set<MessageState> states = EnumSet.noneOf(MessageState.class);
    for (String each : words.split(",", -1)) {
      if (!each.isEmpty()) {
        states.add(MessageState.valueOf(each));
      }
    }
    return states;
  }
}
