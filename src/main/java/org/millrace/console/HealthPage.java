package org.millrace.console;

import java.io.IOException;
import java.util.List;

/** Whether all is set up as it must be, step by step, and what to do where it is not. */
final class HealthPage {
  private final ConsoleSources sources;
  private final Layout layout;

  HealthPage(ConsoleSources sources, Layout layout) {
    this.sources = sources;
    this.layout = layout;
  }

  /** A step and how it stands. */
  record Row(Mark mark, String step, String sentence, String remedy, String who) {}

  /**
   * The page.
   *
   * @param ran whether the steps were made
   * @param fault why they could not be; empty if they could
   */
  record Model(boolean ran, String fault, List<Row> rows) {}

  Answer show(Request request) {
    return page(request, new Model(false, "", List.of()));
  }

  /** Makes the steps: that asks Cerner, which a page that is only looked at must not. */
  Answer run(Request request) {
    try {
      return page(
          request,
          new Model(true, "", sources.engine().checks().stream().map(HealthPage::row).toList()));
    } catch (IOException e) {
      return page(
          request,
          new Model(
              true,
              "The route or mapping files cannot be read; ./millrace check says more.",
              List.of()));
    }
  }

  private Answer page(Request request, Model model) {
    return layout.page(
        request, Head.of("Health", "Health").with("./millrace doctor"), "health", model);
  }

  private static Row row(EngineView.Check check) {
    Mark.Tone tone =
        switch (check.verdict()) {
          case "good" -> Mark.Tone.GOOD;
          case "doubtful" -> Mark.Tone.HELD;
          case "bad" -> Mark.Tone.BAD;
          default -> Mark.Tone.QUIET;
        };
    return new Row(
        new Mark(check.verdict(), tone),
        check.step(),
        check.sentence(),
        check.remedy(),
        check.who());
  }
}
