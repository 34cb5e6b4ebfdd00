package org.millrace.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millrace.delivery.DryRun;
import org.millrace.hl7.V2Message;
import org.millrace.journal.DamagedContentException;
import org.millrace.journal.Digests;
import org.millrace.journal.Feed;
import org.millrace.journal.LedgerRow;
import org.millrace.journal.MessageJourney;
import org.millrace.mapping.MessageDocument;
import org.millrace.mapping.MessageDocuments;
import org.millrace.preview.PagePictures;
import org.millrace.preview.Picture;

/**
 * The documents that stand in a message: a list, one of them to look at, its pages as pictures, and
 * its bytes as a file. Nothing of them gets to a browser in a form that it would interpret.
 * Thread-safe.
 */
final class MessageFiles {
  static final String TAB = "documents";

  private static final Duration DRAWN_WITHIN = Duration.ofSeconds(15);
  private static final int LONGEST_TEXT = 200_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ConsoleSources sources;
  private final MessageParts parts;
  private final Reveals reveals;
  private final PagePictures pictures = new PagePictures(DRAWN_WITHIN);
  private final RecentPictures recent;

  MessageFiles(ConsoleSources sources, MessageParts parts, Reveals reveals) {
    this.sources = sources;
    this.parts = parts;
    this.reveals = reveals;
    this.recent = new RecentPictures(sources.clock());
  }

  /** The tab of the page. What is looked at is on record before. */
  DocumentsView.Part part(
      Request request, MessageJourney journey, Optional<V2Message> message, Cover cover)
      throws InterruptedException {
    Optional<List<MessageDocument>> found = documents(journey, message);
    if (found.isEmpty()) {
      return new DocumentsView.Part(
          "What was received cannot be read as a message.", List.of(), Optional.empty());
    }
    long number = journey.summary().id();
    List<MessageDocument> documents = found.get();
    int asked = Asked.of(request.query()).document();
    Map<String, ObjectNode> sent = sent(number);
    List<DocumentsView.Row> rows = new ArrayList<>();
    for (int i = 1; i <= documents.size(); i++) {
      rows.add(row(journey, i, documents.get(i - 1), sent, cover, i == asked));
    }
    Optional<DocumentsView.Open> opened =
        cover.open() && asked >= 1 && asked <= documents.size()
            ? Optional.of(open(request, number, documents.get(asked - 1)))
            : Optional.empty();
    return new DocumentsView.Part("", rows, opened);
  }

  /** Empty if what was received can be read no more. */
  private static Optional<List<MessageDocument>> documents(
      MessageJourney journey, Optional<V2Message> message) {
    if (!Feed.isFace(journey.summary().feed())) {
      return message.map(MessageDocuments::of);
    }
    try {
      return Optional.of(MessageDocuments.ofResource(JSON.readTree(journey.raw())));
    } catch (IOException notJson) {
      return Optional.empty();
    }
  }

  /** Which document, and which page of it; both from 1 on. */
  private record Asked(int document, int page) {
    static Asked of(Params params) {
      int page = number(params.text("page"));
      return new Asked(number(params.text("document")), page == 0 ? 1 : page);
    }

    private static int number(String text) {
      return text.matches("[0-9]{1,6}") ? Integer.parseInt(text) : 0;
    }
  }

  private Map<String, ObjectNode> sent(long number) {
    try {
      return new DryRun(sources.journal(), sources.mapping(), sources.given()).sent(number);
    } catch (DamagedContentException damaged) {
      return Map.of();
    }
  }

  private static DocumentsView.Row row(
      MessageJourney journey,
      int number,
      MessageDocument document,
      Map<String, ObjectNode> sent,
      Cover cover,
      boolean here) {
    boolean bytes = document.data().length > 0;
    return new DocumentsView.Row(
        number,
        cover.open() ? link(journey.summary().id(), number, 1).text() : "",
        document.place(),
        document.shown(),
        cover.of(document.declared()),
        document.labelled() ? Optional.of(mark(document.label())) : Optional.empty(),
        bytes ? Count.text(document.data().length) + " bytes" : "",
        bytes ? cover.of(Digests.of(document.data(), 0)) : "",
        journey.ledger().stream()
            .filter(row -> row.anchor().equals(document.anchor()))
            .findFirst()
            .map(row -> filed(row, Optional.ofNullable(sent.get(row.anchor())), cover)),
        here && cover.open());
  }

  private static DocumentsView.Filed filed(LedgerRow row, Optional<ObjectNode> sent, Cover cover) {
    JsonNode attachment = sent.map(each -> each.at("/content/0/attachment")).orElse(null);
    String content = "";
    if (attachment != null && attachment.has("data")) {
      try {
        byte[] bytes = Base64.getDecoder().decode(attachment.path("data").asText());
        content =
            attachment.path("contentType").asText()
                + ", "
                + Count.text(bytes.length)
                + " bytes, SHA-256 "
                + cover.of(Digests.of(bytes, 0));
      } catch (IllegalArgumentException cut) {
        content = "";
      }
    }
    return new DocumentsView.Filed(MessageParts.mark(row.state()), row.resourceId(), content);
  }

  private static Link link(long message, int document, int page) {
    return Link.to("/messages/" + message)
        .with("tab", TAB)
        .with("document", Integer.toString(document))
        .with("page", page == 1 ? "" : Integer.toString(page));
  }

  private static Mark mark(MessageDocument.Label label) {
    return switch (label) {
      case FITS -> new Mark("fits its label", Mark.Tone.GOOD);
      case SAYS_NOTHING -> new Mark("label names no type", Mark.Tone.QUIET);
      case DOES_NOT_FIT -> new Mark("not as labelled", Mark.Tone.HELD);
    };
  }

