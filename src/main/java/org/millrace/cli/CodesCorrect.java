package org.millrace.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Set;
import org.millrace.journal.CodeFilter;
import org.millrace.journal.CodeInMessage;
import org.millrace.journal.CodeStore;
import org.millrace.journal.MessageJourney;
import org.millrace.journal.Note;
import org.millrace.journal.OperatorVerb;
import picocli.CommandLine.Command;

@Command(
    name = "correct",
    mixinStandardHelpOptions = true,
    exitCodeList =
        "1:The engine refused one of those that were waited for, or a document was not corrected; the reason is printed.",
    description = {
      "Correct what was filed with codes that are known now.",
      "Delivered messages are mapped again; a document that differs from what was sent is amended at Cerner, the others are left alone. The engine reads mapping files when it starts: restart it first."
    })
final class CodesCorrect extends CodesRequest {
  private static final long POLL_MILLIS = 100;

  /** The notes that say what came of a document. */
  private static final Set<String> RESULTS =
      Set.of("corrected", "settled", "same-as-filed", "not-corrected");

  @Override
  OperatorVerb verb() {
    return OperatorVerb.CORRECT;
  }

  @Override
  List<CodeInMessage> candidates(CodeStore codes, CodeFilter filter) {
    return codes.passed(filter);
  }

  @Override
  boolean isReady(int known, int codes) {
    return known > 0;
  }

  @Override
  String nothingToDo() {
    return "no delivered message has a code that was passed on and is known now";
  }

  @Override
  boolean tell(Asked asked, PrintWriter out) throws InterruptedException {
    long id = asked.before().summary().id();
    long until = System.nanoTime() + asked.within().toNanos();
    MessageJourney now = asked.journal().listing().show(id).orElse(asked.before());
    while (now.summary().state().waiting() && System.nanoTime() < until) {
      Thread.sleep(POLL_MILLIS);
      now = asked.journal().listing().show(id).orElse(asked.before());
    }
    List<Note> news = now.notes().subList(asked.before().notes().size(), now.notes().size());
    boolean good = true;
    boolean told = false;
    for (Note note : news) {
      if (RESULTS.contains(note.code())) {
        told = true;
        good &= !note.code().equals("not-corrected");
        out.println(id + ": " + note.code() + ": " + note.sentence());
      }
    }
    if (!told || now.summary().state().waiting()) {
      out.println(id + ": " + now.summary().state() + "; see 'millrace messages show " + id + "'");
    }
    return good;
  }
}
