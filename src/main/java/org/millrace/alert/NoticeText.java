package org.millrace.alert;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import org.millrace.journal.Alert;
import org.millrace.journal.AlertNotice;

/** What a notice says. No patient data: feeds, tenants, counts, times and published words. */
public final class NoticeText {
  private static final String US = "us";

  private final String runBook;

  /**
   * @param runBook where docs/alerts.md can be read, without the anchor
   */
  public NoticeText(String runBook) {
    this.runBook = runBook;
  }

  /** As the other notices of the webhook are: what, reason, sentence, remedy, who acts. */
  public ObjectNode json(AlertNotice notice) {
    Alert alert = notice.alert();
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("alert", word(notice.news()));
    json.put("number", alert.id());
    json.put("notice", notice.id());
    json.put("what", alert.subject());
    json.put("reason", alert.kind());
    json.put("sentence", alert.sentence());
    json.put("remedy", remedy(alert));
    json.put("whoActs", US);
    json.put("since", alert.started().toString());
    alert.ended().ifPresent(at -> json.put("ended", at.toString()));
    json.put("runBook", runBook(alert.kind()));
    return json;
  }

  /** One line: {@code Millrace: queue-age of results has started}. */
  public static String subject(AlertNotice notice) {
    return "Millrace: " + name(notice.alert()) + " " + words(notice.news());
  }

  /** The same as {@link #json} in lines. */
  public String body(AlertNotice notice) {
    Alert alert = notice.alert();
    return String.join(
        "\n",
        name(alert) + " " + words(notice.news()) + ".",
        "",
        (notice.news() == AlertNotice.News.ENDED ? "It was so: " : "It is so: ") + alert.sentence(),
        "Since: " + alert.started(),
        alert.ended().map(at -> "Ended: " + at).orElse("What to do: " + remedy(alert)),
        "Run book: " + runBook(alert.kind()),
        "Alert " + alert.id() + ", notice " + notice.id(),
        "");
  }

  /** Where the run book of a kind is. */
  public String runBook(String kind) {
    return runBook + "#" + kind;
  }

  /** The kind, and of what. */
  public static String name(Alert alert) {
    return alert.kind() + (alert.subject().isEmpty() ? "" : " of " + alert.subject());
  }

  private static String word(AlertNotice.News news) {
    return news.name().toLowerCase(Locale.ROOT);
  }

  private static String words(AlertNotice.News news) {
    return switch (news) {
      case STARTED -> "has started";
      case STANDS -> "still stands";
      case ENDED -> "has ended";
    };
  }

  private static String remedy(Alert alert) {
    return AlertKind.of(alert.kind()).map(AlertKind::remedy).orElse("");
  }
}
