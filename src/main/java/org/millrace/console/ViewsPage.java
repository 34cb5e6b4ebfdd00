package org.millrace.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.millrace.guard.Right;
import org.millrace.journal.AuditEvent;
import org.millrace.journal.JournalException;
import org.millrace.journal.SavedView;
import org.millrace.journal.SavedViewStore;

/**
 * Lists of messages that people have named: they stand on the page of messages, and what is done to
 * them leads back there. Thread-safe.
 */
final class ViewsPage {

  /** Where they are listed, and where it is told what came of a change. */
  static final String MESSAGES = "/messages";

  private static final String NOTHING_DONE = "Nothing was done: ";

  private final ConsoleSources sources;
  private final Tellings tellings;

  ViewsPage(ConsoleSources sources, Tellings tellings) {
    this.sources = sources;
    this.tellings = tellings;
  }

  /** Who has them, and what somebody needs to change them. */
  enum Whose {
    OWN("/messages/views", Right.LOOK),
    SHARED("/messages/shared-views", Right.OPERATE);

    private final String path;
    private final Right right;

    Whose(String path, Right right) {
      this.path = path;
      this.right = right;
    }

    String path() {
      return path;
    }

    Right right() {
      return right;
    }

    private String owner(Person person) {
      return this == SHARED ? "" : person.actor().name();
    }
  }

  /**
   * A view in the list.
   *
   * @param here whether it is what is shown
   * @param path of the forms that change it
   * @param changeable whether whoever looks may
   */
  record Saved(
      long id,
      String name,
      String href,
      boolean here,
      boolean shared,
      String path,
      boolean changeable) {}

  /** Those that somebody may open, their own first. */
  static List<Saved> saved(Person person, MessageQuery query, ConsoleSources sources) {
    List<Saved> saved = new ArrayList<>();
    String here = query.link().text();
    for (SavedView each : sources.journal().savedViews().of(person.actor().name())) {
      String href = MessageQuery.of(each, sources.zone()).link().text();
      Whose whose = each.shared() ? Whose.SHARED : Whose.OWN;
      saved.add(
          new Saved(
              each.id(),
              each.name(),
              href,
              href.equals(here),
              each.shared(),
              whose.path(),
              person.may(whose.right())));
    }
    return List.copyOf(saved);
  }

  /** Keeps the list of the form under the name of the form. */
  Answer keep(Request request, Whose whose) throws InterruptedException {
    MessageQuery query = MessageQuery.read(request.form());
    String name = request.form().text("name");
    Optional<String> fault = faultOf(query).or(() -> SavedView.faultOf(name));
    if (fault.isPresent()) {
      return told(request, query.link(), false, NOTHING_DONE + fault.get() + ".");
    }
    SavedViewStore.Outcome outcome =
        done(
            sources
                .journal()
                .savedViews()
                .keep(
                    whose.owner(request.person()),
                    name,
                    query.filter(sources.zone()),
                    request.person().actor()));
    return told(request, query.link(), outcome, "The view is kept.");
  }

  /** What was searched for is forgotten within the hour, and never written down. */
  private static Optional<String> faultOf(MessageQuery query) {
    if (!query.faults().isEmpty()) {
      return Optional.of("the list cannot be understood");
    }
    if (!query.search().isEmpty()) {
      return Optional.of(
          "what was typed into the search box is never written down, so that no view can have it."
              + " End the search first");
    }
    return query.narrows()
        ? Optional.empty()
        : Optional.of("this is the list of all messages; narrow it first");
  }

  Answer rename(Request request, Whose whose) throws InterruptedException {
    String owner = whose.owner(request.person());
    String name = request.form().text("name");
    Link back = back(request, owner);
    Optional<String> fault = SavedView.faultOf(name);
    return fault.isPresent()
        ? told(request, back, false, NOTHING_DONE + fault.get() + ".")
        : told(
            request,
            back,
            done(
                sources
                    .journal()
                    .savedViews()
                    .rename(owner, id(request), name, request.person().actor())),
            "The view has another name.");
  }

  Answer remove(Request request, Whose whose) throws InterruptedException {
    String owner = whose.owner(request.person());
    AuditEvent.Actor who = request.person().actor();
    Link back = back(request, owner);
    boolean removed = done(sources.journal().savedViews().remove(owner, id(request), who));
    return told(
        request,
        back,
        removed ? SavedViewStore.Outcome.DONE : SavedViewStore.Outcome.NOT_THERE,
        "The view is removed; the messages of it are where they were.");
  }

  private static long id(Request request) {
    String id = request.form().text("id");
    return id.matches("[0-9]{1,18}") ? Long.parseLong(id) : 0;
  }

  /** To the list of the view, whatever becomes of its name. */
  private Link back(Request request, String owner) {
    return sources.journal().savedViews().of(owner).stream()
        .filter(each -> each.id() == id(request) && each.owner().equals(owner))
        .findFirst()
        .map(each -> MessageQuery.of(each, sources.zone()).link())
        .orElse(Link.to(MESSAGES));
  }

  private static <T> T done(Future<T> change) throws InterruptedException {
    try {
      return change.get();
    } catch (ExecutionException e) {
      throw new JournalException("the view could not be written", e);
    }
  }

  private Answer told(Request request, Link back, SavedViewStore.Outcome outcome, String sentence) {
    return switch (outcome) {
      case DONE -> told(request, back, true, sentence);
      case NAME_TAKEN ->
          told(request, back, false, NOTHING_DONE + "there is another view of this name.");
      case TOO_MANY ->
          told(
              request,
              back,
              false,
              NOTHING_DONE + "there are " + SavedViewStore.MOST + " views; remove one first.");
      case NOT_THERE ->
          told(request, back, false, NOTHING_DONE + "there is no such view any more.");
    };
  }

  private Answer told(Request request, Link back, boolean done, String sentence) {
    tellings.keep(request.session(), MESSAGES, new MessageVerbs.Told(done, sentence));
    return Answer.seeOther(back);
  }
}