  private DocumentsView.Open open(Request request, long message, MessageDocument document)
      throws InterruptedException {
    Asked asked = Asked.of(request.query());
    reveals.opened(request, name(message, document));
    Optional<PagePictures.Form> drawn = drawn(document);
    if (drawn.isPresent()) {
      Picture picture = pictures.page(drawn.get(), document.data(), asked.page());
      return pictured(request, message, asked, document, picture);
    }
    List<String> cautions = new ArrayList<>();
    if (document.form() == MessageDocument.Form.SOURCE) {
      cautions.add(
          "This is its source. It is not shown as " + document.shown() + ": nothing in it is run.");
    }
    if (document.text().length() > LONGEST_TEXT) {
      cautions.add("Only its beginning is shown; download it to read all of it.");
    }
    return new DocumentsView.Open(
        asked.document(),
        document.place(),
        document.shown(),
        without(document),
        cautions,
        document.notes(),
        document.text().isEmpty()
            ? document.pointer()
            : document.text().substring(0, Math.min(document.text().length(), LONGEST_TEXT)),
        Optional.empty(),
        document.data().length > 0);
  }

  private static Optional<PagePictures.Form> drawn(MessageDocument document) {
    return switch (document.form()) {
      case PDF -> Optional.of(PagePictures.Form.PDF);
      case IMAGE -> Optional.of(PagePictures.Form.IMAGE);
      default -> Optional.empty();
    };
  }

  private static String without(MessageDocument document) {
    if (document.form() == MessageDocument.Form.OTHER) {
      return "It is " + document.shown() + ", which cannot be shown here. Download it.";
    }
    return document.without().isEmpty() && document.text().isBlank()
        ? "It is empty, or blanks only."
        : document.without();
  }

  private DocumentsView.Open pictured(
      Request request, long message, Asked asked, MessageDocument document, Picture picture) {
    if (picture.drawn()) {
      recent.keep(key(request, message, asked), picture.png());
    }
    List<String> cautions = new ArrayList<>();
    if (picture.otherFonts()) {
      cautions.add(
          "A font is not in the document and was replaced: letters may look otherwise, and signs be"
              + " missing.");
    }
    if (picture.incomplete()) {
      cautions.add("Something on this page cannot be drawn here and is missing. Download it.");
    }
    int page = asked.page();
    return new DocumentsView.Open(
        asked.document(),
        document.place(),
        document.shown(),
        picture.without(),
        cautions,
        document.notes(),
        "",
        picture.pages() > 0
            ? Optional.of(
                new DocumentsView.Paged(
                    picture.drawn() ? pictureLink(message, asked).text() : "",
                    page,
                    picture.pages(),
                    page > 1 ? link(message, asked.document(), page - 1).text() : "",
                    page < picture.pages() ? link(message, asked.document(), page + 1).text() : ""))
            : Optional.empty(),
        true);
  }

  private static Link pictureLink(long message, Asked asked) {
    return Link.to("/messages/" + message + "/picture")
        .with("document", Integer.toString(asked.document()))
        .with("page", Integer.toString(asked.page()));
  }

  /** Of one browser: what it is given is on record as looked at by whoever has it open. */
  private static String key(Request request, long message, Asked asked) {
    return request.session().id() + " " + message + "/" + asked.document() + "/" + asked.page();
  }

  /** As the audit trail has it. */
  private static String name(long message, MessageDocument document) {
    return Reveals.message(message) + ", document " + document.place();
  }

  /** A page of a document, for the page that shows it and nobody who has not had it shown. */
  Answer picture(Request request, long number) throws InterruptedException {
    if (!reveals.cover(request.session(), Reveals.message(number)).open()) {
      return Answer.plain(409, "It is covered: show patient data on the message's page first.");
    }
    Asked asked = Asked.of(request.query());
    Optional<byte[]> kept = recent.take(key(request, number, asked));
    if (kept.isPresent()) {
      return Answer.boxed("image/png", "", kept.get());
    }
    Optional<MessageDocument> document = find(number, asked);
    Optional<PagePictures.Form> form = document.flatMap(MessageFiles::drawn);
    if (form.isEmpty()) {
      return Answer.plain(404, "There is no such document, or it has no pages.");
    }
    reveals.opened(request, name(number, document.get()));
    Picture picture = pictures.page(form.get(), document.get().data(), asked.page());
    return picture.drawn()
        ? Answer.boxed("image/png", "", picture.png())
        : Answer.plain(422, picture.without());
  }

  /** The bytes as a file that no browser opens by itself; each is on record before. */
  Answer download(Request request, long number) throws InterruptedException {
    Asked asked = Asked.of(request.form());
    Optional<MessageDocument> document = find(number, asked).filter(each -> each.data().length > 0);
    if (document.isEmpty()) {
      return Answer.plain(404, "There is no such document, or it holds nothing.");
    }
    reveals.downloaded(request, name(number, document.get()));
    return Answer.boxed(
        "application/octet-stream",
        "message-" + number + "-document-" + asked.document() + ".bin",
        document.get().data());
  }

  private Optional<MessageDocument> find(long number, Asked asked) {
    List<MessageDocument> documents =
        sources
            .journal()
            .listing()
            .show(number)
            .flatMap(journey -> documents(journey, parts.read(journey)))
            .orElse(List.of());
    return asked.document() >= 1 && asked.document() <= documents.size()
        ? Optional.of(documents.get(asked.document() - 1))
        : Optional.empty();
  }
}
